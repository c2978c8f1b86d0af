#include "tests/bench/seeder.h"

#include "core/base/clock.h"
#include "core/store/connection.h"
#include "core/store/database.h"

#include <QDir>

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

/// Words whose pieces become the messages: lengths from a word to four lines.
const QString kWords =
    u"Good morning, is the blue one with the wooden handle still there? I would like two of them for my sister, she moves house in May. "
    "How much is the shipping to the islands, and does it come with a box? Thank you so much, that was quick. I saw your last video, the glaze looks "
    "wonderful in the evening light. Could you send a picture of the bottom, please? The small bowl arrived today and it is even nicer than I thought. "
    "Can I pay with a card, or is it only by transfer? My order is number twelve hundred and four, it has not moved since Monday. "_s;

Result<void> run(Connection &connection, const QString &sql, const QList<std::pair<QLatin1StringView, qint64>> &numbers)
{
    Query query = connection.query(sql);
    for (const auto &[name, number] : numbers)
        query.bind(name, number);
    if (sql.contains(":words"_L1))
        query.bind(":words"_L1, kWords);
    return query.exec();
}

/// Statements that make `count` conversations from `first` on with `messages` each; every minute somebody writes.
Result<void> seedOne(Connection &connection, int first, int count, int messages, qint64 now)
{
    const QString numbers = u"WITH RECURSIVE n(i) AS (SELECT :first UNION ALL SELECT i + 1 FROM n WHERE i < :last) "_s;
    const QList<std::pair<QLatin1StringView, qint64>> bounds{{":first"_L1, first}, {":last"_L1, first + count - 1}, {":now"_L1, now}};
    const QStringList people{
        u"INSERT INTO contact (id, name, created_at) "_s + numbers
            + u"SELECT i, substr('Ada Ben Cleo Dan Eve Finn Gus Hana Ida Jon ', 1 + 4 * (i % 10), 4) || 'Example ' || i, :now FROM n"_s,
        u"INSERT INTO contact_inbox (id, inbox_id, contact_id, source_id, profile_at, created_at) "_s + numbers
            + u"SELECT i, 1, i, 'bench-conversation-' || i, :now, :now FROM n"_s,
        u"INSERT INTO conversation (id, inbox_id, contact_id, contact_inbox_id, status, last_activity_at, last_incoming_at, window_closes_at, created_at) "_s
            + numbers + u"SELECT i, 1, i, i, 'open', :now, :now, :now + 172800000, :now FROM n"_s};
    for (const QString &sql : people) {
        if (const auto done = run(connection, sql, bounds); !done)
            return done;
    }
    // Conversation by conversation and, within one, oldest first, as the years would have brought them.
    const auto written = run(connection,
                             u"INSERT INTO message (conversation_id, inbox_id, direction, content, status, source_id, sender_type, sender_id, created_at,"
                             " received_at, updated_at)"
                             " WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < :count * :messages - 1)"
                             " SELECT :first + i / :messages, 1, iif(i % 3 = 0, 'outgoing', 'incoming'), substr(:words, 1 + (i * 37) % 300, 12 + (i * 53) % 220),"
                             " iif(i % 3 = 0, 'read', NULL), 'bench-message-' || :first || '-' || i, iif(i % 3 = 0, 'system', 'contact'),"
                             " iif(i % 3 = 0, NULL, :first + i / :messages), t, t, t"
                             " FROM (SELECT i, :now - 60000 * (:messages - i % :messages) - 1000 * (:first + :count - i / :messages) AS t FROM n)"_s,
                             {{":first"_L1, first}, {":count"_L1, count}, {":messages"_L1, messages}, {":now"_L1, now}});
    if (!written)
        return written;
    return run(connection,
               u"UPDATE conversation SET last_message_id = m.id, last_activity_at = m.created_at, last_incoming_at = m.created_at FROM (SELECT conversation_id,"
               " MAX(id) AS id, MAX(created_at) AS created_at FROM message WHERE conversation_id >= :first GROUP BY conversation_id) AS m"
               " WHERE m.conversation_id = conversation.id"_s,
               {{":first"_L1, first}});
}

} // namespace

Result<void> seed(const QString &dataDir, const QList<Seed> &seeds)
{
    SystemClock clock;
    if (!QDir().mkpath(dataDir))
        return Error{Error::Kind::Storage, u"the folder can't be made"_s};
    const QString path = QDir(dataDir).filePath(u"antiphon.db"_s);
    {
        const auto made = Database::open({.path = path, .migrations = u":/sql/sqlite"_s}, clock);
        if (!made)
            return made.error();
        (*made)->close();
    }
    auto opened = Connection::open(path, Connection::Mode::Write, Milliseconds(1000));
    if (!opened)
        return opened.error();
    Connection &connection = **opened;
    const qint64 now = toUnixMs(clock.now());
    const auto inbox = run(connection,
                           u"INSERT INTO inbox (id, channel, name, external_id, state, delivery, reply_window_hours, created_at)"
                           " VALUES (1, 'tiktok', 'Bench', 'bench-account', 'active', 'webhook', 48, :now)"_s,
                           {{":now"_L1, now}});
    if (!inbox)
        return inbox;
    int first = 1;
    for (const Seed &one : seeds) {
        if (const auto begun = connection.execute(u"BEGIN IMMEDIATE"_s); !begun)
            return begun;
        if (const auto done = seedOne(connection, first, one.conversations, one.messagesEach, now); !done)
            return done;
        if (const auto committed = connection.execute(u"COMMIT"_s); !committed)
            return committed;
        connection.checkpointTruncate();      // a log of all of it would need its room a second time
        first += one.conversations;
    }
    return {};
}

} // namespace antiphon::bench
