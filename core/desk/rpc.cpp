#include "core/desk/rpc.h"

#include "core/base/json.h"

#include <QJsonDocument>

namespace antiphon::rpc {
using namespace Qt::StringLiterals;

namespace {

QJsonObject envelope(const QJsonValue &id)
{
    return {{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id.isUndefined() ? QJsonValue(QJsonValue::Null) : id}};
}

/// A string, a number or null, as JSON-RPC has it.
bool isUsableId(const QJsonValue &id)
{
    return id.isUndefined() || id.isNull() || id.isString() || id.isDouble();
}

Refusal refuse(int code, const QString &message, const QJsonValue &id = QJsonValue::Null)
{
    return {protocolErrorText(id, code, message)};
}

} // namespace

std::variant<Request, Refusal> parse(const QByteArray &text)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(text, &problem);
    if (problem.error != QJsonParseError::NoError) {
        // QJsonDocument knows only objects and arrays; a bare value is JSON all the same, but no request.
        QJsonParseError wrapped;
        QJsonDocument::fromJson('[' + text + ']', &wrapped);
        if (wrapped.error == QJsonParseError::NoError && !text.trimmed().isEmpty())
            return refuse(kInvalidRequest, u"Invalid request"_s);
        return refuse(kParseError, u"Parse error"_s);
    }
    if (!document.isObject())
        return refuse(kInvalidRequest, u"Batches are not supported"_s);
    const QJsonObject object = document.object();
    const QJsonValue id = object.value("id"_L1);
    if (!isUsableId(id))
        return refuse(kInvalidRequest, u"Invalid request: id"_s);
    if (object.value("jsonrpc"_L1) != "2.0"_L1)
        return refuse(kInvalidRequest, u"Invalid request: jsonrpc"_s, id);
    if (!object.value("method"_L1).isString())
        return refuse(kInvalidRequest, u"Invalid request: method"_s, id);
    const QJsonValue params = object.value("params"_L1);
    if (!params.isUndefined() && !params.isNull() && !params.isObject())
        return refuse(kInvalidParams, u"Invalid params: an object is expected"_s, id);
    return Request{.id = id, .method = object.value("method"_L1).toString(), .params = params.toObject()};
}

QByteArray resultText(const QJsonValue &id, const QJsonObject &result)
{
    QJsonObject message = envelope(id);
    message.insert(u"result"_s, result);
    return json::toBytes(message);
}

QByteArray errorText(const QJsonValue &id, const Error &error)
{
    QJsonObject data{{u"reason"_s, reasonOf(error.kind)}};
    if (!error.field.isEmpty())
        data.insert(u"field"_s, error.field);
    if (!error.code.isEmpty())
        data.insert(u"code"_s, error.code);
    if (error.retryAfter)
        data.insert(u"retry_after"_s, qint64(error.retryAfter->count()));
    const QString detail = error.kind == Error::Kind::Storage || error.detail.isEmpty() ? reasonOf(error.kind) : error.detail;
    QJsonObject message = envelope(id);
    message.insert(u"error"_s, QJsonObject{{u"code"_s, codeOf(error.kind)}, {u"message"_s, detail}, {u"data"_s, data}});
    return json::toBytes(message);
}

QByteArray protocolErrorText(const QJsonValue &id, int code, const QString &message)
{
    QJsonObject answer = envelope(id);
    answer.insert(u"error"_s, QJsonObject{{u"code"_s, code}, {u"message"_s, message}});
    return json::toBytes(answer);
}

QByteArray eventText(qint64 seq, const QString &type, const QJsonObject &data)
{
    QJsonObject params{{u"seq"_s, seq}, {u"type"_s, type}};
    if (!data.isEmpty())
        params.insert(u"data"_s, data);
    return json::toBytes({{u"jsonrpc"_s, u"2.0"_s}, {u"method"_s, u"event"_s}, {u"params"_s, params}});
}

QByteArray volatileEventText(const QString &type, const QJsonObject &data)
{
    const QJsonObject params{{u"seq"_s, QJsonValue::Null}, {u"type"_s, type}, {u"data"_s, data}};
    return json::toBytes({{u"jsonrpc"_s, u"2.0"_s}, {u"method"_s, u"event"_s}, {u"params"_s, params}});
}

int codeOf(Error::Kind kind)
{
    switch (kind) {
    case Error::Kind::Unauthorized: return -32001;
    case Error::Kind::Forbidden: return -32002;
    case Error::Kind::NotFound: return -32003;
    case Error::Kind::Invalid:
    case Error::Kind::BadPayload: return -32004;
    case Error::Kind::Conflict:
    case Error::Kind::OutcomeUnknown: return -32005;
    case Error::Kind::WindowClosed: return -32006;
    case Error::Kind::ChannelLimit: return -32007;
    case Error::Kind::Network:
    case Error::Kind::Timeout:
    case Error::Kind::RateLimited:
    case Error::Kind::Unavailable:
    case Error::Kind::Storage:
    case Error::Kind::Cancelled: return -32008;
    }
    Q_UNREACHABLE();
}

QString reasonOf(Error::Kind kind)
{
    switch (codeOf(kind)) {
    case -32001: return u"unauthorized"_s;
    case -32002: return u"forbidden"_s;
    case -32003: return u"not_found"_s;
    case -32004: return u"invalid"_s;
    case -32005: return u"conflict"_s;
    case -32006: return u"window_closed"_s;
    case -32007: return u"channel_limit"_s;
    default: return u"unavailable"_s;
    }
}

} // namespace antiphon::rpc
