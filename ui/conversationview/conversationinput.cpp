#include "ui/conversationview/conversationview.h"

#include "ui/conversationview/bubbles/embedlink.h"
#include "ui/conversationview/bubbles/textblocks.h"
#include "ui/models/errortext.h"
#include "ui/models/imagecache.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/focusring.h"

#include <QAccessible>
#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QScrollBar>
#include <QTextBoundaryFinder>
#include <QToolTip>
#include <QUrl>

namespace antiphon {

using namespace Qt::StringLiterals;

const HitArea *ConversationView::hitAt(int row, const QPoint &at) const
{
    const auto shape = geometry(row);
    const QPoint inside = at - QPoint(0, m_stack.top(row));
    const HitArea *found = nullptr;
    for (const HitArea &hit : shape->hits) {
        // Smaller areas lie on larger ones and were added later; one that does something wins over a mere tooltip.
        if (hit.rect.contains(inside) && (!found || hit.action != HitAction::None || found->action == HitAction::None))
            found = &hit;
    }
    return found;
}

bool ConversationView::openTextLink(int row, const QPoint &at)
{
    const auto shape = geometry(row);
    for (const TextBlock &block : shape->texts) {
        if (const RichText::Span *link = linkAt(block, at - QPoint(0, m_stack.top(row)))) {
            openLink(link->url);
            return true;
        }
    }
    return false;
}

void ConversationView::openLink(const QString &url)
{
    if (const auto safe = safeLink(url))
        m_openLink(QUrl(*safe, QUrl::StrictMode));
}

void ConversationView::selectAt(int row, const QPoint &at, bool extends)
{
    const auto shape = geometry(row);
    const QPoint inside = at - QPoint(0, m_stack.top(row));
    if (extends) {
        if (m_selection.block >= 0 && m_selection.block < shape->texts.size())
            m_selection.cursor = textPositionAt(shape->texts.at(m_selection.block), inside, true);
        viewport()->update();
        return;
    }
    m_selection = {};
    for (int i = 0; i < shape->texts.size(); ++i) {
        const TextBlock &block = shape->texts.at(i);
        if (!block.isSelectable || !block.rect.adjusted(-12, -8, 12, 8).contains(inside))
            continue;
        const int position = textPositionAt(block, inside, true);
        m_selection = {.key = m_model.row(row).key, .block = i, .anchor = position, .cursor = position};
        break;
    }
    viewport()->update();
}

QString ConversationView::selectedText() const
{
    const int row = m_selection.key == 0 ? -1 : m_model.indexOfKey(m_selection.key);
    if (row < 0 || m_selection.anchor == m_selection.cursor)
        return {};
    const auto shape = geometry(row);
    if (m_selection.block < 0 || m_selection.block >= shape->texts.size())
        return {};
    const int from = std::min(m_selection.anchor, m_selection.cursor);
    QString text = shape->texts.at(m_selection.block).layout->text().mid(from, std::abs(m_selection.cursor - m_selection.anchor));
    return text.replace(QChar(QChar::LineSeparator), u'\n');
}

void ConversationView::copySelection()
{
    QString text = selectedText();
    if (const int row = focusedRow(); text.isEmpty() && row >= 0)
        text = m_model.row(row).message.content;
    if (!text.isEmpty())
        QGuiApplication::clipboard()->setText(text);
}

void ConversationView::mousePressEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    const int row = rowAt(at);
    m_keyboardFocus = false;
    if (event->button() != Qt::LeftButton)
        return;
    m_dragging = false;
    if (row < 0) {
        m_selection = {};
        viewport()->update();
        return;
    }
    m_focusKey = m_model.row(row).key;
    const bool extends = (event->modifiers() & Qt::ShiftModifier) && m_selection.key == m_focusKey;
    selectAt(row, at, extends);
}

void ConversationView::mouseMoveEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    if (!(event->buttons() & Qt::LeftButton)) {
        updateCursor(at);
        return;
    }
    const int row = m_selection.key == 0 ? -1 : m_model.indexOfKey(m_selection.key);
    if (row < 0)
        return;
    m_dragging = true;
    selectAt(row, at, true);
}

void ConversationView::updateCursor(const QPoint &at)
{
    const int row = rowAt(at);
    Qt::CursorShape shape = Qt::ArrowCursor;
    if (row >= 0) {
        const auto geometryOfRow = geometry(row);
        const QPoint inside = at - QPoint(0, m_stack.top(row));
        for (const TextBlock &block : geometryOfRow->texts) {
            if (linkAt(block, inside))
                shape = Qt::PointingHandCursor;
            else if (block.isSelectable && block.rect.contains(inside) && shape == Qt::ArrowCursor)
                shape = Qt::IBeamCursor;
        }
        if (const HitArea *hit = hitAt(row, at); hit && hit->action != HitAction::None && hit->isOn)
            shape = Qt::PointingHandCursor;
    }
    viewport()->setCursor(shape);
}

void ConversationView::mouseReleaseEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    const int row = rowAt(at);
    if (event->button() != Qt::LeftButton || row < 0 || m_dragging || m_selection.anchor != m_selection.cursor)
        return;
    if (openTextLink(row, at))
        return;
    if (const HitArea *hit = hitAt(row, at)) {
        const HitArea copy = *hit;           // what it does may lay the row out anew
        if (copy.action == HitAction::SeekSound)
            seekSound(row, copy, at.x());
        else
            activate(row, copy);
    }
}

void ConversationView::mouseDoubleClickEvent(QMouseEvent *event)
{
    const QPoint at = event->position().toPoint();
    const int row = rowAt(at);
    if (row < 0 || event->button() != Qt::LeftButton)
        return;
    selectAt(row, at, false);
    if (m_selection.block < 0)
        return;
    const QString text = geometry(row)->texts.at(m_selection.block).layout->text();
    QTextBoundaryFinder words(QTextBoundaryFinder::Word, text);
    words.setPosition(m_selection.cursor);
    const qsizetype start = words.isAtBoundary() ? m_selection.cursor : std::max<qsizetype>(0, words.toPreviousBoundary());
    words.setPosition(m_selection.cursor);
    const qsizetype end = words.toNextBoundary();
    m_selection.anchor = int(start);
    m_selection.cursor = int(end < 0 ? text.size() : end);
    m_dragging = true;
    viewport()->update();
}

void ConversationView::activate(int drawer, const HitArea &hit)
{
    const int row = drawer + hit.rowOffset;
    if (!hit.isOn || row < 0 || row >= m_model.count())
        return;
    const Message message = m_model.row(row).message;
    switch (hit.action) {
    case HitAction::None: return;
    case HitAction::OpenLink:
    case HitAction::OpenMap: openLink(hit.argument); return;
    case HitAction::OpenEmbed:
        if (embedLink(hit.argument))
            openLink(hit.argument);
        return;
    case HitAction::OpenImage: openPicture(row, hit.attachment); return;
    case HitAction::OpenVideo: openVideo(message.attachments.at(hit.attachment)); return;
    case HitAction::PlaySound: m_sounds.toggle(message.attachments.at(hit.attachment).url); return;
    case HitAction::SeekSound: return;                     // by the place of the click: seekSound
    case HitAction::ChangeRate: m_sounds.changeRate(message.attachments.at(hit.attachment).url); return;
    case HitAction::CopyText: QGuiApplication::clipboard()->setText(hit.argument); return;
    case HitAction::React: emit reactionRequested(message, hit.argument); return;
    case HitAction::RetryImage:
        if (m_images)
            m_images->retry(message.attachments.at(hit.attachment).url, pictureBound());
        m_stack.invalidate(row);
        relayout();
        return;
    case HitAction::SaveFile: emit saveRequested(message.attachments.at(hit.attachment)); return;
    case HitAction::Retry: emit retryRequested(message, false); return;
    case HitAction::SendAgain: confirmSendAgain(message); return;
    case HitAction::Arrived: emit arrivalConfirmed(message); return;
    case HitAction::Details: showDetails(message); return;
    case HitAction::ShowAll:
        m_expanded.insert(m_model.row(row).key);
        m_stack.invalidate(row);
        m_stack.scrollToRow(row, m_stack.top(row));
        relayout();
        return;
    case HitAction::JumpToQuote: showMessage(message.inReplyTo); return;
    case HitAction::Diagnose: emit diagnosisRequested(); return;
    }
}

void ConversationView::setFocusedRow(int row)
{
    if (row < 0 || row >= m_model.count())
        return;
    row = drawerOf(row);
    m_focusKey = m_model.row(row).key;
    QAccessibleEvent event(this, QAccessible::Focus);
    event.setChild(row);
    QAccessible::updateAccessibility(&event);
    viewport()->update();
}

void ConversationView::moveFocus(int step)
{
    if (m_model.count() == 0)
        return;
    m_keyboardFocus = true;
    int row = focusedRow();
    if (row < m_stack.firstVisible() || row > m_stack.lastVisible())
        row = step > 0 ? m_stack.firstVisible() - 1 : m_stack.lastVisible() + 1;
    do {
        row += step;
    } while (row >= 0 && row < m_model.count() && (!isShown(m_model.row(row).message) || drawerOf(row) != row));
    if (row < 0 || row >= m_model.count())
        return;
    setFocusedRow(row);
    const int height = m_stack.height(row);
    const int top = m_stack.top(row);
    const int room = viewport()->height() - m_theme.px(12);
    if (top < 0)
        m_stack.scrollToRow(row, 0);
    else if (top + height > room || row > m_stack.lastVisible())
        m_stack.scrollToRow(row, std::min(top, std::max(0, room - geometry(row)->height)));
    relayout();
}

void ConversationView::keyPressEvent(QKeyEvent *event)
{
    if (event->matches(QKeySequence::Copy)) {
        copySelection();
        return;
    }
    const int row = focusedRow();
    switch (event->key()) {
    case Qt::Key_Up: moveFocus(-1); return;
    case Qt::Key_Down: moveFocus(1); return;
    case Qt::Key_PageUp:
    case Qt::Key_PageDown:
        m_stack.scrollBy((event->key() == Qt::Key_PageUp ? 1 : -1) * (viewport()->height() - m_theme.px(40)));
        relayout();
        return;
    case Qt::Key_Home:
        m_stack.scrollToRow(0, 0);
        relayout();
        return;
    case Qt::Key_End: scrollToEnd(); return;
    case Qt::Key_Return:
    case Qt::Key_Enter: {
        if (row < 0)
            return;
        const auto shape = geometry(row);
        for (const TextBlock &block : shape->texts) {
            if (!block.links.isEmpty()) {
                openLink(block.links.first().url);
                return;
            }
        }
        for (const HitArea &hit : shape->hits) {
            if (hit.action != HitAction::None && hit.action != HitAction::SeekSound && hit.isOn) {
                const HitArea copy = hit;
                activate(row, copy);
                return;
            }
        }
        return;
    }
    case Qt::Key_Menu:
        if (row >= 0)
            openMenu(row, viewport()->mapToGlobal(rowRect(row).center()));
        return;
    case Qt::Key_A:
        if (row >= 0 && event->modifiers() == Qt::ControlModifier) {
            const auto shape = geometry(row);
            for (int i = 0; i < shape->texts.size(); ++i) {
                if (shape->texts.at(i).isSelectable)
                    m_selection = {.key = m_focusKey, .block = i, .anchor = 0, .cursor = int(shape->texts.at(i).layout->text().size())};
            }
            viewport()->update();
            return;
        }
        break;
    default: break;                              // every other key is the window's
    }
    QAbstractScrollArea::keyPressEvent(event);
}

void ConversationView::contextMenuEvent(QContextMenuEvent *event)
{
    const QPoint at = viewport()->mapFromGlobal(event->globalPos());
    const bool isByKey = event->reason() == QContextMenuEvent::Keyboard;
    const int row = isByKey ? focusedRow() : rowAt(at);
    if (row < 0)
        return;
    const HitArea *hit = isByKey ? nullptr : hitAt(row, at);       // of an album each picture is a message of its own
    openMenu(hit ? row + hit->rowOffset : row, event->globalPos());
}

void ConversationView::focusInEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusInEvent(event);
    m_keyboardFocus = isKeyboardFocus(event);
    if (m_focusKey == 0 && m_stack.lastVisible() >= 0)
        setFocusedRow(m_stack.lastVisible());
    viewport()->update();
}

void ConversationView::focusOutEvent(QFocusEvent *event)
{
    QAbstractScrollArea::focusOutEvent(event);
    viewport()->update();
}

bool ConversationView::viewportEvent(QEvent *event)
{
    if (event->type() == QEvent::ToolTip) {
        const auto *help = static_cast<QHelpEvent *>(event);
        return showToolTip(help->pos(), help->globalPos());
    }
    return QAbstractScrollArea::viewportEvent(event);
}

bool ConversationView::showToolTip(const QPoint &at, const QPoint &globalAt)
{
    const int row = rowAt(at);
    QString text;
    if (row >= 0) {
        if (const HitArea *hit = hitAt(row, at))
            text = hit->toolTip;
        for (const TextBlock &block : geometry(row)->texts) {
            if (const RichText::Span *link = linkAt(block, at - QPoint(0, m_stack.top(row))))
                text = link->url;
        }
    }
    if (text.isEmpty())
        QToolTip::hideText();
    else
        QToolTip::showText(globalAt, plainToolTip(text), viewport());
    return true;
}

} // namespace antiphon
