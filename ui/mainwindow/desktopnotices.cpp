#include "ui/mainwindow/desktopnotices.h"

#include "core/base/logging.h"
#include "ui/contactpanel/contacttext.h"
#include "ui/models/messagetext.h"
#include "ui/models/whendone.h"
#include "ui/notices/toasts.h"
#include "ui/settings/uisettings.h"

#include <QDateTime>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// A burst is told of together, and the conversation that belongs to a message is there by then.
constexpr auto kGather = 400ms;
/// What is fetched after an absence comes in over a while.
constexpr auto kGatherFetched = 3000ms;
const QString kTrial = u"trial"_s;

} // namespace

DesktopNotices::DesktopNotices(DeskModels &models, const UiSettings &settings, Toasts &toasts, std::function<NoticeSight()> sight, QObject *parent)
    : QObject(parent)
    , m_models(models)
    , m_settings(settings)
    , m_toasts(toasts)
    , m_sight(std::move(sight))
{
    m_gather.setSingleShot(true);
    connect(&m_gather, &QTimer::timeout, this, &DesktopNotices::flush);
    connect(&m_models, &DeskModels::eventApplied, this, &DesktopNotices::takeEvent);
    connect(&m_toasts, &Toasts::activated, this, &DesktopNotices::activate);
    connect(&m_toasts, &Toasts::readRequested, this, &DesktopNotices::markRead);
    connect(&m_toasts, &Toasts::closed, this, [this](const QString &key) { m_announcer.forget(key); });
    connect(&m_toasts, &Toasts::shown, this, [this](const QString &key) {
        if (key == kTrial)
            emit tried(true);
    });
    connect(&m_toasts, &Toasts::refused, this, [this](const Toast &toast) {
        if (toast.key == kTrial)
            emit tried(false);
    });
    connect(&m_toasts, &Toasts::notShown, this, [this](const Toast &toast) {
        m_announcer.forget(toast.key);
        if (toast.key == kTrial)
            emit tried(false);
    });
    connect(&m_models.client(), &DeskClient::resyncNeeded, this, [this] {
        m_gather.stop();
        m_waiting.clear();                       // what was told of is read anew, and is no news
        m_asked.clear();
        m_order.clear();
    });
}

/// Read as a whole is only what may be told of: many events come while many write.
void DesktopNotices::takeEvent(const DeskEvent &event)
{
    if (event.type == "message.created"_L1) {
        if (event.data.value("direction"_L1) != "incoming"_L1)
            return;
        if (const auto message = messageFromJson(event.data))
            takeMessage(*message);
    } else if (event.type == "message.updated"_L1) {
        takeChanged(event.data);
    } else if (event.type == "conversation.created"_L1 || event.type == "conversation.updated"_L1) {
        const auto id = ConversationId::fromString(event.data.value("id"_L1).toString());
        if (!id || (!m_waiting.contains(*id) && !m_announcer.speaksOf(*id)))
            return;
        if (const auto conversation = conversationFromJson(event.data))
            takeConversation(*conversation);
    }
}

void DesktopNotices::takeMessage(const Message &message)
{
    if (message.direction != Message::Direction::Incoming)
        return;
    if (!m_waiting.contains(message.conversationId))
        m_order.append(message.conversationId);
    m_waiting[message.conversationId].messages.append(message);
    const auto pause = message.caughtUp ? kGatherFetched : kGather;
    if (!m_gather.isActive() || m_gather.remainingTime() > pause.count())
        m_gather.start(pause);
}

/// What was edited or taken back is not told in its former words, neither later nor in the toast that stands there.
void DesktopNotices::takeChanged(const QJsonObject &json)
{
    const auto id = MessageId::fromString(json.value("id"_L1).toString());
    const auto conversation = ConversationId::fromString(json.value("conversation_id"_L1).toString());
    if (!id || !conversation)
        return;
    const bool isTold = m_announcer.speaksOf(*conversation, *id);
    if (!isTold && !m_waiting.contains(*conversation) && !m_asked.contains(*conversation))
        return;
    const auto message = messageFromJson(json);
    if (!message)
        return;
    for (auto *those : {&m_waiting, &m_asked}) {
        const auto waiting = those->find(*conversation);
        if (waiting == those->end())
            continue;
        for (Message &one : waiting->messages) {
            if (one.id == *id)
                one = *message;
        }
    }
    if (!isTold)
        return;
    const Conversation *known = m_models.find(*conversation);
    obey(m_announcer.noteChanged(*message, textOf(*message, known ? *known : Conversation{.inboxId = message->inboxId}), m_settings.notices()));
}

void DesktopNotices::takeConversation(const Conversation &conversation)
{
    if (const auto waiting = m_waiting.find(conversation.id); waiting != m_waiting.end())
        waiting->conversation = conversation;
    if (conversation.unreadCount == 0)
        obey({.closes = m_announcer.noteRead(conversation.id)});
}

/// What is complete is told; a conversation that nobody has spoken of is asked for first.
void DesktopNotices::flush()
{
    QList<Waiting> ready;
    for (const ConversationId id : std::exchange(m_order, {})) {
        Waiting waiting = m_waiting.take(id);
        if (!waiting.conversation) {
            if (const Conversation *known = m_models.find(id))
                waiting.conversation = *known;
        }
        if (waiting.conversation)
            ready.append(waiting);
        else
            ask(id, waiting);
    }
    announce(ready);
}

void DesktopNotices::ask(ConversationId id, const Waiting &waiting)
{
    const bool isAsked = m_asked.contains(id);
    m_asked[id].messages += waiting.messages;
    if (isAsked)
        return;
    whenDone(m_models.api().conversation(id), this, [this, id](const Result<Conversation> &conversation) {
        Waiting asked = m_asked.take(id);
        if (!conversation) {
            qCWarning(lcUi).noquote() << "nobody is told of a message:" << describe(conversation.error());
            return;
        }
        asked.conversation = *conversation;
        announce({asked});
    });
}

QString DesktopNotices::textOf(const Message &message, const Conversation &conversation) const
{
    const Inbox *inbox = m_models.inboxOf(conversation);
    return messagePreview(message, inbox ? shownChannel(*inbox) : Channel::Tiktok).text;
}

void DesktopNotices::announce(const QList<Waiting> &ready)
{
    QList<Arrival> arrivals;
    for (const Waiting &waiting : ready) {
        Arrival arrival{.conversation = *waiting.conversation};
        arrival.conversation.contact.name = contactTitle(waiting.conversation->contact);
        for (const Message &message : waiting.messages) {
            arrival.message = message;
            arrival.text = textOf(message, *waiting.conversation);
            arrivals.append(arrival);
        }
    }
    const Timestamp now = m_models.clock().now();
    const Announcer::Moment moment{.now = now,
                                   .local = QDateTime::fromMSecsSinceEpoch(toUnixMs(now)).time(),
                                   .me = m_models.me(),
                                   .sight = m_sight()};
    const Announcer::Orders orders = m_announcer.announce(arrivals, m_settings.notices(), moment);
    obey(orders);
    if (!orders.toasts.isEmpty())
        emit announced();
}

void DesktopNotices::obey(const Announcer::Orders &orders)
{
    for (const QString &key : orders.closes)
        m_toasts.close(key);
    for (const Toast &toast : orders.toasts)
        m_toasts.show(toast);
}

void DesktopNotices::forget(const QString &key)
{
    m_announcer.forget(key);
    m_toasts.close(key);
}

void DesktopNotices::activate(const QString &key)
{
    const ConversationId id = Announcer::conversationOf(key);
    forget(key);
    emit windowRequested();
    if (id)
        emit conversationRequested(id);
}

void DesktopNotices::markRead(const QString &key)
{
    const ConversationId id = Announcer::conversationOf(key);
    const MessageId upTo = m_announcer.newestTold(id);
    forget(key);
    if (id && upTo)
        m_models.markRead(id, upTo);
}

void DesktopNotices::noteWindowActive()
{
    for (const QString &key : {Announcer::missedKey(), Announcer::manyKey()}) {
        if (m_announcer.isTold(key))
            forget(key);
    }
}

void DesktopNotices::tryOne()
{
    const NoticeWishes wishes = m_settings.notices();
    m_toasts.show({.key = kTrial, .title = u"Antiphon"_s, .body = tr("This is how a new message is announced."), .isSilent = !wishes.hasSound});
}

} // namespace antiphon
