#include "ui/conversationview/conversationview.h"

#include "ui/conversationview/albums.h"
#include "ui/conversationview/bubbles/rowpainter.h"
#include "ui/conversationview/newmessagespill.h"
#include "ui/models/imagecache.h"
#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"
#include "ui/theme/theme.h"

#include <QAccessible>
#include <QDateTime>
#include <QDesktopServices>
#include <QPaintEvent>
#include <QPainter>
#include <QScrollBar>
#include <QTimer>
#include <QUrl>
#include <QVariantAnimation>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kLoadNear = 100;           // px left above or below before the next page is asked for
constexpr int kSeenAfterMs = 1000;
constexpr int kClockMs = 500;
constexpr int kMarkMs = 1000;
constexpr int kBottomPadding = 12;

} // namespace

ConversationView::ConversationView(MessageListModel &model, ImageCache *images, const Theme &theme, const Clock &clock, QWidget *parent)
    : QAbstractScrollArea(parent), m_model(model), m_images(images), m_theme(theme), m_clock(clock),
      m_stack([this](int row) { return geometry(row)->height; }), m_openLink([](const QUrl &url) { QDesktopServices::openUrl(url); }),
      m_pill(new NewMessagesPill(theme, this)), m_mark(new QVariantAnimation(this)), m_seenTimer(new QTimer(this)),
      m_clockTimer(new QTimer(this)), m_dayTimer(new QTimer(this))
{
    installConversationAccessibility();
    setFrameShape(NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
    viewport()->setAttribute(Qt::WA_OpaquePaintEvent);
    setAccessibleName(tr("Messages"));
    setMinimumWidth(240);
    m_seenTimer->setSingleShot(true);
    m_seenTimer->setInterval(kSeenAfterMs);
    m_clockTimer->setInterval(kClockMs);
    m_dayTimer->setSingleShot(true);
    m_mark->setDuration(kMarkMs);
    m_mark->setStartValue(1.0);
    m_mark->setEndValue(0.0);
    connect(m_mark, &QVariantAnimation::valueChanged, viewport(), [this] { viewport()->update(); });
    connect(m_mark, &QVariantAnimation::finished, this, [this] { m_markKey = 0; });
    connect(m_seenTimer, &QTimer::timeout, this, &ConversationView::reportNewest);
    connect(m_clockTimer, &QTimer::timeout, this, [this] {
        m_clockStep = (m_clockStep + 1) % 12;
        viewport()->update();
    });
    connect(m_dayTimer, &QTimer::timeout, this, [this] {
        watchDay();
        m_stack.invalidateAll();
        relayout();
    });
    connect(&m_sounds, &VoicePlayer::changed, this, &ConversationView::soundChanged);
    connect(m_pill, &NewMessagesPill::clicked, this, &ConversationView::scrollToEnd);
    connect(&model, &MessageListModel::reset, this, &ConversationView::takeReset);
    connect(&model, &MessageListModel::inserted, this, &ConversationView::takeInserted);
    connect(&model, &MessageListModel::removed, this, &ConversationView::takeRemoved);
    connect(&model, &MessageListModel::changed, this, &ConversationView::takeChanged);
    connect(&model, &MessageListModel::jumpReady, this, &ConversationView::showMessage);
    connect(&theme, &Theme::changed, this, [this] {
        m_stack.invalidateAll();
        relayout();
    });
    if (images) {
        connect(images, &ImageCache::ready, this, &ConversationView::pictureArrived);
        connect(images, &ImageCache::failed, this, &ConversationView::pictureArrived);
    }
    m_state.isRightToLeft = layoutDirection() == Qt::RightToLeft;
    watchDay();
    takeReset();
}

ConversationView::~ConversationView() = default;

void ConversationView::setTraits(const RowTraits &traits)
{
    m_traits = traits;
    m_stack.invalidateAll();
    relayout();
}

void ConversationView::setUnreadAtOpening(int count)
{
    m_sounds.stop();
    m_soundProblems.clear();
    m_unreadAtOpening = count;
    m_opening = true;
    m_state.unread = 0;
    m_state.unreadKey = 0;
    m_reported = {};
    m_expanded.clear();
    m_selection = {};
    m_focusKey = 0;
}

void ConversationView::watchDay()
{
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(toUnixMs(m_clock.now()));
    m_state.today = now.date();
    m_dayTimer->start(int(now.msecsTo(now.date().addDays(1).startOfDay())) + 1000);
}

void ConversationView::placeUnreadLine()
{
    if (m_unreadAtOpening <= 0 || m_state.unreadKey != 0)
        return;
    int left = m_unreadAtOpening;
    for (int row = m_model.count() - 1; row >= 0; --row) {
        if (m_model.row(row).message.direction != Message::Direction::Incoming || --left > 0)
            continue;
        m_state.unreadKey = m_model.row(row).key;
        m_state.unread = m_unreadAtOpening;
        return;
    }
}

void ConversationView::takeReset()
{
    // A reload of the same conversation keeps the row in sight: keys outlive it.
    const bool wasAtEnd = m_stack.isAtEnd() || m_opening;
    const int kept = wasAtEnd || m_anchorKey == 0 ? -1 : m_model.indexOfKey(m_anchorKey);
    m_stack.reset(m_model.count());
    m_newBelow = 0;
    if (m_opening && m_model.count() > 0) {
        m_opening = false;
        placeUnreadLine();
        if (const int unread = m_model.indexOfKey(m_state.unreadKey); unread > 0)
            m_stack.scrollToRow(unread, m_theme.px(kBottomPadding));
    } else if (kept >= 0) {
        m_stack.scrollToRow(kept, m_anchorY);
    }
    relayout();
}

void ConversationView::takeInserted(int first, int count)
{
    const bool isAtTail = first + count == m_model.count();
    const bool wasAtEnd = m_stack.isAtEnd();
    m_stack.insert(first, count);
    invalidateNeighbours(first - 1);
    invalidateNeighbours(first + count);
    if (isAtTail && !wasAtEnd) {
        int fresh = 0;
        bool isOurs = false;
        for (int row = first; row < first + count; ++row) {
            isOurs = isOurs || m_model.row(row).message.id.isNull();
            fresh += m_model.row(row).message.direction == Message::Direction::Incoming ? 1 : 0;
        }
        m_newBelow += m_model.hasMoreAfter() ? 0 : fresh;
        if (isOurs)                                  // what was just written is what one wants to see
            m_stack.scrollToEnd();
    }
    relayout();
}

void ConversationView::takeRemoved(int first, int count)
{
    m_stack.remove(first, count);
    invalidateNeighbours(first - 1);
    invalidateNeighbours(first);
    relayout();
}

void ConversationView::takeChanged(int row)
{
    m_stack.invalidate(row);
    invalidateNeighbours(row - 1);
    invalidateNeighbours(row + 1);
    relayout();
}

/// Groups look past activities, so the next row that is none may change, too.
void ConversationView::invalidateNeighbours(int row)
{
    for (int step : {-1, 1}) {
        for (int at = row, tries = 0; at >= 0 && at < m_model.count() && tries < 4; at += step, ++tries) {
            m_stack.invalidate(at);
            if (m_model.row(at).message.direction != Message::Direction::Activity)
                break;
        }
    }
    // An album is drawn by one of its rows for all of them.
    for (int at = row; at >= 0 && at < m_model.count() && isOfSameAlbum(at, row); --at)
        m_stack.invalidate(at);
    for (int at = row; at >= 0 && at < m_model.count() && isOfSameAlbum(at, row); ++at)
        m_stack.invalidate(at);
}

bool ConversationView::isOfSameAlbum(int row, int other) const
{
    const QString group = m_model.row(row).message.groupId;
    return !group.isEmpty() && group == m_model.row(other).message.groupId;
}

/// The row that draws this one: itself, or another one of its album.
int ConversationView::drawerOf(int row) const
{
    const auto album = albumOf(m_model, row, m_state.unreadKey);
    return album ? album->drawer : row;
}

QSize ConversationView::pictureBound() const
{
    return QSize(m_theme.px(320), m_theme.px(240)) * devicePixelRatioF() * 2;    // cut in the middle at worst by half
}

RowContext ConversationView::context(int row) const
{
    const MessageListModel::Row &entry = m_model.row(row);
    RowContext context = contextOf(m_model, row, m_state, m_traits);
    context.isExpanded = m_expanded.contains(entry.key);
    if (entry.message.status == MessageStatus::Failed)
        context.retryOff = retryOffReason(entry.message, m_traits, m_clock.now());
    for (AlbumTile &tile : context.album) {
        const Attachment &file = m_model.row(row + tile.rowOffset).message.attachments.first();
        tile.isBroken = m_images && tile.isReady && file.kind == Attachment::Kind::Image && m_images->state(file.url, pictureBound()) == ImageCache::State::Failed;
    }
    for (const Attachment &attachment : entry.message.attachments) {
        const bool isPicture = attachment.kind == Attachment::Kind::Image || attachment.kind == Attachment::Kind::Sticker;
        const bool isThere = m_images && isPicture && attachment.state == Attachment::State::Ready;
        const auto state = isThere ? m_images->state(attachment.url, pictureBound()) : ImageCache::State::Unknown;
        context.pictureSizes.append(isThere ? m_pictureSizes.value(attachment.url) : QSize());
        context.pictureFailed.append(state == ImageCache::State::Failed);
        context.mediaProblems.append(m_soundProblems.value(attachment.url));
    }
    return context;
}

std::shared_ptr<const RowGeometry> ConversationView::geometry(int row) const
{
    const MessageListModel::Row &entry = m_model.row(row);
    return m_cache.geometry(entry.key, entry.revision, entry.message, context(row), m_traits, m_theme, viewport()->width());
}

QRect ConversationView::rowRect(int row) const
{
    return {0, m_stack.top(row), viewport()->width(), m_stack.height(row)};
}

void ConversationView::relayout()
{
    m_stack.setViewport(viewport()->height() - m_theme.px(kBottomPadding));
    m_stack.settle();
    // What a row takes from elsewhere (a quote that is loaded by now, a picture) may have changed while it was out of sight.
    bool isStale = false;
    for (int row = std::max(0, m_stack.firstVisible()); row <= m_stack.lastVisible(); ++row) {
        if (geometry(row)->height != m_stack.height(row)) {
            m_stack.invalidate(row);
            isStale = true;
        }
    }
    if (isStale)
        m_stack.settle();
    rememberAnchor();
    if (m_stack.isAtEnd())
        m_newBelow = 0;
    updateScrollBar();
    placePill();
    loadMore();
    watchNewest();
    viewport()->update();
}

void ConversationView::rememberAnchor()
{
    m_anchorKey = 0;
    for (int row = std::max(0, m_stack.firstVisible()); row <= m_stack.lastVisible(); ++row) {
        if (m_stack.top(row) < 0 && row < m_stack.lastVisible())
            continue;
        m_anchorKey = m_model.row(row).key;
        m_anchorY = m_stack.top(row);
        return;
    }
}

void ConversationView::updateScrollBar()
{
    m_updatingBar = true;
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(m_theme.px(20));
    verticalScrollBar()->setRange(0, int(m_stack.maximum()));
    verticalScrollBar()->setValue(m_stack.isAtEnd() ? int(m_stack.maximum()) : int(m_stack.value()));
    m_updatingBar = false;
}

void ConversationView::scrollContentsBy(int, int)
{
    if (m_updatingBar)
        return;
    const qint64 before = m_stack.value();
    const qint64 wanted = verticalScrollBar()->value();
    // Small steps move what is in sight by just so much; a jump of the slider goes by the estimates.
    if (std::abs(wanted - before) <= 2 * viewport()->height())
        m_stack.scrollBy(int(before - wanted));
    else
        m_stack.scrollTo(wanted);
    relayout();
}

void ConversationView::wheelEvent(QWheelEvent *event)
{
    QPoint pixels = event->pixelDelta();
    if (pixels.isNull()) {
        m_wheelRest += event->angleDelta().y() * m_theme.px(60);
        pixels.setY(m_wheelRest / 120);
        m_wheelRest %= 120;
    }
    if (pixels.y() != 0) {
        m_stack.scrollBy(pixels.y());
        relayout();
    }
    event->accept();
}

void ConversationView::resizeEvent(QResizeEvent *event)
{
    QAbstractScrollArea::resizeEvent(event);
    if (event->size().width() != event->oldSize().width())
        m_stack.invalidateAll();
    relayout();
}

void ConversationView::loadMore()
{
    if (m_model.count() == 0)
        return;
    if (m_stack.firstVisible() == 0 || m_stack.value() < kLoadNear)
        m_model.fetchBefore();
    if (m_model.hasMoreAfter() && m_stack.maximum() - m_stack.value() < kLoadNear)
        m_model.fetchAfter();
}

void ConversationView::placePill()
{
    m_pill->setCount(m_newBelow);
    m_pill->move((width() - m_pill->width()) / 2, height() - m_pill->height() - m_theme.px(12));
}

void ConversationView::watchNewest()
{
    const bool isSeen = isVisible() && isActiveWindow() && m_stack.isAtEnd() && m_model.count() > 0 && !m_model.hasMoreAfter();
    if (!isSeen)
        m_seenTimer->stop();
    else if (!m_seenTimer->isActive())
        m_seenTimer->start();
}

void ConversationView::reportNewest()
{
    for (int row = m_model.count() - 1; row >= 0; --row) {
        const MessageId id = m_model.row(row).message.id;
        if (id.isNull())
            continue;
        if (id != m_reported) {
            m_reported = id;
            emit newestSeen(id);
        }
        return;
    }
}

void ConversationView::pictureArrived(const QString &url)
{
    if (m_images->state(url, pictureBound()) == ImageCache::State::Ready)
        m_pictureSizes.insert(url, m_images->image(url, pictureBound()).size());
    relayout();
}

void ConversationView::scrollToEnd()
{
    if (m_model.hasMoreAfter()) {
        m_opening = true;
        m_unreadAtOpening = 0;
        m_model.jumpToNewest();
        return;
    }
    m_stack.scrollToEnd();
    relayout();
}

void ConversationView::showMessage(MessageId id)
{
    const int found = m_model.indexOf(id);
    if (found < 0) {
        m_model.jumpTo(id);
        return;
    }
    const int row = drawerOf(found);
    m_stack.scrollToRow(row, viewport()->height() / 3);
    markRow(m_model.row(row).key);
    setFocusedRow(row);
    relayout();
}

void ConversationView::markRow(quint64 key)
{
    m_markKey = key;
    m_mark->stop();
    if (m_theme.reducedMotion()) {
        // No fading: the mark stands for its second and goes.
        QTimer::singleShot(kMarkMs, this, [this, key] {
            if (m_markKey == key)
                m_markKey = 0;
            viewport()->update();
        });
        return;
    }
    m_mark->start();
}

void ConversationView::paintEvent(QPaintEvent *event)
{
    QPainter painter(viewport());
    painter.fillRect(event->rect(), m_theme.color("surface.view"_L1));
    bool hasClock = false;
    for (int row = m_stack.firstVisible(); row >= 0 && row <= m_stack.lastVisible() && row < m_model.count(); ++row) {
        const MessageListModel::Row &entry = m_model.row(row);
        const auto shape = geometry(row);
        const int top = m_stack.top(row);
        RowPaint paint{.theme = &m_theme, .traits = &m_traits, .message = &entry.message, .direction = layoutDirection()};
        hasClock = hasClock || !shape->clock.isNull();
        if (!event->rect().intersects(QRect(0, top - 4, viewport()->width(), shape->height + 8)))
            continue;
        paint.picture = [this, row](int offset, int attachment) { return pictureOf(m_model.row(row + offset).message.attachments.at(attachment)); };
        paint.sound = [this](const QString &url) { return soundOf(url); };
        if (m_images && !shape->avatar.isEmpty())
            paint.avatar = m_images->image(entry.message.sender.avatarUrl, QSize(48, 48) * devicePixelRatioF());
        if (m_selection.key == entry.key) {
            paint.selectedBlock = m_selection.block;
            paint.selectionFrom = m_selection.anchor;
            paint.selectionTo = m_selection.cursor;
        }
        if (m_markKey == entry.key)
            paint.highlight = m_mark->state() == QAbstractAnimation::Running ? m_mark->currentValue().toDouble() : 1.0;
        paint.clockStep = m_theme.reducedMotion() ? 0 : m_clockStep;
        paint.isFocused = m_keyboardFocus && hasFocus() && m_focusKey == entry.key;
        paintRow(&painter, *shape, paint, top, viewport()->width());
    }
    if (hasClock && !m_theme.reducedMotion() && !m_clockTimer->isActive())
        m_clockTimer->start();
    else if (!hasClock)
        m_clockTimer->stop();
}

void ConversationView::showEvent(QShowEvent *event)
{
    QAbstractScrollArea::showEvent(event);
    relayout();
}

void ConversationView::changeEvent(QEvent *event)
{
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange) {
        m_state.isRightToLeft = layoutDirection() == Qt::RightToLeft;
        m_stack.invalidateAll();
        relayout();
    } else if (event->type() == QEvent::ActivationChange) {
        watchNewest();
    }
}

int ConversationView::focusedRow() const
{
    return m_focusKey == 0 ? -1 : m_model.indexOfKey(m_focusKey);
}

} // namespace antiphon
