#include "tests/support/temporarystore.h"

#include <QTest>

#include <thread>

namespace antiphon::test {

TemporaryStore::TemporaryStore(StatementHook writerHook)
    : m_hook(std::move(writerHook))
{
    if (!openDatabase())
        qFatal("no store for the test: %s", qPrintable(describe(m_error)));
}

TemporaryStore::~TemporaryStore()
{
    if (m_database)
        m_database->close();
}

bool TemporaryStore::openDatabase()
{
    auto opened = Database::open({.path = path(), .writerHook = m_hook}, m_clock);
    if (!opened) {
        m_error = opened.error();
        return false;
    }
    m_database = *std::move(opened);
    return true;
}

bool TemporaryStore::reopen(bool clean)
{
    if (clean && m_database)
        m_database->close();
    m_database.reset();
    return openDatabase();
}

void TemporaryStore::run(const QString &sql)
{
    const auto done = write<void>([sql](WriteTransaction &tx) { return tx.script(sql.toUtf8()); });
    if (!done)
        QTest::qFail(qPrintable(describe(done.error())), __FILE__, __LINE__);
}

std::optional<qint64> TemporaryStore::integer(const QString &sql)
{
    const auto found = text(sql);
    return found ? std::optional(found->toLongLong()) : std::nullopt;
}

std::optional<QString> TemporaryStore::text(const QString &sql)
{
    const auto found = read<std::optional<QString>>([sql](ReadTransaction &tx) -> Result<std::optional<QString>> {
        Query q = tx.query(sql);
        if (q.next())
            return std::optional(q.text(0));
        if (!q.ok())
            return q.error();
        return std::optional<QString>();
    });
    if (!found) {
        QTest::qFail(qPrintable(describe(found.error())), __FILE__, __LINE__);
        return std::nullopt;
    }
    return *found;
}

void TemporaryStore::settle()
{
    for (const Writer::Priority priority : {Writer::Priority::Urgent, Writer::Priority::Background}) {
        const auto done = take(writer().write<void>(priority, "settle", [](WriteTransaction &) { return Result<void>(); }));
        if (!done)
            QTest::qFail(qPrintable(describe(done.error())), __FILE__, __LINE__);
    }
}

bool TemporaryStore::waitFor(const std::function<bool()> &condition)
{
    // Most answers come within a millisecond; qWaitFor() looks every ten.
    for (int i = 0; i < 200 && !condition(); ++i)
        std::this_thread::sleep_for(std::chrono::microseconds(50));
    return QTest::qWaitFor(condition, 30'000);
}

} // namespace antiphon::test
