#include "app/demo/simulatedtelegram.h"

namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

void merge(QJsonObject &into, const QJsonObject &more)
{
    for (auto it = more.begin(); it != more.end(); ++it)
        into.insert(it.key(), it.value());
}

QJsonObject sized(QJsonObject file, int width, int height)
{
    file.insert(u"width"_s, width);
    file.insert(u"height"_s, height);
    return file;
}

} // namespace

QJsonObject SimulatedTelegram::userOf(const TelegramPerson &person, bool isBot)
{
    QJsonObject user{{u"id"_s, person.id}, {u"is_bot"_s, isBot}, {u"first_name"_s, person.firstName}};
    if (!person.lastName.isEmpty())
        user.insert(u"last_name"_s, person.lastName);
    if (!person.username.isEmpty())
        user.insert(u"username"_s, person.username);
    if (!person.languageCode.isEmpty())
        user.insert(u"language_code"_s, person.languageCode);
    return user;
}

QJsonObject SimulatedTelegram::chatOf(const TelegramPerson &person)
{
    QJsonObject chat = userOf(person);
    chat.remove(u"is_bot"_s);
    chat.remove(u"language_code"_s);
    chat.insert(u"type"_s, u"private"_s);
    return chat;
}

QJsonObject SimulatedTelegram::connectionOf(const QString &id) const
{
    const Connection connection = m_connections.value(id);
    QJsonObject rights;
    for (const QString &right : connection.rights)
        rights.insert(right, true);
    return {{u"id"_s, id},
            {u"user"_s, userOf(connection.owner)},
            {u"user_chat_id"_s, connection.owner.id},
            {u"date"_s, toUnixMs(connection.made) / 1000},
            {u"can_reply"_s, connection.rights.contains(u"can_reply"_s)},
            {u"rights"_s, rights},
            {u"is_enabled"_s, connection.isEnabled}};
}

QString SimulatedTelegram::chatKey(qint64 chat, const QString &owner) { return owner.isEmpty() ? QString::number(chat) : u"b%1/%2"_s.arg(owner).arg(chat); }

QString SimulatedTelegram::keyOf(qint64 chat, const QString &connection) const
{
    return chatKey(chat, connection.isEmpty() ? QString() : QString::number(m_connections.value(connection).owner.id));
}

SimulatedTelegram::Chat &SimulatedTelegram::chat(const TelegramPerson &with, const QString &connection)
{
    Chat &found = m_chats[keyOf(with.id, connection)];
    found.person = with;
    return found;
}

QJsonObject SimulatedTelegram::newMessage(const TelegramPerson &with, const TelegramPerson &from, QJsonObject members, const TelegramEvent &event)
{
    Chat &place = chat(with, event.connection);
    const Timestamp at = event.at.value_or(now());
    const qint64 id = event.messageId ? event.messageId : place.lastMessage + 1;
    place.lastMessage = std::max(place.lastMessage, id);
    place.isStarted = true;
    if (from.id == with.id)
        place.lastIncoming = std::max(place.lastIncoming.value_or(at), at);
    merge(members, event.more);
    members.insert(u"message_id"_s, id);
    members.insert(u"from"_s, userOf(from, from.id == m_options.bot.id));
    members.insert(u"chat"_s, chatOf(with));
    members.insert(u"date"_s, toUnixMs(at) / 1000);
    if (!event.connection.isEmpty())
        members.insert(u"business_connection_id"_s, event.connection);
    if (event.replyTo)
        members.insert(u"reply_to_message"_s, place.messages.value(event.replyTo, QJsonObject{{u"message_id"_s, event.replyTo}}));
    QJsonObject kept = members;
    kept.remove(u"reply_to_message"_s);         // a reply's own reply isn't embedded
    place.messages.insert(id, kept);
    return members;
}

void SimulatedTelegram::tellMessage(const QString &kind, const QJsonObject &message, const TelegramEvent &event)
{
    const bool isBusiness = !event.connection.isEmpty();
    static const QHash<QString, QString> businessKinds{{u"message"_s, u"business_message"_s}, {u"edited_message"_s, u"edited_business_message"_s}};
    if (event.withUpdate)
        tell(isBusiness ? businessKinds.value(kind) : kind, message, keyOf(message[u"chat"_s][u"id"_s].toInteger(), event.connection));
}

qint64 SimulatedTelegram::customerSends(const TelegramPerson &from, const QJsonObject &members, const TelegramEvent &event)
{
    const QJsonObject message = newMessage(from, from, members, event);
    tellMessage(u"message"_s, message, event);
    return message[u"message_id"_s].toInteger();
}

qint64 SimulatedTelegram::customerWrites(const TelegramPerson &from, const QString &text, const TelegramEvent &event) { return customerSends(from, {{u"text"_s, text}}, event); }

qint64 SimulatedTelegram::customerSendsFile(const TelegramPerson &from, const QString &kind, const QByteArray &bytes, const QJsonObject &more, const QString &caption,
                                            const TelegramEvent &event)
{
    QJsonObject file = offerFile(bytes);
    QJsonObject members;
    if (kind == "photo"_L1) {
        QJsonObject large = sized(file, 1280, 960);
        merge(large, more);
        members.insert(u"photo"_s, QJsonArray{sized(offerFile("small"), 90, 67), large, sized(offerFile("middle"), 320, 240)});
    } else {
        merge(file, more);
        members.insert(kind, file);
        if (kind == "animation"_L1)
            members.insert(u"document"_s, file);
    }
    if (!caption.isEmpty())
        members.insert(u"caption"_s, caption);
    return customerSends(from, members, event);
}

qint64 SimulatedTelegram::customerStarts(const TelegramPerson &from, const QString &payload)
{
    const QJsonObject command{{u"type"_s, u"bot_command"_s}, {u"offset"_s, 0}, {u"length"_s, 6}};
    return customerSends(from, {{u"text"_s, payload.isEmpty() ? u"/start"_s : u"/start "_s + payload}, {u"entities"_s, QJsonArray{command}}});
}

void SimulatedTelegram::customerEdits(const TelegramPerson &from, qint64 messageId, const QString &text, const TelegramEvent &event)
{
    Chat &place = chat(from, event.connection);
    QJsonObject message = place.messages.value(messageId);
    if (message.isEmpty())      // from before the bot was told of anything
        message = {{u"message_id"_s, messageId}, {u"from"_s, userOf(from)}, {u"chat"_s, chatOf(from)}, {u"date"_s, toUnixMs(now()) / 1000 - 60}};
    if (!event.connection.isEmpty())
        message.insert(u"business_connection_id"_s, event.connection);
    message.insert(message.contains(u"caption"_s) ? u"caption"_s : u"text"_s, text);
    message.insert(u"edit_date"_s, toUnixMs(event.at.value_or(now())) / 1000);
    merge(message, event.more);
    place.messages.insert(messageId, message);
    tellMessage(u"edited_message"_s, message, event);
}

void SimulatedTelegram::tellMember(const TelegramPerson &person, bool isBlocked)
{
    const QJsonObject bot = userOf(m_options.bot, true);
    const auto member = [&bot](bool isOut) { return QJsonObject{{u"user"_s, bot}, {u"status"_s, isOut ? u"kicked"_s : u"member"_s}}; };
    tell(u"my_chat_member"_s,
         {{u"chat"_s, chatOf(person)}, {u"from"_s, userOf(person)}, {u"date"_s, toUnixMs(now()) / 1000}, {u"old_chat_member"_s, member(!isBlocked)}, {u"new_chat_member"_s, member(isBlocked)}},
         keyOf(person.id, {}));
}

void SimulatedTelegram::customerBlocks(const TelegramPerson &from)
{
    chat(from, {}).isBlocked = true;
    tellMember(from, true);
}

void SimulatedTelegram::customerUnblocks(const TelegramPerson &from)
{
    chat(from, {}).isBlocked = false;
    tellMember(from, false);
}

void SimulatedTelegram::customerDeletesAccount(const TelegramPerson &from) { chat(from, {}).isDeactivated = true; }

QString SimulatedTelegram::customerPresses(const TelegramPerson &from, qint64 messageId, const QString &data, const TelegramEvent &event)
{
    const QString id = newDigits(18);
    m_queries.append(id);
    QJsonObject message = chat(from, event.connection).messages.value(messageId);
    if (message.isEmpty())
        message = {{u"message_id"_s, messageId}, {u"chat"_s, chatOf(from)}, {u"date"_s, 0}};
    tell(u"callback_query"_s, {{u"id"_s, id}, {u"from"_s, userOf(from)}, {u"message"_s, message}, {u"chat_instance"_s, u"-"_s + newDigits(18)}, {u"data"_s, data}},
         keyOf(from.id, event.connection));
    return id;
}

void SimulatedTelegram::setPhoto(const TelegramPerson &of, const QByteArray &bytes)
{
    m_photos.insert(of.id, bytes.isEmpty() ? QJsonArray() : QJsonArray{QJsonArray{sized(offerFile(bytes), 160, 160), sized(offerFile(bytes), 640, 640)}});
}

QString SimulatedTelegram::connectBusiness(const TelegramPerson &owner, const QStringList &rights, bool isTold)
{
    const QString id = u"bc_"_s + randomToken(random(), 128);
    m_connections.insert(id, {.owner = owner, .rights = rights, .made = now()});
    if (isTold)
        tell(u"business_connection"_s, connectionOf(id), u"owner "_s + QString::number(owner.id));
    return id;
}

void SimulatedTelegram::changeBusiness(const QString &id, bool isEnabled, const QStringList &rights)
{
    Connection &connection = m_connections[id];
    connection.isEnabled = isEnabled;
    connection.rights = rights;
    tell(u"business_connection"_s, connectionOf(id), u"owner "_s + QString::number(connection.owner.id));
}

qint64 SimulatedTelegram::ownerWrites(const QString &connection, const TelegramPerson &to, const QString &text, const TelegramEvent &event)
{
    TelegramEvent there = event;
    there.connection = connection;
    const QJsonObject message = newMessage(to, m_connections.value(connection).owner, {{u"text"_s, text}}, there);
    tellMessage(u"message"_s, message, there);
    return message[u"message_id"_s].toInteger();
}

void SimulatedTelegram::deleteMessages(const QString &connection, const TelegramPerson &with, const QList<qint64> &messageIds)
{
    QJsonArray ids;
    for (const qint64 id : messageIds) {
        ids.append(id);
        chat(with, connection).messages.remove(id);
    }
    tell(u"deleted_business_messages"_s, {{u"business_connection_id"_s, connection}, {u"chat"_s, chatOf(with)}, {u"message_ids"_s, ids}}, keyOf(with.id, connection));
}

} // namespace antiphon::demo
