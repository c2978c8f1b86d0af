#include "core/client/deskwire.h"

#include "core/base/json.h"

namespace antiphon::deskwire {
using namespace Qt::StringLiterals;

namespace {

Error::Kind kindOf(int code)
{
    switch (code) {
    case -32001: return Error::Kind::Unauthorized;
    case -32002: return Error::Kind::Forbidden;
    case -32003: return Error::Kind::NotFound;
    case -32004:
    case -32602: return Error::Kind::Invalid;
    case -32005: return Error::Kind::Conflict;
    case -32006: return Error::Kind::WindowClosed;
    case -32007: return Error::Kind::ChannelLimit;
    case -32008: return Error::Kind::Unavailable;
    default: return Error::Kind::BadPayload;
    }
}

} // namespace

QString requestText(qint64 id, const QString &method, const QJsonObject &params)
{
    return json::toText({{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"method"_s, method}, {u"params"_s, params}});
}

Error errorOf(const QJsonObject &error)
{
    const QJsonObject data = error.value("data"_L1).toObject();
    Error result{.kind = kindOf(error.value("code"_L1).toInt()),
                 .detail = json::string(error, "message"_L1),
                 .field = json::string(data, "field"_L1),
                 .code = json::string(data, "code"_L1)};
    if (const auto seconds = json::integer(data.value("retry_after"_L1)))
        result.retryAfter = std::chrono::seconds(*seconds);
    return result;
}

std::optional<Answer> answerOf(const QJsonObject &message)
{
    const auto id = json::integer(message.value("id"_L1));
    if (!id)
        return std::nullopt;
    if (message.value("error"_L1).isObject())
        return Answer{.id = *id, .result = errorOf(message.value("error"_L1).toObject())};
    return Answer{.id = *id, .result = message.value("result"_L1).toObject()};
}

std::optional<DeskEvent> eventOf(const QJsonObject &message)
{
    if (message.value("method"_L1) != "event"_L1)
        return std::nullopt;
    const QJsonObject params = message.value("params"_L1).toObject();
    return DeskEvent{.seq = json::integer(params.value("seq"_L1)).value_or(0),
                     .type = params.value("type"_L1).toString(),
                     .data = params.value("data"_L1).toObject()};
}

} // namespace antiphon::deskwire
