#include "ui/composer/messageeditor.h"

#include "ui/theme/theme.h"

#include <QImage>
#include <QKeyEvent>
#include <QMimeData>
#include <QTextBlock>
#include <QTextLayout>
#include <QUrl>

namespace antiphon {

MessageEditor::MessageEditor(const Theme &theme, QWidget *parent)
    : QPlainTextEdit(parent)
    , m_theme(theme)
{
    setFrameShape(QFrame::NoFrame);
    setTabChangesFocus(true);
    setLineWrapMode(QPlainTextEdit::WidgetWidth);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    document()->setDocumentMargin(0);
    connect(this, &QPlainTextEdit::textChanged, this, &MessageEditor::fitHeight);
    connect(&theme, &Theme::changed, this, &MessageEditor::dress);
    dress();
}

void MessageEditor::dress()
{
    setFont(m_theme.font(TypeRole::Message));
    fitHeight();
}

void MessageEditor::setHint(const QString &hint)
{
    if (hint == placeholderText())
        return;
    setPlaceholderText(hint);
    fitHeight();
}

void MessageEditor::setCompact(bool compact)
{
    m_isCompact = compact;
    fitHeight();
}

void MessageEditor::fitHeight()
{
    int lines = 0;
    for (QTextBlock block = document()->begin(); block.isValid() && lines < 8; block = block.next())
        lines += std::max(1, block.layout()->lineCount());
    if (document()->isEmpty() && !placeholderText().isEmpty()) {
        const QRect words = QFontMetrics(font()).boundingRect(QRect(0, 0, std::max(80, viewport()->width() - 4), 10'000), Qt::TextWordWrap, placeholderText());
        lines = std::max(lines, words.height() / std::max(1, QFontMetrics(font()).lineSpacing()));
    }
    const int shown = m_isCompact ? 1 : std::clamp(lines, 1, 8);
    const int line = std::max(m_theme.lineHeight(TypeRole::Message), fontMetrics().lineSpacing());
    setFixedHeight(shown * line + 4);
}

void MessageEditor::keyPressEvent(QKeyEvent *event)
{
    const bool isReturn = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    if (isReturn && !event->modifiers().testFlag(Qt::ShiftModifier) && !event->modifiers().testFlag(Qt::AltModifier)) {
        emit sendPressed();
        return;
    }
    if (event->key() == Qt::Key_Escape) {
        emit escapePressed();
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

bool MessageEditor::canInsertFromMimeData(const QMimeData *source) const
{
    return source->hasImage() || source->hasUrls() || source->hasText();
}

void MessageEditor::insertFromMimeData(const QMimeData *source)
{
    QStringList files;
    const QList<QUrl> urls = source->urls();
    for (const QUrl &url : urls) {
        if (url.isLocalFile())
            files.append(url.toLocalFile());
    }
    if (!files.isEmpty())
        emit filesDropped(files);
    else if (source->hasImage() && !source->hasText())
        emit imagePasted(qvariant_cast<QImage>(source->imageData()));
    else
        insertPlainText(source->text());   // never markup
}

void MessageEditor::focusInEvent(QFocusEvent *event)
{
    QPlainTextEdit::focusInEvent(event);
    emit focusChanged();
}

void MessageEditor::focusOutEvent(QFocusEvent *event)
{
    QPlainTextEdit::focusOutEvent(event);
    emit focusChanged();
}

void MessageEditor::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    fitHeight();
}

} // namespace antiphon
