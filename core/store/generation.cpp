#include "core/store/generation.h"

#include "core/base/durablefile.h"
#include "core/store/connection.h"

#include <QFile>

namespace antiphon {
using namespace Qt::StringLiterals;

Generation::Generation(const QString &databasePath)
    : m_path(databasePath + u".generation"_s)
{
    QFile file(m_path);
    if (!file.open(QIODevice::ReadOnly))
        return;
    const QList<QByteArray> words = file.readAll().simplified().split(' ');
    for (const QByteArray &word : words) {
        if (!word.isEmpty())
            m_known.append(word);
    }
}

Result<QByteArray> Generation::stored(Connection &connection)
{
    Query q = connection.query(u"SELECT value FROM cursor WHERE inbox_id = 0 AND scope = 'generation'"_s);
    const QByteArray value = q.next() ? q.text(0).toLatin1() : QByteArray();
    return q.ok() ? Result<QByteArray>(value) : Result<QByteArray>(q.error());
}

Result<bool> Generation::isRestored(Connection &connection) const
{
    const auto value = stored(connection);
    if (!value)
        return value.error();
    if (value->isEmpty() && m_known.isEmpty())
        return false;                        // never started by a version that writes them
    return !m_known.contains(*value);
}

Result<void> Generation::draw(Connection &connection)
{
    const auto value = stored(connection);
    if (!value)
        return value.error();
    m_current = *value;
    Query q = connection.query(u"SELECT lower(hex(randomblob(16))), lower(hex(randomblob(16)))"_s);
    if (!q.next())
        return q.error();
    m_next = q.text(0).toLatin1();
    m_afterNext = q.text(1).toLatin1();
    return {};
}

Result<void> Generation::allowNext() const
{
    return durable::write(m_path, m_current + ' ' + m_next + '\n');
}

QString Generation::statement()
{
    return u"INSERT INTO cursor (scope, value, at) VALUES ('generation', :value, 0) ON CONFLICT DO UPDATE SET value = excluded.value"_s;
}

Result<void> Generation::finish()
{
    m_current = m_next;
    m_next = m_afterNext;
    return durable::write(m_path, m_current + '\n');
}

} // namespace antiphon
