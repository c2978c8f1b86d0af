// Persons who let an account act in their own chats.

#include "core/base/json.h"
#include "core/intake/inboundcontext.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kConnections = "business_connections"_L1;
constexpr auto kRevision = "revision"_L1;
constexpr auto kPrefix = "thread_prefix"_L1;
constexpr auto kAt = "at"_L1;
/// A platform repeats for a day at most. What comes later is no repeat, whatever it counts.
constexpr Milliseconds kRepeats = std::chrono::hours(24);
constexpr int kThreadsASlice = 50;

/// What a connection as it is means for its threads; what else stands in the way of one stays.
bool isOfConnection(const QString &why)
{
    return why.isEmpty() || why == "connection_off"_L1 || why == "no_right"_L1;
}

bool isOlder(const InboundConnection &connection, const QJsonObject &known, Timestamp receivedAt)
{
    const auto revision = json::integer(known.value(kRevision));
    if (!revision || *revision < connection.revision)
        return false;
    const auto at = fromRfc3339(known.value(kAt).toString());
    return *revision == connection.revision || !at || receivedAt - *at < kRepeats;
}

/// Up to a slice of threads behind `after` whose addresses begin with the prefix.
Result<QList<contacts::ContactInboxRow>> threadsOf(ReadTransaction &tx, InboxId inbox, const QString &prefix, const QString &after)
{
    QStringList addresses;
    {
        Query q = tx.query(u"SELECT source_id FROM contact_inbox WHERE inbox_id = :inbox AND source_id > :after AND source_id < :end ORDER BY source_id LIMIT :n"_s);
        q.bind(":inbox"_L1, inbox).bind(":after"_L1, after).bind(":end"_L1, prefix + QChar(0xffff)).bind(":n"_L1, kThreadsASlice);
        while (q.next())
            addresses.append(q.text(0));
        if (!q.ok())
            return q.error();
    }
    QList<contacts::ContactInboxRow> rows;
    for (const QString &address : std::as_const(addresses)) {
        const auto row = contacts::find(tx, inbox, address);
        if (!row)
            return row.error();
        if (*row)
            rows.append(**row);
    }
    return rows;
}

/// Says of all threads of an owner whether they can be written to, a slice at a time. Another state of the connection meanwhile ends it: that one goes through them, too.
Result<void> markThreads(WriteTransaction &tx, InboxId inbox, const QString &ownerId, const QJsonObject &connection, const QString &after)
{
    const auto row = inboxes::find(tx, inbox);
    if (!row)
        return row.error();
    if (!*row || (*row)->inbox.settings.value(kConnections).toObject().value(ownerId).toObject() != connection)
        return {};
    const QString why = connection.value(conversations::kCannotReply).toString();
    const auto threads = threadsOf(tx, inbox, connection.value(kPrefix).toString(), after);
    if (!threads)
        return threads.error();
    for (const contacts::ContactInboxRow &thread : *threads) {
        if (!isOfConnection(thread.attributes.value(conversations::kCannotReply).toString()))
            continue;
        const auto marked = conversations::setCannotReply(tx, thread.id, why);
        if (!marked)
            return marked.error();
    }
    if (threads->size() == kThreadsASlice) {
        tx.followUp("threads of a connection", [inbox, ownerId, connection, last = threads->constLast().sourceId](WriteTransaction &next) {
            return markThreads(next, inbox, ownerId, connection, last);
        });
    }
    return {};
}

} // namespace

QString connectionBar(const Context &context, const QString &contactSourceId)
{
    const QJsonObject all = context.inbox.inbox.settings.value(kConnections).toObject();
    for (const QJsonValue &value : all) {
        const QJsonObject connection = value.toObject();
        const QString prefix = connection.value(kPrefix).toString();
        if (!prefix.isEmpty() && contactSourceId.startsWith(prefix))
            return connection.value(conversations::kCannotReply).toString();
    }
    return {};
}

Result<Outcome> applyConnection(const Context &context, const InboundConnection &connection)
{
    Inbox inbox = context.inbox.inbox;
    QJsonObject all = inbox.settings.value(kConnections).toObject();
    if (isOlder(connection, all.value(connection.ownerId).toObject(), context.event.receivedAt))
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"an older state of the connection"_s};
    QJsonObject now = connection.connection;
    now.insert(kRevision, connection.revision);
    now.insert(kPrefix, connection.threadPrefix);
    now.insert(conversations::kCannotReply, json::orNull(connection.cannotReply));
    now.insert(kAt, toRfc3339(context.event.receivedAt));
    all.insert(connection.ownerId, now);
    inbox.settings.insert(kConnections, all);
    if (const auto done = inboxes::update(context.tx, inbox); !done)
        return done.error();
    if (!connection.threadPrefix.isEmpty()) {
        if (const auto done = markThreads(context.tx, inbox.id, connection.ownerId, now, connection.threadPrefix); !done)
            return done.error();
    }
    if (context.hooks.settingsChanged)      // calls find the connection there
        context.tx.afterCommit([hook = context.hooks.settingsChanged, id = inbox.id, settings = inbox.settings] { hook(id, settings); });
    return Outcome{};
}

} // namespace antiphon::inbound
