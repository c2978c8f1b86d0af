#include "core/store/query.h"

#include "core/base/json.h"
#include "core/store/connection.h"
#include "core/store/statement.h"

#include <QJsonDocument>

#include <sqlite3.h>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

/// The bytes of a text column where SQLite has them: good until the next step.
QByteArrayView utf8(sqlite3_stmt *statement, int column)
{
    const auto *text = reinterpret_cast<const char *>(sqlite3_column_text(statement, column));
    return {text, text ? sqlite3_column_bytes(statement, column) : 0};
}

} // namespace

Query::State::State(Connection &owner, const QString &text)
    : connection(owner)
    , sql(text)
{
}

Query::State::~State()
{
    sqlite3_finalize(statement);
}

void Query::State::begin()
{
    inUse = true;
    isExecuted = false;
    isAtEnd = false;
    hasError = false;
    if (connection.m_failure)
        return fail(*connection.m_failure);
    if (!statement)
        prepare();
    isBound.assign(size_t(sqlite3_bind_parameter_count(statement)), false);
}

void Query::State::prepare()
{
    const QByteArray text = sql.toUtf8();
    const char *rest = nullptr;
    const int code = sqlite3_prepare_v3(connection.m_handle, text.constData(), int(text.size()) + 1, SQLITE_PREPARE_PERSISTENT, &statement, &rest);
    if (code != SQLITE_OK)
        failFromSqlite();
    else if (!statement || !QByteArrayView(rest).trimmed().isEmpty())
        fail(connection.classify(SQLITE_MISUSE, u"not one statement"_s, sql));
}

bool Query::State::end()
{
    inUse = false;
    if (!statement)
        return false;
    sqlite3_reset(statement);
    sqlite3_clear_bindings(statement);          // a large value is not kept
    return true;
}

void Query::State::fail(const Error &why)
{
    if (hasError)
        return;
    hasError = true;
    isAtEnd = true;
    error = why;
}

void Query::State::failFromSqlite()
{
    sqlite3 *handle = connection.m_handle;
    fail(connection.classify(sqlite3_extended_errcode(handle), QString::fromUtf8(sqlite3_errmsg(handle)), sql));
}

int Query::State::parameter(QLatin1StringView name)
{
    // Names are literals of the program, which end in a zero.
    const int number = hasError ? 0 : sqlite3_bind_parameter_index(statement, name.data());
    if (number > 0)
        isBound[size_t(number) - 1] = true;
    else if (!hasError)
        fail(connection.classify(SQLITE_MISUSE, u"the statement has no parameter "_s + name, sql));
    return number;
}

bool Query::State::execute()
{
    isExecuted = true;
    if (hasError)
        return false;
    for (size_t i = 0; i < isBound.size(); ++i) {
        if (!isBound[i]) {
            fail(connection.classify(SQLITE_MISUSE, u"nothing is bound to "_s + QString::fromUtf8(sqlite3_bind_parameter_name(statement, int(i) + 1)), sql));
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
    return true;
}

bool Query::State::step()
{
    const int code = sqlite3_step(statement);
    if (code == SQLITE_ROW)
        return true;
    isAtEnd = true;
    if (code != SQLITE_DONE)
        failFromSqlite();
    return false;
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
    switch (value.typeId()) {
    case QMetaType::UnknownType: return bindNull(name);
    case QMetaType::QByteArray: return bind(name, value.toByteArray());
    case QMetaType::Bool: return bind(name, value.toBool());
    case QMetaType::Int:
    case QMetaType::UInt:
    case QMetaType::LongLong: return bind(name, value.toLongLong());
    case QMetaType::Double: return bind(name, value.toDouble());
    default: return bind(name, value.toString());
    }
}

Query &Query::bind(QLatin1StringView name, const QString &text)
{
    if (text.isNull())
        return bindNull(name);
    const QByteArray bytes = text.toUtf8();
    if (const int number = m_state->parameter(name))
        sqlite3_bind_text64(m_state->statement, number, bytes.constData(), sqlite3_uint64(bytes.size()), SQLITE_TRANSIENT, SQLITE_UTF8);
    return *this;
}

Query &Query::bind(QLatin1StringView name, const QByteArray &bytes)
{
    if (bytes.isNull())
        return bindNull(name);
    if (const int number = m_state->parameter(name))
        sqlite3_bind_blob64(m_state->statement, number, bytes.constData(), sqlite3_uint64(bytes.size()), SQLITE_TRANSIENT);
    return *this;
}

Query &Query::bind(QLatin1StringView name, qint64 number)
{
    if (const int parameter = m_state->parameter(name))
        sqlite3_bind_int64(m_state->statement, parameter, number);
    return *this;
}

Query &Query::bind(QLatin1StringView name, bool value)
{
    return bind(name, qint64(value ? 1 : 0));
}

Query &Query::bind(QLatin1StringView name, double number)
{
    if (const int parameter = m_state->parameter(name))
        sqlite3_bind_double(m_state->statement, parameter, number);
    return *this;
}

Query &Query::bind(QLatin1StringView name, const QJsonObject &json)
{
    return bind(name, json::toText(json));
}

Query &Query::bindNull(QLatin1StringView name)
{
    if (const int parameter = m_state->parameter(name))
        sqlite3_bind_null(m_state->statement, parameter);
    return *this;
}

Result<void> Query::exec()
{
    if (!m_state->execute())
        return m_state->error;
    while (m_state->step()) {
    }
    return m_state->hasError ? Result<void>(m_state->error) : Result<void>();
}

bool Query::next()
{
    if (m_state->isAtEnd)
        return false;
    if (!m_state->isExecuted && !m_state->execute())
        return false;
    return m_state->step();
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
    return sqlite3_changes(m_state->connection.m_handle);
}

qint64 Query::lastInsertId() const
{
    return sqlite3_last_insert_rowid(m_state->connection.m_handle);
}

qint64 Query::integer(int column) const
{
    return sqlite3_column_int64(m_state->statement, column);
}

double Query::real(int column) const
{
    return sqlite3_column_double(m_state->statement, column);
}

QString Query::text(int column) const
{
    return QString::fromUtf8(utf8(m_state->statement, column));
}

QByteArray Query::blob(int column) const
{
    if (isNull(column))
        return {};
    const auto *bytes = static_cast<const char *>(sqlite3_column_blob(m_state->statement, column));
    return bytes ? QByteArray(bytes, sqlite3_column_bytes(m_state->statement, column)) : QByteArray("");   // no bytes have no address
}

bool Query::isNull(int column) const
{
    return sqlite3_column_type(m_state->statement, column) == SQLITE_NULL;
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
    const QByteArrayView text = utf8(m_state->statement, column);
    return QJsonDocument::fromJson(QByteArray::fromRawData(text.data(), text.size())).object();
}

} // namespace antiphon
