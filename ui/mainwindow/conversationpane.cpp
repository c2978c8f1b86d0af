#include "ui/mainwindow/conversationpane.h"

#include "core/base/logging.h"
#include "ui/composer/composer.h"
#include "ui/composer/templatepicker.h"
#include "ui/contactpanel/contacttext.h"
#include "ui/conversationview/conversationview.h"
#include "ui/mainwindow/advisoryline.h"
#include "ui/mainwindow/conversationheader.h"
#include "ui/mainwindow/conversationmenus.h"
#include "ui/mainwindow/messagesender.h"
#include "ui/models/errortext.h"
#include "ui/models/messagetext.h"
#include "ui/models/whendone.h"
#include "ui/theme/theme.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/elidedlabel.h"

#include <QBoxLayout>
#include <QDesktopServices>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMenu>
#include <QMessageBox>
#include <QMimeData>
#include <QPushButton>
#include <QStandardPaths>
#include <QUuid>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Whether the business' own reaction is this one.
bool hasSameReaction(const Message &message, const QString &emoji)
{
    return std::any_of(message.reactions.begin(), message.reactions.end(), [&emoji](const Reaction &reaction) {
        return reaction.sender.type != Sender::Type::Contact && reaction.emoji == emoji;
    });
}

constexpr auto kTypingForgotten = 10s;
constexpr Milliseconds kLongestPause = 60'000ms;     // the clock may have been set meanwhile

} // namespace

QString safeFileName(const Attachment &attachment)
{
    QString name;
    for (const QChar c : attachment.name.section(u'/', -1).section(u'\\', -1)) {
        const bool isHarmful = c.category() == QChar::Other_Control || c.category() == QChar::Other_Format || QStringView(u"<>:\"|?*").contains(c);
        name.append(isHarmful ? QChar(u'_') : c);
    }
    while (name.startsWith(u'.'))
        name.remove(0, 1);
    if (name.isEmpty())
        name = u"%1-%2"_s.arg(attachmentKindName(attachment.kind), attachment.id.toString());
    if (!name.contains(u'.') && attachment.mime.contains(u'/'))
        name += u'.' + (attachment.mime == "image/jpeg"_L1 ? u"jpg"_s : attachment.mime.section(u'/', 1).section(u';', 0, 0));
    return name.size() > 120 ? name.left(80) + name.right(40) : name;
}

ConversationPane::ConversationPane(DeskModels &models, MessageSender &sender, ConversationMenus &menus, const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_models(models)
    , m_sender(sender)
    , m_menus(menus)
    , m_theme(theme)
{
    setAccessibleName(tr("Conversation"));
    setAutoFillBackground(true);
    setAcceptDrops(true);
    build();
    connectParts();
    dress();
    takeOpened();
}

void ConversationPane::build()
{
    m_header = new ConversationHeader(m_theme, this);
    m_banner = new Banner(m_theme, this);
    m_banner->hide();
    m_view = new ConversationView(m_models.messages(), &m_models.images(), m_theme, m_models.clock(), this);
    m_view->setMediaFetch([this](const QString &url, const QString &path) { return m_models.client().save(url, path); });
    m_foot = new QWidget(this);
    m_advisory = new AdvisoryLine(m_theme, m_foot);
    m_advisory->hide();
    m_typing = new ElidedLabel(m_theme, TypeRole::Small, "warn.text"_L1, m_foot);
    m_typing->hide();
    m_composer = new Composer(m_theme, m_models.inboxes(), m_models.drafts(),
                              [this](const QString &path, const QString &name, const QString &mime) { return m_models.api().upload(path, name, mime); },
                              m_models.clock(), m_foot);
    auto *foot = new QVBoxLayout(m_foot);
    foot->addWidget(m_advisory);
    foot->addWidget(m_typing);
    foot->addWidget(m_composer);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    column->addWidget(m_banner);
    column->addWidget(m_view, 1);
    column->addWidget(m_foot);
    m_windowTimer.setSingleShot(true);
    m_floodEnd.setSingleShot(true);
    m_typingEnd.setSingleShot(true);
    m_typingEnd.setInterval(kTypingForgotten);
}

void ConversationPane::connectParts()
{
    connect(&m_models, &DeskModels::opened, this, &ConversationPane::takeOpened);
    connect(&m_models, &DeskModels::currentChanged, this, &ConversationPane::refresh);
    connect(&m_models, &DeskModels::typingNoticed, this, &ConversationPane::showTyping);
    connect(&m_models.inboxes(), &InboxModel::changed, this, &ConversationPane::refresh);
    connect(&m_models.images(), &ImageCache::ready, this, &ConversationPane::refreshPicture);
    MessageListModel &rows = m_models.messages();
    connect(&rows, &MessageListModel::reset, this, &ConversationPane::refreshAdvisory);
    connect(&rows, &MessageListModel::inserted, this, &ConversationPane::refreshAdvisory);
    connect(&rows, &MessageListModel::changed, this, &ConversationPane::refreshAdvisory);
    connect(&m_windowTimer, &QTimer::timeout, this, &ConversationPane::refreshWindow);
    connect(&m_floodEnd, &QTimer::timeout, this, &ConversationPane::refreshBanner);
    connect(&m_typingEnd, &QTimer::timeout, m_typing, &QWidget::hide);

    connect(m_header, &ConversationHeader::resolveRequested, this, [this] {
        if (m_models.current())
            m_menus.toggleResolved(m_models.current()->id);
    });
    connect(m_header, &ConversationHeader::statusMenuRequested, this, &ConversationPane::openStatusMenu);
    connect(m_header, &ConversationHeader::moreRequested, this, [this](const QPoint &at) {
        if (!m_models.current())
            return;
        QMenu menu(this);
        m_menus.fill(menu, m_models.current()->id);
        menu.exec(at);
    });
    connect(m_banner, &Banner::linkActivated, this, [this] { QDesktopServices::openUrl(QUrl(m_policyUrl)); });
    connect(m_banner, &Banner::actionTriggered, this, [this] {
        if (!m_models.current())
            return;
        if (m_bannerKind == BannerKind::Closed || m_bannerKind == BannerKind::NotYetWritten)
            chooseTemplate();
        else if (m_bannerKind == BannerKind::Flood)
            m_menus.askBlock(m_models.current()->id);
        else if (m_bannerKind == BannerKind::Blocked)
            m_menus.unblock(m_models.current()->id);
        else if (m_bannerKind == BannerKind::Reconnect)
            emit reconnectRequested(m_models.current()->inboxId);
        else
            emit inboxSettingsRequested(m_models.current()->inboxId);
    });
    connect(m_advisory, &AdvisoryLine::dismissed, this, [this] {
        if (m_models.current())
            m_dismissed.insert(m_models.current()->id);
        refreshAdvisory();
    });

    connect(m_view, &ConversationView::retryRequested, &m_sender, &MessageSender::retry);
    connect(m_view, &ConversationView::arrivalConfirmed, &m_sender, &MessageSender::confirm);
    connect(m_view, &ConversationView::replyRequested, m_composer, &Composer::quote);
    connect(m_view, &ConversationView::deleteRequested, this, &ConversationPane::confirmDelete);
    connect(m_view, &ConversationView::reactionRequested, this, &ConversationPane::react);
    connect(m_view, &ConversationView::saveRequested, this, &ConversationPane::save);
    connect(m_view, &ConversationView::newestSeen, this, [this](MessageId id) {
        if (m_models.current() && m_models.current()->unreadCount > 0)
            m_models.markRead(m_models.current()->id, id);
    });
    connect(m_composer, &Composer::sendRequested, this, [this](const QList<NewMessage> &messages, const QList<Attachment> &attachments) {
        if (!m_models.current())
            return;
        m_sender.send(messages, attachments, m_models.current()->inboxId);
        m_view->scrollToEnd();
    });
    connect(m_composer, &Composer::templatesRequested, this, &ConversationPane::chooseTemplate);
    connect(m_composer, &Composer::quoteActivated, m_view, &ConversationView::showMessage);
    connect(m_composer, &Composer::typingChanged, this, [this](bool on, bool isPrivate) {
        if (!m_models.current() || m_models.client().state() != DeskClient::State::Open)
            return;
        // A courtesy: nobody waits for its answer.
        whenDone(m_models.api().setTyping(m_models.current()->id, on, isPrivate), this, [](const Result<void> &done) {
            if (!done)
                qCDebug(lcUi).noquote() << "typing.set:" << describe(done.error());
        });
    });
    connect(&m_theme, &Theme::changed, this, &ConversationPane::dress);
}

void ConversationPane::takeOpened()
{
    m_typing->hide();
    const Conversation *conversation = m_models.current();
    if (!conversation) {
        m_windowTimer.stop();
        m_composer->clearConversation();
        return;
    }
    m_view->setUnreadAtOpening(conversation->unreadCount);
    m_header->setPicture({});
    refresh();
}

void ConversationPane::refresh()
{
    const Conversation *conversation = m_models.current();
    if (!conversation)
        return;
    m_header->setConversation(*conversation, m_models.inboxOf(*conversation));
    refreshPicture();
    refreshWindow();
    m_composer->setConversation(*conversation);
    refreshAdvisory();
}

void ConversationPane::refreshWindow()
{
    const Conversation *conversation = m_models.current();
    if (!conversation)
        return;
    const ReplyCountdown countdown = replyCountdown(conversation->replyWindow, m_models.clock().now());
    m_header->setCountdown(countdown);
    const Inbox *inbox = m_models.inboxOf(*conversation);
    const RowTraits traits{.channel = inbox ? shownChannel(*inbox) : Channel::Tiktok,
                           .contactName = contactTitle(conversation->contact),
                           .canReact = inbox && inbox->limits.value("react"_L1).toBool() && conversation->canReply && retryOff().isEmpty(),
                           .canQuote = inbox && composerLimits(*inbox).canQuote && retryOff().isEmpty(),
                           .retryOff = retryOff(),
                           .templatesLeave = (obstacle() == BannerKind::Closed || obstacle() == BannerKind::NotYetWritten) && inbox && composerLimits(*inbox).hasTemplates};
    if (!(traits == m_view->traits()))
        m_view->setTraits(traits);
    refreshBanner();
    if (countdown.nextChange)
        m_windowTimer.start(std::min(*countdown.nextChange, kLongestPause));
    else
        m_windowTimer.stop();
}

void ConversationPane::refreshAdvisory()
{
    const Conversation *conversation = m_models.current();
    bool isEcho = false;
    const MessageListModel &messages = m_models.messages();
    if (conversation && !m_dismissed.contains(conversation->id) && !messages.hasMoreAfter()) {
        for (int i = messages.count() - 1; i >= 0; --i) {
            const Message &message = messages.row(i).message;
            if (message.direction != Message::Direction::Outgoing || message.isPrivate)
                continue;
            if (isAutomaticEcho(message))
                continue;                                // nobody answered
            isEcho = isNativeEcho(message);
            break;
        }
    }
    if (isEcho) {
        const Inbox *inbox = m_models.inboxOf(*conversation);
        m_advisory->setText(nativeAppAdvisory(inbox ? shownChannel(*inbox) : Channel::Tiktok));
    }
    m_advisory->setVisible(isEcho && !m_isCompact);
}

void ConversationPane::refreshPicture()
{
    const Conversation *conversation = m_models.current();
    if (!conversation || conversation->contact.avatarUrl.isEmpty())
        return;
    const int side = qRound(m_theme.avatarPx(56) * devicePixelRatioF());
    const QImage picture = m_models.images().image(conversation->contact.avatarUrl, QSize(side, side));
    if (!picture.isNull())
        m_header->setPicture(picture);
}

void ConversationPane::showTyping(const TypingNotice &notice)
{
    if (!m_models.current() || notice.conversationId != m_models.current()->id || notice.agentId == m_models.me())
        return;
    if (!notice.isOn) {
        m_typing->hide();
        return;
    }
    m_typing->setText(notice.isPrivate ? tr("%1 is writing a note").arg(notice.name) : tr("%1 is writing a reply").arg(notice.name));
    m_typing->show();
    m_typingEnd.start();
}

void ConversationPane::confirmDelete(const Message &message)
{
    auto *dialog = new QMessageBox(QMessageBox::Question, tr("Delete this message?"),
                                   message.id.isNull() ? tr("It never left this computer and can't be brought back.")
                                                       : tr("It is deleted in this inbox for the whole team. The customer keeps what was delivered to them."),
                                   QMessageBox::Cancel, this);
    dialog->setTextFormat(Qt::PlainText);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = dialog->addButton(tr("Delete"), QMessageBox::DestructiveRole);
    dialog->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QAbstractButton::clicked, this, [this, message] { m_sender.remove(message); });
    dialog->open();
}

void ConversationPane::chooseTemplate()
{
    const Conversation *conversation = m_models.current();
    if (!conversation)
        return;
    const ConversationId id = conversation->id;
    const InboxId inbox = conversation->inboxId;
    auto *picker = new TemplatePicker(
        m_theme, [this, inbox](bool anew) { return anew ? m_models.api().syncTemplates(inbox) : m_models.api().templates(inbox); },
        [this](const QString &path, const QString &name, const QString &mime) { return m_models.api().upload(path, name, mime); }, m_composer->limits(), this);
    picker->setAttribute(Qt::WA_DeleteOnClose);
    connect(&m_models.inboxes(), &InboxModel::changed, picker, &TemplatePicker::listChanged);
    connect(picker, &TemplatePicker::chosen, this, [this, id, inbox](const TemplateUse &use, const QString &reads, const QList<Attachment> &files) {
        NewMessage message{.conversationId = id, .clientId = QUuid::createUuid().toString(QUuid::WithoutBraces), .fromTemplate = use};
        for (const Attachment &file : files)
            message.attachmentIds.append(file.id);
        m_sender.send({message}, files, inbox, reads);
        if (m_models.current() && m_models.current()->id == id)
            m_view->scrollToEnd();
    });
    picker->open();
}

void ConversationPane::react(const Message &message, const QString &emoji)
{
    const QString sign = !emoji.isEmpty() && hasSameReaction(message, emoji) ? QString() : emoji;     // its own chip takes it back
    whenDone(m_models.api().react(message.id, sign), this, [this](const Result<Message> &answer) {
        if (!answer)
            emit failed(errorText(answer.error()));
        else if (m_models.messages().conversation() == answer->conversationId)
            m_models.messages().applyMessage(*answer);
    });
}

void ConversationPane::save(const Attachment &attachment)
{
    const QString folder = QStandardPaths::writableLocation(QStandardPaths::DownloadLocation);
    auto *dialog = new QFileDialog(this, tr("Save file"), folder);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->selectFile(safeFileName(attachment));
    const QString url = attachment.url;
    connect(dialog, &QFileDialog::fileSelected, this, [this, url](const QString &path) {
        whenDone(m_models.client().save(url, path), this, [this](const Result<void> &done) {
            if (!done)
                emit failed(errorText(done.error()));
        });
    });
    dialog->open();
}

void ConversationPane::retryLastFailed()
{
    const MessageListModel &messages = m_models.messages();
    for (int i = messages.count() - 1; i >= 0; --i) {
        const Message message = messages.row(i).message;
        if (message.status != MessageStatus::Failed)
            continue;
        const QString reason = retryOff();
        if (!reason.isEmpty()) {
            emit failed(reason);
        } else if (isOutcomeUnknown(message)) {
            m_view->showMessage(message.id);             // it may have arrived: the row asks before it is sent again
            emit failed(tr("The last message may have arrived. Look at it, then choose “Send again”."));
        } else {
            m_sender.retry(message, false);
        }
        return;
    }
    emit failed(tr("Nothing has failed in this conversation."));
}

void ConversationPane::openStatusMenu(const QPoint &globalPosition)
{
    const Conversation *conversation = m_models.current();
    if (!conversation)
        return;
    QMenu menu(this);
    m_menus.fillStatus(menu, conversation->id);
    menu.addSection(tr("Snooze"));
    m_menus.fillSnooze(menu, conversation->id);
    const QSize size = menu.sizeHint();
    menu.exec(layoutDirection() == Qt::RightToLeft ? globalPosition : globalPosition - QPoint(size.width(), 0));
}

void ConversationPane::openSnoozeMenu()
{
    if (!m_models.current())
        return;
    QMenu menu(this);
    m_menus.fillSnooze(menu, m_models.current()->id);
    menu.exec(m_header->mapToGlobal(QPoint(m_header->width() / 2, m_header->height())));
}

void ConversationPane::setCompact(bool compact)
{
    m_isCompact = compact;
    m_composer->setCompact(compact);
    refreshAdvisory();
}

void ConversationPane::dragEnterEvent(QDragEnterEvent *event)
{
    if (event->mimeData()->hasUrls())
        event->acceptProposedAction();
}

void ConversationPane::dropEvent(QDropEvent *event)
{
    QStringList paths;
    const QList<QUrl> urls = event->mimeData()->urls();
    for (const QUrl &url : urls) {
        if (url.isLocalFile())
            paths.append(url.toLocalFile());
    }
    m_composer->attachFiles(paths);
}

void ConversationPane::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("surface.view"_L1));
    setPalette(colors);
    m_foot->layout()->setContentsMargins(m_theme.px(16), m_theme.px(8), m_theme.px(16), m_theme.px(14));
    m_foot->layout()->setSpacing(m_theme.px(8));
}

} // namespace antiphon
