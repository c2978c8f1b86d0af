#pragma once

#include "core/base/result.h"

#include <QByteArray>
#include <QString>

namespace antiphon {

class Connection;

/// Tells a database that goes on from one that was put back from a copy. A random number stands in the database and in the file "<database>.generation"
/// beside it, new at every start and every clean stop. A copy has an older one.
class Generation {
public:
    explicit Generation(const QString &databasePath);

    /// What stands beside the database says that there was one: where that is empty or gone it was lost, not new.
    bool isExpected() const { return !m_known.isEmpty(); }
    /// Whether the database is another one than the last process left here.
    Result<bool> isRestored(Connection &connection) const;

    /// The next number, in steps around the caller's transaction, so that a crash between them is no restored copy: first both are allowed, then one.
    Result<void> draw(Connection &connection);             ///< numbers for this start and its stop
    Result<void> allowNext() const;                        ///< beside the old one, in the file
    QString next() const { return QString::fromLatin1(m_next); }
    static QString statement();                            ///< stores `:value`; within a transaction
    Result<void> finish();                                 ///< it is durable in the database: the only one from now on; then comes the stop's

private:
    static Result<QByteArray> stored(Connection &connection);

    const QString m_path;
    QList<QByteArray> m_known;           ///< as it stands in the file
    QByteArray m_current;                ///< as it stands in the database
    QByteArray m_next;
    QByteArray m_afterNext;
};

} // namespace antiphon
