#include "tests/bench/stored.h"

namespace antiphon::bench {

Result<std::unique_ptr<StoredRows>> StoredRows::open(const QString &path)
{
    auto connection = Connection::open(path, Connection::Mode::Read, Milliseconds(5000));
    if (!connection)
        return connection.error();
    return std::make_unique<StoredRows>(*std::move(connection));
}

qint64 StoredRows::waiting()
{
    return count(u"SELECT COUNT(*) FROM delivery WHERE split_state = 'pending' AND id > 0") + count(u"SELECT COUNT(*) FROM event WHERE state = 'pending'");
}

qint64 StoredRows::count(QStringView sql)
{
    Query query = m_connection->query(sql.toString());
    return query.next() ? query.integer(0) : -1;
}

} // namespace antiphon::bench
