#include "core/store/query.h"

#include "core/base/json.h"
#include "core/base/logging.h"
#include "core/store/connection.h"
#include "core/store/statement.h"

#include <QJsonDocument>
#include <QSqlError>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLargeValue = 64 * 1024;

bool isNameCharacter(QChar c)
{
    return c == u'_' || (c.unicode() < 128 && c.isLetterOrNumber());
}

/// Without its comments: Qt would take a colon in one for a parameter.
QString withoutComments(const QString &sql)
{
    if (!sql.contains("--"_L1))
        return sql;
    QString kept;
    QChar quote;
    for (qsizetype i = 0; i < sql.size(); ++i) {
        const QChar c = sql.at(i);
        if (quote.isNull() && c == u'-' && i + 1 < sql.size() && sql.at(i + 1) == u'-') {
            const qsizetype end = sql.indexOf(u'\n', i);
            i = end < 0 ? sql.size() : end;
            kept += u'\n';
            continue;
        }
        if (c == u'\'' || c == u'"')
            quote = quote.isNull() ? c : quote == c ? QChar() : quote;
        kept += c;
    }
    return kept;
}

/// The named parameters of a statement without comments, each once, in order. Quoted text is skipped.
std::vector<Query::State::Parameter> parametersOf(const QString &sql)
{
    std::vector<Query::State::Parameter> found;
    for (qsizetype i = 0; i < sql.size(); ++i) {
        const QChar c = sql.at(i);
        if (c == u'\'' || c == u'"') {
            const qsizetype close = sql.indexOf(c, i + 1);
            i = close < 0 ? sql.size() : close;
        } else if (c == u':') {
            qsizetype end = i + 1;
            while (end < sql.size() && isNameCharacter(sql.at(end)))
                ++end;
            const QString name = sql.mid(i, end - i);
            if (name.size() > 1 && std::none_of(found.begin(), found.end(), [&](const auto &p) { return p.name == name; }))
                found.push_back({.name = name});
            i = end - 1;
        }
    }
    return found;
}

} // namespace

Query::State::State(Connection &owner, const QString &text)
    : connection(owner)
    , sql(text)
    , query(owner.m_database)
    , parameters(parametersOf(withoutComments(text)))
{
    query.setForwardOnly(true);
}

void Query::State::begin()
{
    inUse = true;
    isExecuted = false;
    isAtEnd = false;
    hasError = false;
    for (Parameter &parameter : parameters)
        parameter.isBound = false;
    if (connection.m_failure)
        return fail(*connection.m_failure);
    if (isPrepared)
        return;
    isPrepared = query.prepare(withoutComments(sql));
    if (!isPrepared)
        failFromQuery();
}

bool Query::State::end()
{
    if (isExecuted)
        query.finish();
    for (const Parameter &parameter : parameters) {
        if (parameter.isBound && parameter.isLarge)
            query.bindValue(parameter.name, QVariant());
    }
    inUse = false;
    return isPrepared;
}

void Query::State::fail(const Error &why)
{
    if (hasError)
        return;
    hasError = true;
    isAtEnd = true;
    error = why;
}

void Query::State::failFromQuery()
{
    const QSqlError problem = query.lastError();
    fail(connection.classify(problem.nativeErrorCode().toInt(), problem.databaseText().isEmpty() ? problem.driverText() : problem.databaseText(), sql));
}

void Query::State::bind(QLatin1StringView name, const QVariant &value, bool isLarge)
{
    for (Parameter &parameter : parameters) {
        if (parameter.name == name) {
            parameter.isBound = true;
            parameter.isLarge = isLarge;
            query.bindValue(parameter.name, value);
            return;
        }
    }
    fail(connection.classify(0, u"the statement has no parameter "_s + name, sql));
}

bool Query::State::execute()
{
    isExecuted = true;
    if (hasError)
        return false;
    for (const Parameter &parameter : parameters) {
        if (!parameter.isBound) {
            fail(connection.classify(0, u"nothing is bound to "_s + parameter.name, sql));
            return false;
        }
    }
    if (connection.m_failure) {
        fail(*connection.m_failure);
        return false;
    }
    if (connection.m_hook) {
        if (const auto injected = connection.inject(sql)) {
            fail(*injected);
            return false;
        }
    }
    if (!query.exec()) {
        failFromQuery();
        return false;
    }
    return true;
}

Query::Query(State *state)
    : m_state(state)
{
}

Query::Query(Query &&other) noexcept
    : m_state(std::exchange(other.m_state, nullptr))
{
}

Query::~Query()
{
    if (m_state)
        m_state->connection.release(m_state);
}

Query &Query::bind(QLatin1StringView name, const QVariant &value)
{
    m_state->bind(name, value);
    return *this;
}

Query &Query::bind(QLatin1StringView name, const QString &text)
{
    m_state->bind(name, QVariant(text), text.size() > kLargeValue);
    return *this;
}

Query &Query::bind(QLatin1StringView name, const QByteArray &bytes)
{
    m_state->bind(name, QVariant(bytes), bytes.size() > kLargeValue);
    return *this;
}

Query &Query::bind(QLatin1StringView name, qint64 number)
{
    m_state->bind(name, QVariant(number));
    return *this;
}

Query &Query::bind(QLatin1StringView name, bool value)
{
    m_state->bind(name, QVariant(value ? 1 : 0));
    return *this;
}

Query &Query::bind(QLatin1StringView name, double number)
{
    m_state->bind(name, QVariant(number));
    return *this;
}

Query &Query::bind(QLatin1StringView name, const QJsonObject &json)
{
    return bind(name, json::toText(json));
}

Query &Query::bindNull(QLatin1StringView name)
{
    m_state->bind(name, QVariant());
    return *this;
}

Result<void> Query::exec()
{
    if (!m_state->execute())
        return m_state->error;
    return {};
}

bool Query::next()
{
    if (m_state->isAtEnd)
        return false;
    if (!m_state->isExecuted && !m_state->execute())
        return false;
    if (m_state->query.next())
        return true;
    m_state->isAtEnd = true;
    if (m_state->query.lastError().isValid())
        m_state->failFromQuery();
    return false;
}

bool Query::ok() const
{
    return !m_state->hasError;
}

const Error &Query::error() const
{
    return m_state->error;
}

int Query::rowsAffected() const
{
    return m_state->query.numRowsAffected();
}

qint64 Query::lastInsertId() const
{
    return m_state->query.lastInsertId().toLongLong();
}

qint64 Query::integer(int column) const
{
    return m_state->query.value(column).toLongLong();
}

double Query::real(int column) const
{
    return m_state->query.value(column).toDouble();
}

QString Query::text(int column) const
{
    return m_state->query.value(column).toString();
}

QByteArray Query::blob(int column) const
{
    const QVariant value = m_state->query.value(column);
    if (value.isNull())
        return {};
    const QByteArray bytes = value.toByteArray();
    return bytes.isNull() ? QByteArray("") : bytes;   // the driver reads a blob of no bytes as a null array
}

bool Query::isNull(int column) const
{
    return m_state->query.value(column).isNull();
}

std::optional<Timestamp> Query::optionalTime(int column) const
{
    if (isNull(column))
        return std::nullopt;
    return time(column);
}

std::optional<int> Query::optionalInt(int column) const
{
    if (isNull(column))
        return std::nullopt;
    return int(integer(column));
}

QJsonObject Query::json(int column) const
{
    return QJsonDocument::fromJson(text(column).toUtf8()).object();
}

} // namespace antiphon
