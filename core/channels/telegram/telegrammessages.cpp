#include "core/channels/telegram/telegrammessages.h"

#include "core/base/json.h"
#include "core/channels/telegram/telegramcontent.h"
#include "core/channels/telegram/telegramkinds.h"
#include "core/channels/telegram/telegramthread.h"

#include <QJsonArray>

#include <algorithm>

namespace antiphon::telegram {

using namespace Qt::StringLiterals;

namespace {

/// Update ids begin anew, anywhere, after a week without updates: one that is so far behind is no older one.
constexpr qint64 kRestart = 1'000'000;

QJsonObject object(const QJsonObject &parent, QLatin1StringView key)
{
    return parent.value(key).toObject();
}

QString idOf(const QJsonObject &someone)
{
    const auto id = json::integer(someone.value("id"_L1));
    return id && *id > 0 ? QString::number(*id) : QString();
}

QString nameOf(const QJsonObject &someone)
{
    QStringList names{json::string(someone, "first_name"_L1), json::string(someone, "last_name"_L1)};
    names.removeAll(QString());
    return names.join(u' ');
}

Error malformed(const QString &what)
{
    return {Error::Kind::BadPayload, what};
}

/// The thread that a chat is, by who shares it with the bot. @param from who wrote, where it was not the customer: the owner
Result<Thread> threadIn(const SplitEvent &event, const QJsonObject &chat, const QString &connection, const QString &from)
{
    Thread thread{.chat = idOf(chat)};
    if (connection.isEmpty())
        return thread;
    thread.owner = ownerOf(event.inboxSettings, connection);
    if (thread.owner.isEmpty() && from != thread.chat)
        thread.owner = from;
    if (thread.owner.isEmpty())
        return Error{.kind = Error::Kind::Unavailable, .detail = u"of a business connection nobody told us of"_s, .field = u"business_connection"_s, .code = connection};
    return thread;
}

/// @param from who wrote, where it was the customer: says more than the chat does
InboundCustomer customerOf(const Thread &thread, const QJsonObject &chat, const QJsonObject &from)
{
    InboundCustomer customer{.contactSourceId = thread.sourceId(),
                             .platformUserId = thread.chat,
                             .username = json::string(chat, "username"_L1),
                             .displayName = nameOf(chat),
                             .person = thread.chat};
    if (idOf(from) != thread.chat)
        return customer;
    if (customer.displayName.isEmpty())
        customer.displayName = nameOf(from);
    if (customer.username.isEmpty())
        customer.username = json::string(from, "username"_L1);
    if (const QString language = json::string(from, "language_code"_L1); !language.isEmpty())
        customer.attributes.insert("language_code"_L1, language);
    return customer;
}

/// Who wrote what stands in an owner's chat with a customer.
void readOrigin(InboundMessage *message, const QJsonObject &source, const QString &ownBot)
{
    const QJsonObject bot = object(source, "sender_business_bot"_L1);
    if (source.value("is_from_offline"_L1).toBool()) {
        message->origin = InboundMessage::Origin::Automatic;
    } else if (bot.isEmpty()) {
        message->origin = InboundMessage::Origin::NativeApp;
    } else {
        message->origin = InboundMessage::Origin::OwnApi;
        message->isSurelyOurs = !ownBot.isEmpty() && idOf(bot) == ownBot;
        if (!message->isSurelyOurs) {
            const QString username = json::string(bot, "username"_L1);
            message->senderName = username.isEmpty() ? nameOf(bot) : u'@' + username;
        }
    }
}

/// A few words of a message that this one answers, for when it isn't here.
QString preview(const QJsonObject &message)
{
    const QString text = json::string(message, "text"_L1);
    return (text.isEmpty() ? json::string(message, "caption"_L1) : text).left(200);
}

void readReply(InboundMessage *message, const QJsonObject &source, const Thread &thread)
{
    const QJsonObject answered = object(source, "reply_to_message"_L1);
    const qint64 id = json::integer(answered.value("message_id"_L1)).value_or(0);
    const QString chat = idOf(object(answered, "chat"_L1));
    if (id > 0 && (chat.isEmpty() || chat == thread.chat)) {
        message->inReplyToSourceId = thread.messageId(id);
        if (const QString words = preview(answered); !words.isEmpty())
            message->detail.insert("reply_preview"_L1, words);
    }
    if (const QString words = json::string(object(source, "quote"_L1), "text"_L1); !words.isEmpty())
        message->detail.insert("quote"_L1, words);
    for (const QLatin1StringView key : {"external_reply"_L1, "reply_to_story"_L1}) {
        if (source.value(key).isObject())
            message->detail.insert(key, source.value(key));
    }
}

void readForward(InboundMessage *message, const QJsonObject &origin)
{
    const QString type = json::string(origin, "type"_L1);
    if (type.isEmpty())
        return;
    message->isForwarded = true;
    QString name;
    if (type == "user"_L1)
        name = nameOf(object(origin, "sender_user"_L1));
    else if (type == "hidden_user"_L1)
        name = json::string(origin, "sender_user_name"_L1);
    else if (type == "chat"_L1)
        name = json::string(object(origin, "sender_chat"_L1), "title"_L1);
    else if (type == "channel"_L1)
        name = json::string(object(origin, "chat"_L1), "title"_L1);
    if (!name.isEmpty())
        message->detail.insert("forwarded_from"_L1, name);
}

/// A deep link's word behind "/start", which the customer didn't write; nothing where they wrote something.
std::optional<QString> startPayload(const QString &text)
{
    const qsizetype blank = text.indexOf(u' ');
    const QString command = text.left(blank < 0 ? text.size() : blank);
    const QString payload = blank < 0 ? QString() : text.mid(blank + 1);
    const auto isWordCharacter = [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9') || c == u'_' || c == u'-';
    };
    constexpr qsizetype kLongestPayload = 64;
    if (command != "/start"_L1 && !command.startsWith("/start@"_L1))
        return std::nullopt;
    if (payload.size() > kLongestPayload || !std::all_of(payload.begin(), payload.end(), isWordCharacter))
        return std::nullopt;
    return payload;
}

InboundActivity started(const InboundMessage &message, const QString &payload)
{
    InboundActivity activity{.customer = message.customer,
                             .activity = {{"kind"_L1, u"chat_started"_s}},
                             .opensConversation = true,
                             .attributes = {{"cannot_reply"_L1, QJsonValue::Null}},
                             .platformAt = message.platformAt};
    if (!payload.isEmpty()) {
        activity.activity.insert("payload"_L1, payload);
        activity.attributes.insert("start_payload"_L1, payload);
    }
    return activity;
}

Result<InboundEvent> readMessage(const SplitEvent &event)
{
    const QJsonObject source = object(event.payload, "message"_L1);
    const QJsonObject chat = object(source, "chat"_L1);
    const QJsonObject from = object(source, "from"_L1);
    const qint64 id = json::integer(source.value("message_id"_L1)).value_or(0);
    const QString writer = idOf(from);
    if (id <= 0 || !event.platformAt || idOf(chat).isEmpty())
        return malformed(u"a message without id, chat or time"_s);
    const auto thread = threadIn(event, chat, json::string(source, "business_connection_id"_L1), writer);
    if (!thread)
        return thread.error();
    const bool isEdit = event.kind == kind::kEdit;
    const auto sentAt = json::integer(source.value("date"_L1));
    InboundMessage message{.customer = customerOf(*thread, chat, from),
                           .sourceId = thread->messageId(id),
                           .platformAt = sentAt && *sentAt > 0 ? fromUnixMs(*sentAt * 1000) : *event.platformAt};
    if (thread->isBusiness() && !writer.isEmpty() && writer != thread->chat)
        readOrigin(&message, source, event.account);
    if (!readContent(&message, source))
        return InboundEvent(InboundIgnored{u"a service message"_s});
    readReply(&message, source, *thread);
    readForward(&message, object(source, "forward_origin"_L1));
    if (thread->isBusiness())          // several owners may have connected the bot: whose chat this is
        message.attributes.insert("business_owner"_L1, thread->owner);
    if (!isEdit && !thread->isBusiness()) {
        const auto payload = source.contains("text"_L1) ? startPayload(message.content) : std::nullopt;
        if (payload)
            return InboundEvent(started(message, *payload));
        message.attributes.insert("cannot_reply"_L1, QJsonValue::Null);        // who writes blocks nobody
    }
    if (!isEdit)
        return InboundEvent(message);
    message.editedAt = event.platformAt;
    return InboundEvent(InboundEdit{.contactSourceId = message.customer.contactSourceId,
                                    .messageSourceId = message.sourceId,
                                    .content = message.content,
                                    .entities = message.entities,
                                    .whole = message,
                                    .platformAt = *event.platformAt});
}

Result<InboundEvent> readRevoke(const SplitEvent &event)
{
    const qint64 id = json::integer(event.payload.value("message_id"_L1)).value_or(0);
    const auto thread = threadIn(event, object(event.payload, "chat"_L1), json::string(event.payload, "business_connection_id"_L1), idOf(object(event.payload, "chat"_L1)));
    if (!thread)
        return thread.error();
    if (id <= 0)
        return malformed(u"a deleted message without id"_s);
    return InboundEvent(InboundRevoke{.contactSourceId = thread->sourceId(),
                                      .messageSourceId = thread->messageId(id),
                                      .platformAt = event.platformAt.value_or(Timestamp())});
}

/// What stands on the button that was pressed, as far as the keyboard came along; else the word behind it.
QString titleOf(const QJsonObject &keyboard, const QString &data)
{
    const QJsonArray rows = keyboard.value("inline_keyboard"_L1).toArray();
    for (const QJsonValue &row : rows) {
        const QJsonArray buttons = row.toArray();
        for (const QJsonValue &button : buttons) {
            if (json::string(button.toObject(), "callback_data"_L1) == data)
                return json::string(button.toObject(), "text"_L1);
        }
    }
    return {};
}

Result<InboundEvent> readButton(const SplitEvent &event)
{
    const QJsonObject query = object(event.payload, "query"_L1);
    const QJsonObject carrier = object(query, "message"_L1);
    const QJsonObject from = object(query, "from"_L1);
    const QJsonObject chat{{"id"_L1, from.value("id"_L1)}};
    const auto thread = threadIn(event, chat, json::string(carrier, "business_connection_id"_L1), idOf(from));
    if (!thread)
        return thread.error();
    if (!event.platformAt)
        return malformed(u"a pressed button without time"_s);
    const QString data = json::string(query, "data"_L1);
    const QString title = data.isEmpty() ? QString() : titleOf(object(carrier, "reply_markup"_L1), data);
    InboundMessage message{.customer = customerOf(*thread, chat, from),
                           .sourceId = u"cb/"_s + json::string(query, "id"_L1),
                           .content = title.isEmpty() ? data : title,
                           .contentType = Message::ContentType::Interactive,
                           .platformAt = *event.platformAt,
                           .detail = {{"button"_L1, QJsonObject{{"data"_L1, data}, {"title"_L1, title}}}},
                           .opensWindow = !thread->isBusiness()};
    if (message.content.isEmpty())
        message.content = u"[button]"_s;
    if (const qint64 id = json::integer(carrier.value("message_id"_L1)).value_or(0); id > 0)
        message.inReplyToSourceId = thread->messageId(id);
    if (!thread->isBusiness())
        message.attributes.insert("cannot_reply"_L1, QJsonValue::Null);
    return InboundEvent(message);
}

Result<InboundEvent> readMembership(const SplitEvent &event)
{
    const QJsonObject change = object(event.payload, "change"_L1);
    const QString before = json::string(object(change, "old_chat_member"_L1), "status"_L1);
    const QString status = json::string(object(change, "new_chat_member"_L1), "status"_L1);
    const bool isBlocked = status == "kicked"_L1;
    if ((!isBlocked && status != "member"_L1) || status == before)
        return InboundEvent(InboundIgnored{u"nothing that matters to an agent"_s});
    if (!event.platformAt)
        return malformed(u"a change without time"_s);
    const QJsonObject chat = object(change, "chat"_L1);
    const Thread thread{.chat = idOf(chat)};
    return InboundEvent(InboundActivity{.customer = customerOf(thread, chat, object(change, "from"_L1)),
                                        .activity = {{"kind"_L1, isBlocked ? u"customer_blocked"_s : u"customer_unblocked"_s}},
                                        .attributes = {{"cannot_reply"_L1, isBlocked ? QJsonValue(u"blocked"_s) : QJsonValue(QJsonValue::Null)}},
                                        .platformAt = *event.platformAt});
}

Result<InboundEvent> readConnection(const SplitEvent &event)
{
    const qint64 update = json::integer(event.payload.value("update_id"_L1)).value_or(0);
    return InboundEvent(connectionIn(object(event.payload, "connection"_L1), event.inboxSettings, update));
}

} // namespace

InboundConnection connectionIn(const QJsonObject &source, const QJsonObject &settings, qint64 update)
{
    const QJsonObject owner = object(source, "user"_L1);
    const QString ownerId = idOf(owner);
    const QJsonObject rights = object(source, "rights"_L1);
    const auto has = [&](QLatin1StringView right) { return rights.value(right).toBool(); };
    const qint64 known = json::integer(connectionOf(settings, ownerId).value("revision"_L1)).value_or(0);
    const qint64 revision = known - update > kRestart ? known + 1 : update;
    const QJsonObject connection{
        {"id"_L1, json::string(source, "id"_L1)},
        {"name"_L1, nameOf(owner)},
        {"username"_L1, json::string(owner, "username"_L1)},
        {"enabled"_L1, source.value("is_enabled"_L1).toBool()},
        {"can_reply"_L1, has("can_reply"_L1) || (rights.isEmpty() && source.value("can_reply"_L1).toBool())},
        {"can_read"_L1, has("can_read_messages"_L1)},
        {"can_delete"_L1, has("can_delete_sent_messages"_L1) || has("can_delete_outgoing_messages"_L1)},
        {"revision"_L1, revision},
    };
    return {.ownerId = ownerId, .threadPrefix = Thread::prefix(ownerId), .connection = connection, .cannotReply = cannotReply(connection), .revision = revision};
}

Result<InboundEvent> readEvent(const SplitEvent &event)
{
    if (!event.broken.isEmpty())
        return malformed(event.broken);
    if (event.kind == kind::kConnection)
        return readConnection(event);
    if (event.kind == kind::kRevoke)
        return readRevoke(event);
    if (event.kind == kind::kButton)
        return readButton(event);
    if (event.kind == kind::kMembership)
        return readMembership(event);
    if (event.kind == kind::kMessage || event.kind == kind::kEcho || event.kind == kind::kEdit)
        return readMessage(event);
    return InboundEvent(InboundIgnored{json::string(event.payload, "reason"_L1)});
}

} // namespace antiphon::telegram
