#pragma once

#include "core/base/result.h"
#include "core/store/connection.h"

#include <memory>

namespace antiphon::bench {

/// What a second connection to the database sees, whatever the server says of itself.
class StoredRows {
public:
    static Result<std::unique_ptr<StoredRows>> open(const QString &path);
    explicit StoredRows(std::unique_ptr<Connection> connection) : m_connection(std::move(connection)) {}

    qint64 deliveries() { return count(u"SELECT COUNT(*) FROM delivery WHERE id > 0 AND source = 'hook'"); }
    qint64 messages() { return count(u"SELECT COUNT(*) FROM message WHERE direction = 'incoming'"); }
    /// Deliveries not split and events not applied.
    qint64 waiting();

private:
    qint64 count(QStringView sql);

    std::unique_ptr<Connection> m_connection;
};

} // namespace antiphon::bench
