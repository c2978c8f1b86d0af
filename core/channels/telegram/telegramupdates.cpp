#include "core/channels/telegram/telegramupdates.h"

#include "core/base/json.h"
#include "core/channels/telegram/telegramkinds.h"
#include "core/channels/telegram/telegramthread.h"

#include <QCryptographicHash>

namespace antiphon::telegram {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kLatest = 100'000'000'000;

QJsonObject object(const QJsonObject &parent, QLatin1StringView key)
{
    return parent.value(key).toObject();
}

std::optional<Timestamp> moment(const QJsonValue &value)
{
    const auto seconds = json::integer(value);
    return seconds && *seconds > 0 && *seconds < kLatest ? std::optional(fromUnixMs(*seconds * 1000)) : std::nullopt;
}

/// The id of a person's chat; empty where it is none.
QString personOf(const QJsonObject &chat)
{
    const auto id = json::integer(chat.value("id"_L1));
    return id && *id > 0 ? QString::number(*id) : QString();
}

/// Makes the events of one update.
class Update {
public:
    Update(QJsonObject update, UpdateSource source) : m_update(std::move(update)), m_source(std::move(source))
    {
        const auto id = json::integer(m_update.value("update_id"_L1));
        m_key = id ? u"u:%1"_s.arg(*id)
                   : u"x:"_s + QString::fromLatin1(QCryptographicHash::hash(json::toBytes(m_update), QCryptographicHash::Sha256).toHex());
        m_id = id.value_or(0);
    }

    QList<SplitEvent> split() const
    {
        if (m_key.startsWith(u'x'))
            return {broken(kind::kUnknown, {}, u"an update without id"_s)};
        using Split = QList<SplitEvent> (Update::*)(QLatin1StringView) const;
        static const std::initializer_list<std::pair<QLatin1StringView, Split>> kinds{
            {"message"_L1, &Update::message},
            {"edited_message"_L1, &Update::message},
            {"business_message"_L1, &Update::message},
            {"edited_business_message"_L1, &Update::message},
            {"business_connection"_L1, &Update::connection},
            {"deleted_business_messages"_L1, &Update::revocations},
            {"callback_query"_L1, &Update::button},
            {"my_chat_member"_L1, &Update::membership},
        };
        for (const auto &[name, split] : kinds) {
            if (m_update.contains(name) && !m_update.value(name).isObject())
                return {broken(kind::kUnknown, {{"value"_L1, m_update.value(name)}}, u"%1 is no object"_s.arg(name))};
            if (m_update.contains(name))
                return (this->*split)(name);
        }
        return {leftOut()};
    }

private:
    SplitEvent make(QLatin1StringView kind, const QString &chat, const QJsonObject &payload) const
    {
        SplitEvent event{.inbox = m_source.inbox, .account = m_source.account, .dedupeKey = m_key, .kind = kind, .platformAt = m_source.at, .payload = payload};
        if (!chat.isEmpty())
            event.lane = lane(m_source.inbox, chat);
        else
            event.target = m_key;
        event.payload.insert("update_id"_L1, m_id);
        return event;
    }

    SplitEvent broken(QLatin1StringView kind, const QJsonObject &payload, const QString &why) const
    {
        SplitEvent event = make(kind, {}, payload);
        event.broken = why;
        return event;
    }

    /// Nothing of what somebody wrote where we don't belong is kept.
    SplitEvent ignored(const QString &why) const { return make(kind::kIgnored, {}, {{"reason"_L1, why}}); }

    SplitEvent leftOut() const
    {
        static const QStringList groups{u"channel_post"_s, u"edited_channel_post"_s};
        QString name;
        const QStringList members = m_update.keys();
        for (const QString &member : members) {
            if (member != "update_id"_L1)
                name = member;
        }
        if (groups.contains(name))
            return ignored(u"a channel's post"_s);
        return make(kind::kUnknown, {}, {{"reason"_L1, u"an update of a kind nobody told us of: "_s + name.left(64)}});
    }

    /// Whether it stands in somebody's private chat; else what it stands in.
    static QString foreignChat(const QJsonObject &chat)
    {
        const QString type = json::string(chat, "type"_L1);
        if (type.isEmpty() || type == "private"_L1)
            return {};
        return type == "channel"_L1 ? u"a channel's post"_s : u"a group's message"_s;
    }

    QList<SplitEvent> message(QLatin1StringView name) const
    {
        const QJsonObject message = object(m_update, name);
        const QJsonObject chat = object(message, "chat"_L1);
        if (const QString foreign = foreignChat(chat); !foreign.isEmpty())
            return {ignored(foreign)};
        const bool isEdit = name.startsWith("edited"_L1);
        const bool isBusiness = name.contains("business"_L1);
        const QString person = personOf(chat);
        const QString from = personOf(object(message, "from"_L1));
        const bool isEcho = isBusiness && !from.isEmpty() && from != person;
        const QLatin1StringView kind = isEdit ? kind::kEdit : isEcho ? kind::kEcho : kind::kMessage;
        const auto at = moment(message.value(isEdit && message.contains("edit_date"_L1) ? "edit_date"_L1 : "date"_L1));
        const QJsonObject payload{{"message"_L1, message}};
        if (person.isEmpty())
            return {broken(kind, payload, u"a message without chat"_s)};
        if (json::integer(message.value("message_id"_L1)).value_or(0) <= 0)
            return {broken(kind, payload, u"a message without id"_s)};
        if (isBusiness && json::string(message, "business_connection_id"_L1).isEmpty())
            return {broken(kind, payload, u"a business message without its connection"_s)};
        if (!at && !m_source.at)
            return {broken(kind, payload, u"a message without time"_s)};
        SplitEvent event = make(kind, person, payload);
        event.platformAt = at ? at : m_source.at;
        return {event};
    }

    QList<SplitEvent> connection(QLatin1StringView name) const
    {
        const QJsonObject connection = object(m_update, name);
        const QString owner = personOf(object(connection, "user"_L1));
        const QJsonObject payload{{"connection"_L1, connection}};
        if (owner.isEmpty() || json::string(connection, "id"_L1).isEmpty())
            return {broken(kind::kConnection, payload, u"a connection of nobody"_s)};
        return {make(kind::kConnection, u'b' + owner, payload)};
    }

    QList<SplitEvent> revocations(QLatin1StringView name) const
    {
        const QJsonObject deleted = object(m_update, name);
        const QJsonObject chat = object(deleted, "chat"_L1);
        const QString person = personOf(chat);
        const QString connection = json::string(deleted, "business_connection_id"_L1);
        const QJsonArray ids = deleted.value("message_ids"_L1).toArray();
        if (person.isEmpty() || connection.isEmpty() || ids.isEmpty())
            return {broken(kind::kRevoke, {{"deleted"_L1, deleted}}, u"a deletion of nothing"_s)};
        QList<SplitEvent> events;
        for (const QJsonValue &value : ids) {
            const auto id = json::integer(value);
            SplitEvent event = make(kind::kRevoke, person, {{"chat"_L1, chat}, {"business_connection_id"_L1, connection}, {"message_id"_L1, id.value_or(0)}});
            event.dedupeKey += u':' + (id ? QString::number(*id) : u"?%1"_s.arg(events.size()));
            if (id.value_or(0) <= 0)
                event.broken = u"a deleted message without id"_s;
            events.append(event);
        }
        return events;
    }

    QList<SplitEvent> button(QLatin1StringView name) const
    {
        const QJsonObject query = object(m_update, name);
        const QString person = personOf(object(query, "from"_L1));
        const QJsonObject payload{{"query"_L1, query}};
        if (person.isEmpty() || json::string(query, "id"_L1).isEmpty())
            return {broken(kind::kButton, payload, u"a pressed button of nobody"_s)};
        if (const QString foreign = foreignChat(object(object(query, "message"_L1), "chat"_L1)); !foreign.isEmpty())
            return {ignored(foreign)};
        const auto at = moment(object(query, "message"_L1).value("date"_L1));
        SplitEvent event = make(kind::kButton, person, payload);
        if (!event.platformAt)
            event.platformAt = at;
        return {event};
    }

    QList<SplitEvent> membership(QLatin1StringView name) const
    {
        const QJsonObject change = object(m_update, name);
        if (const QString foreign = foreignChat(object(change, "chat"_L1)); !foreign.isEmpty())
            return {ignored(foreign)};
        const QString person = personOf(object(change, "chat"_L1));
        const QJsonObject payload{{"change"_L1, change}};
        if (person.isEmpty())
            return {broken(kind::kMembership, payload, u"a change of nobody's"_s)};
        SplitEvent event = make(kind::kMembership, person, payload);
        if (const auto at = moment(change.value("date"_L1)))
            event.platformAt = at;
        return {event};
    }

    QJsonObject m_update;
    UpdateSource m_source;
    QString m_key;
    qint64 m_id = 0;
};

} // namespace

QJsonArray allowedUpdates()
{
    return {u"message"_s,
            u"edited_message"_s,
            u"business_connection"_s,
            u"business_message"_s,
            u"edited_business_message"_s,
            u"deleted_business_messages"_s,
            u"callback_query"_s,
            u"my_chat_member"_s};
}

QList<SplitEvent> splitUpdate(const QJsonObject &update, const UpdateSource &source)
{
    return Update(update, source).split();
}

QList<SplitEvent> connectionEvents(const QJsonObject &connection, const UpdateSource &source)
{
    QList<SplitEvent> events = Update({{"business_connection"_L1, connection}, {"update_id"_L1, 0}}, source).split();
    const QString key = u"bc:%1:%2:%3"_s.arg(json::string(connection, "id"_L1))
                            .arg(json::integer(connection.value("date"_L1)).value_or(0))
                            .arg(connection.value("is_enabled"_L1).toBool() ? 1 : 0);
    for (SplitEvent &event : events)
        event.dedupeKey = key;
    return events;
}

QString inboxOfPath(const QByteArray &path)
{
    return QString::fromUtf8(path.mid(path.lastIndexOf('/') + 1));
}

Result<QList<SplitEvent>> splitWebhook(const RawWebhook &hook)
{
    const auto update = json::parseObject(hook.body);
    if (!update)
        return update.error();
    if (!json::integer(update->value("update_id"_L1)))
        return Error{Error::Kind::BadPayload, u"no update_id"_s, u"update_id"_s};
    UpdateSource source{.inbox = InboxId::fromString(inboxOfPath(hook.path)).value_or(InboxId())};
    if (toUnixMs(hook.receivedAt) > 0)
        source.at = hook.receivedAt;
    return splitUpdate(*update, source);
}

} // namespace antiphon::telegram
