#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QVariant>

#include <optional>

namespace antiphon {

class Connection;

/// One use of a prepared statement: bind by name, step through the rows forward only. Finished when it goes out of scope,
/// so no statement stays open behind a checkpoint. Lives in the thread of its connection, inside one transaction.
///
///     Query q = tx.query(u"SELECT id, name FROM inbox WHERE channel = :channel"_s);
///     q.bind(":channel"_L1, u"tiktok"_s);
///     while (q.next())
///         use(q.id<InboxId>(0), q.text(1));
///     if (!q.ok()) return q.error();
class Query {
public:
    struct State;

    Query(Query &&other) noexcept;
    Query &operator=(Query &&) = delete;
    ~Query();

    Query &bind(QLatin1StringView name, const QVariant &value);   ///< an invalid QVariant is NULL
    Query &bind(QLatin1StringView name, const QString &text);     ///< a null string is NULL, an empty one is ''
    Query &bind(QLatin1StringView name, const QByteArray &bytes); ///< BLOB; null is NULL
    Query &bind(QLatin1StringView name, qint64 number);
    Query &bind(QLatin1StringView name, int number) { return bind(name, qint64(number)); }
    Query &bind(QLatin1StringView name, bool value);
    Query &bind(QLatin1StringView name, double number);
    Query &bind(QLatin1StringView name, Timestamp time) { return bind(name, toUnixMs(time)); }
    Query &bind(QLatin1StringView name, const QJsonObject &json); ///< as text
    Query &bindNull(QLatin1StringView name);

    template <typename Tag>
    Query &bind(QLatin1StringView name, Id<Tag> id)               ///< a null id is NULL
    {
        return id ? bind(name, id.value()) : bindNull(name);
    }
    template <typename T>
    Query &bind(QLatin1StringView name, const std::optional<T> &value)
    {
        return value ? bind(name, *value) : bindNull(name);
    }

    /// Runs a statement whose rows nobody reads. Conflict for a broken constraint (only this closure is taken back);
    /// Storage for everything else (the whole batch is).
    Result<void> exec();

    /// Runs the statement at the first call; then a row a call. False at the end and on an error: ask ok().
    bool next();
    bool ok() const;
    const Error &error() const;

    int rowsAffected() const;      ///< after exec() of INSERT, UPDATE, DELETE
    qint64 lastInsertId() const;

    qint64 integer(int column) const;
    bool boolean(int column) const { return integer(column) != 0; }
    double real(int column) const;
    QString text(int column) const;
    QByteArray blob(int column) const;
    bool isNull(int column) const;
    Timestamp time(int column) const { return fromUnixMs(integer(column)); }
    std::optional<Timestamp> optionalTime(int column) const;
    std::optional<int> optionalInt(int column) const;
    QJsonObject json(int column) const;

    template <typename IdType>
    IdType id(int column) const { return IdType(integer(column)); }

private:
    friend class Connection;
    explicit Query(State *state);

    State *m_state;
};

} // namespace antiphon
