#include "ui/composer/composer.h"

#include "ui/composer/messageeditor.h"
#include "ui/composer/smssegments.h"
#include "ui/models/draftstore.h"
#include "ui/models/inboxmodel.h"
#include "ui/models/messagetext.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/focusring.h"
#include "ui/widgets/iconbutton.h"
#include "ui/widgets/primarybutton.h"
#include "ui/widgets/segmentedcontrol.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QPainter>
#include <QUuid>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

constexpr auto kTypingEvery = 4s;
constexpr auto kTypingEnds = 6s;
constexpr int kCounterFrom = 50;      // characters before the limit

/// Nothing named: anything goes.
bool takesOnlyPictures(const QStringList &mimes)
{
    return !mimes.isEmpty() && std::all_of(mimes.begin(), mimes.end(), [](const QString &mime) { return mime.startsWith("image/"_L1); });
}

} // namespace

Composer::Composer(const Theme &theme, InboxModel &inboxes, DraftStore &drafts, AttachmentStrip::Upload upload, const Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_inboxes(inboxes)
    , m_drafts(drafts)
    , m_clock(clock)
    , m_strip(new AttachmentStrip(theme, std::move(upload), this))
{
    setAccessibleName(tr("Composer"));
    build();
    connectParts();
    clearConversation();
}

void Composer::build()
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(m_theme.px(12), m_theme.px(10), m_theme.px(8), m_theme.px(6));
    column->setSpacing(m_theme.px(6));

    m_quoteBar = new QWidget(this);
    auto *quoteRow = new QHBoxLayout(m_quoteBar);
    quoteRow->setContentsMargins(m_theme.px(10), 0, 0, 0);
    m_quoteText = new ElidedLabel(m_theme, TypeRole::Small, "text.secondary"_L1, m_quoteBar);
    m_quoteClose = new IconButton(m_theme, "close"_L1, tr("Don't quote"), m_quoteBar);
    m_quoteClose->setMetrics(24, 14);
    quoteRow->addWidget(m_quoteText, 1);
    quoteRow->addWidget(m_quoteClose);
    m_quoteBar->hide();
    column->addWidget(m_quoteBar);
    column->addWidget(m_strip);

    m_editor = new MessageEditor(m_theme, this);
    m_editor->setAccessibleName(tr("Message"));
    column->addWidget(m_editor);
    m_cost = new ElidedLabel(m_theme, TypeRole::Small, "text.secondary"_L1, this);
    m_cost->hide();
    column->addWidget(m_cost);

    auto *bar = new QHBoxLayout;
    bar->setSpacing(m_theme.px(6));
    m_modes = new SegmentedControl(m_theme, tr("Reply or private note"), this);
    m_modes->addSegment(tr("Reply"));
    m_modes->addSegment(tr("Private note"), "lock"_L1);
    m_attach = new IconButton(m_theme, "image"_L1, tr("Attach a picture"), this);
    m_templates = new IconButton(m_theme, "template"_L1, tr("Templates"), this);
    m_counter = new ElidedLabel(m_theme, TypeRole::Small, "text.secondary"_L1, this);
    m_counter->setAlignment(Qt::AlignTrailing);
    m_hint = new ElidedLabel(m_theme, TypeRole::Small, "text.secondary"_L1, this);
    m_hint->setText(tr("Enter sends"));
    m_hint->setOptional(true);
    m_send = new PrimaryButton(m_theme, tr("Send"), this);
    m_send->setIconName("send"_L1);
    bar->addWidget(m_modes);
    bar->addWidget(m_attach);
    bar->addWidget(m_templates);
    bar->addWidget(m_counter, 1);
    bar->addWidget(m_hint);
    bar->addWidget(m_send);
    column->addLayout(bar);

    m_typingPause.setSingleShot(true);
    m_typingPause.setInterval(kTypingEvery);
    m_typingEnd.setSingleShot(true);
    m_typingEnd.setInterval(kTypingEnds);
    m_second.setInterval(1s);
}

void Composer::connectParts()
{
    connect(m_quoteClose, &QAbstractButton::clicked, this, &Composer::clearQuote);
    connect(m_strip, &AttachmentStrip::changed, this, &Composer::refresh);
    connect(m_attach, &QAbstractButton::clicked, this, &Composer::chooseFiles);
    connect(m_templates, &QAbstractButton::clicked, this, &Composer::templatesRequested);
    connect(m_send, &QAbstractButton::clicked, this, &Composer::send);
    connect(m_modes, &SegmentedControl::currentChanged, this, [this](int index) { setMode(index == 0 ? Mode::Reply : Mode::Note); });
    connect(m_editor, &MessageEditor::sendPressed, this, &Composer::send);
    connect(m_editor, &MessageEditor::escapePressed, this, &Composer::clearQuote);
    connect(m_editor, &MessageEditor::focusChanged, this, qOverload<>(&QWidget::update));
    connect(m_editor, &MessageEditor::filesDropped, this, &Composer::attachFiles);
    connect(m_editor, &MessageEditor::imagePasted, this, [this](const QImage &image) {
        if (m_attach->isEnabled())
            m_strip->addImage(image, limits());
    });
    connect(m_editor, &QPlainTextEdit::textChanged, this, [this] {
        if (m_isFilling || !m_conversation)
            return;
        m_drafts.setDraft(m_conversation->id, m_mode == Mode::Note, m_editor->toPlainText());
        noteTyping();
        refresh();
    });
    connect(&m_typingEnd, &QTimer::timeout, this, [this] { emit typingChanged(false, m_mode == Mode::Note); });
    connect(&m_second, &QTimer::timeout, this, &Composer::refresh);
    connect(&m_inboxes, &InboxModel::changed, this, &Composer::refresh);
    connect(&m_theme, &Theme::changed, this, [this] {
        refresh();
        update();
    });
}

ComposerLimits Composer::limits() const
{
    const Inbox *inbox = m_conversation ? m_inboxes.find(m_conversation->inboxId) : nullptr;
    return inbox ? composerLimits(*inbox) : composerLimits(Channel::Tiktok);
}

void Composer::setConversation(const Conversation &conversation)
{
    const bool isOther = !m_conversation || m_conversation->id != conversation.id;
    m_conversation = conversation;
    if (isOther) {
        m_quoted.reset();
        m_quoteBar->hide();
        m_strip->clear();
        m_state = composerState(conversation, m_inboxes.find(conversation.inboxId), m_clock.now());
        setMode(m_state.mustBeNote ? Mode::Note : Mode::Reply);
        m_wasForced = m_state.mustBeNote;
        m_second.start();
    }
    setEnabled(true);
    refresh();
}

void Composer::clearConversation()
{
    m_conversation.reset();
    m_second.stop();
    setEnabled(false);
}

void Composer::setMode(Mode mode)
{
    if (m_conversation && mode == Mode::Reply && m_state.mustBeNote)
        mode = Mode::Note;
    if (m_typingEnd.isActive()) {
        m_typingEnd.stop();
        emit typingChanged(false, m_mode == Mode::Note);
    }
    m_mode = mode;
    m_modes->setCurrent(mode == Mode::Reply ? 0 : 1);
    showDraft();
    refresh();
    update();
}

void Composer::showDraft()
{
    if (!m_conversation)
        return;
    m_isFilling = true;
    m_editor->setPlainText(m_drafts.draft(m_conversation->id, m_mode == Mode::Note));
    m_editor->moveCursor(QTextCursor::End);
    m_isFilling = false;
}

void Composer::noteTyping()
{
    if (m_editor->document()->isEmpty())
        return;
    m_typingEnd.start();
    if (!m_typingPause.isActive()) {
        m_typingPause.start();
        emit typingChanged(true, m_mode == Mode::Note);
    }
}

void Composer::quote(const Message &message)
{
    const Inbox *inbox = m_conversation ? m_inboxes.find(m_conversation->inboxId) : nullptr;
    m_quoted = message;
    setMode(Mode::Reply);
    const MessagePreview preview = messagePreview(message, inbox ? inbox->channel : Channel::Tiktok);
    m_quoteText->setText(message.sender.name.isEmpty() ? preview.text : message.sender.name + u": "_s + preview.text);
    m_quoteBar->show();
    refresh();
    focusEditor();
}

void Composer::clearQuote()
{
    m_quoted.reset();
    m_quoteBar->hide();
    refresh();
}

void Composer::attachFiles(const QStringList &paths)
{
    if (!m_attach->isEnabled())
        return;
    for (const QString &path : paths)
        m_strip->addFile(path, limits());
}

void Composer::chooseFiles()
{
    const QStringList mimes = limits().attachmentMimes;
    const bool isNote = m_mode == Mode::Note;
    auto *dialog = new QFileDialog(this, m_attach->accessibleName(), {}, takesOnlyPictures(mimes) && !isNote ? tr("Pictures (*.png *.jpg *.jpeg *.webp *.gif)") : QString());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFiles);
    connect(dialog, &QFileDialog::filesSelected, this, &Composer::attachFiles);
    dialog->open();
}

void Composer::focusEditor()
{
    m_editor->setFocus(Qt::ShortcutFocusReason);
}

bool Composer::isEmpty() const
{
    return m_editor->toPlainText().trimmed().isEmpty() && m_strip->count() == 0;
}

void Composer::setCompact(bool compact)
{
    m_editor->setCompact(compact);
    m_hint->setVisible(!compact);
}

void Composer::refresh()
{
    if (!m_conversation)
        return;
    m_state = composerState(*m_conversation, m_inboxes.find(m_conversation->inboxId), m_clock.now());
    if (m_state.mustBeNote && m_mode == Mode::Reply) {
        setMode(Mode::Note);   // comes back here
        m_wasForced = true;
        return;
    }
    if (m_wasForced && !m_state.mustBeNote) {
        m_wasForced = false;
        if (m_mode == Mode::Note && m_editor->toPlainText().trimmed().isEmpty()) {   // a note that was begun stays
            setMode(Mode::Reply);
            return;
        }
    }
    const bool isNote = m_mode == Mode::Note;
    m_hint->setText(isNote ? tr("Enter adds") : m_state.onlyTemplates ? QString() : tr("Enter sends"));
    m_modes->setDisabledReason(0, m_state.replyReason);
    const bool isOnlyTemplates = m_state.onlyTemplates && !isNote;
    const bool isPictures = takesOnlyPictures(limits().attachmentMimes);
    m_attach->setIconName(isPictures ? "image"_L1 : "paperclip"_L1);
    m_attach->setName(isPictures ? tr("Attach a picture") : tr("Attach a file"));
    m_attach->setDisabledReason(isNote ? QString() : m_state.attachReason);
    m_templates->setVisible(limits().hasTemplates && !isNote);
    m_templates->setDisabledReason(m_state.replyReason);
    m_editor->setEnabled(!isOnlyTemplates);
    m_quoteBar->setVisible(m_quoted && !isNote);
    m_editor->setHint(!isNote                            ? m_state.placeholder
                                     : m_state.replyReason.isEmpty() ? tr("Only your team sees this")
                                                                     : m_state.replyReason + u' ' + tr("You can add a private note."));
    const SendPlan plan = sendPlan(m_editor->toPlainText(), m_strip->count(), isNote, limits());
    QString reason = plan.reason;
    if (reason.isEmpty() && m_strip->hasFailed())
        reason = m_strip->firstProblem();
    else if (reason.isEmpty() && !m_strip->isReady())
        reason = tr("A file is still being uploaded.");
    if (isOnlyTemplates)
        reason.clear();
    const bool offersSplit = !isOnlyTemplates && plan.over > 0 && plan.messages > 1 && m_strip->count() == 0 && !isNote;
    m_send->setKind(isNote ? PrimaryButton::Kind::Note : PrimaryButton::Kind::Accent);
    m_send->setIconName(isNote ? "note"_L1 : isOnlyTemplates ? "template"_L1 : "send"_L1);
    m_send->setText(isNote                    ? tr("Add note")
                        : isOnlyTemplates     ? tr("Choose template")
                        : offersSplit         ? tr("Split into %n messages", nullptr, plan.messages)
                        : plan.messages > 1   ? tr("Send as %n messages", nullptr, plan.messages)
                        : m_state.isClosing   ? tr("Closing")
                                              : tr("Send"));
    m_send->setDisabledReason(offersSplit ? QString() : reason);
    refreshCounter(plan);
    update();
}

void Composer::refreshCounter(const SendPlan &plan)
{
    const bool isNote = m_mode == Mode::Note;
    m_cost->setVisible(!isNote && limits().countsSms);
    if (m_cost->isVisibleTo(this))
        m_cost->setText(smsText(m_editor->toPlainText()));
    const int limit = isNote ? kNoteLimit : limits().text;
    const int used = textLength(m_editor->toPlainText(), isNote ? ComposerLimits::Unit::Utf16 : limits().unit);
    if (limit - used <= kCounterFrom) {
        m_counter->setToken(plan.over > 0 ? "danger.text"_L1 : "text.secondary"_L1);
        const QString figures = u"%1 / %2"_s.arg(QLocale().toString(used), QLocale().toString(limit));
        m_counter->setText(!isNote && limits().unit == ComposerLimits::Unit::Bytes ? tr("%1 bytes").arg(figures) : figures);
    } else {
        m_counter->setToken("text.secondary"_L1);
        m_counter->setText(m_mode == Mode::Reply && m_state.leavesAfterReconnecting ? tr("leaves after reconnecting") : QString());
    }
}

/// What the text costs in SMS, and which character makes it more of them.
QString Composer::smsText(const QString &text)
{
    const SmsCount count = smsCount(text);
    const QString words = tr("%n SMS, %1 more characters fit", nullptr, count.segments).arg(QLocale().toString(count.left));
    return count.forcing.isEmpty() ? words : words + u" · "_s + tr("only 70 each because of the character %1").arg(count.forcing);
}

QList<NewMessage> Composer::compose() const
{
    const bool isNote = m_mode == Mode::Note;
    const QString text = m_editor->toPlainText();
    const auto fresh = [this, isNote] {
        return NewMessage{.conversationId = m_conversation->id, .isPrivate = isNote, .clientId = QUuid::createUuid().toString(QUuid::WithoutBraces)};
    };
    QList<NewMessage> messages;
    const ComposerLimits limit = limits();
    if (!text.trimmed().isEmpty()) {
        const QStringList pieces = isNote ? QStringList{text} : splitText(text, limit.text, limit.unit);
        for (const QString &piece : pieces) {
            NewMessage message = fresh();
            message.content = piece;
            if (messages.isEmpty() && m_quoted && !isNote)
                message.inReplyTo = m_quoted->id;
            messages.append(message);
        }
    }
    QList<AttachmentId> ids;
    const QList<Attachment> uploaded = m_strip->attachments();
    for (const Attachment &attachment : uploaded)
        ids.append(attachment.id);
    if (!ids.isEmpty() && !messages.isEmpty() && (isNote || limit.textWithAttachment)) {
        messages.last().attachmentIds = isNote ? ids : ids.mid(0, limit.attachments);
        ids = isNote ? QList<AttachmentId>() : ids.mid(limit.attachments);
    }
    for (qsizetype i = 0; i < ids.size(); i += isNote ? ids.size() : limit.attachments) {
        NewMessage message = fresh();
        message.attachmentIds = isNote ? ids : ids.mid(i, limit.attachments);
        messages.append(message);
    }
    return messages;
}

void Composer::send()
{
    if (!m_conversation || !m_send->isEnabled())
        return;
    if (m_state.onlyTemplates && m_mode == Mode::Reply) {
        emit templatesRequested();
        return;
    }
    const QList<NewMessage> messages = compose();
    if (messages.isEmpty())
        return;
    const QList<Attachment> attachments = m_strip->attachments();
    m_typingEnd.stop();
    m_drafts.setDraft(m_conversation->id, m_mode == Mode::Note, {});
    m_isFilling = true;
    m_editor->clear();
    m_isFilling = false;
    m_quoted.reset();
    m_quoteBar->hide();
    m_strip->clear();
    refresh();
    emit sendRequested(messages, attachments);
}

void Composer::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const bool isNote = m_mode == Mode::Note;
    const bool hasFocus = m_editor->hasFocus();
    const QColor fill = m_theme.color(isNote ? "bubble.note"_L1 : isEnabled() && m_editor->isEnabled() ? "surface.raised"_L1 : "surface.sunken"_L1);
    const QColor line = m_theme.color(hasFocus ? "focus"_L1 : isNote ? "warn.line"_L1 : "line.control"_L1);
    const double width = hasFocus ? 2 : 1;
    painter.setPen(QPen(line, width));
    painter.setBrush(fill);
    painter.drawRoundedRect(QRectF(rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2), 10, 10);
    if (m_quoteBar->isVisible()) {
        QRect bar(m_quoteBar->x(), m_quoteBar->y(), 3, m_quoteBar->height());
        if (layoutDirection() == Qt::RightToLeft)
            bar.moveLeft(m_quoteBar->x() + m_quoteBar->width() - 3);
        painter.fillRect(bar, m_theme.color("accent"_L1));
    }
    QPalette colors = m_theme.palette();
    const QColor hint = m_theme.color("text.secondary"_L1);     // also while it is off: the hint says why
    if (m_editor->palette().color(QPalette::Base) != fill || m_editor->palette().color(QPalette::PlaceholderText) != hint) {   // only on a change: a new palette repaints
        colors.setColor(QPalette::Base, fill);
        colors.setColor(QPalette::PlaceholderText, hint);
        m_editor->setPalette(colors);
    }
}

} // namespace antiphon
