#include "core/intake/platformcall.h"

#include "core/base/json.h"
#include "core/channels/calls.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr qsizetype kLongestWords = 500;

/// A token that is refused says so by its status, or by the code that every Graph call has for it.
Error::Kind kindOf(int status, int code)
{
    if (status == 401 || code == 190)
        return Error::Kind::Unauthorized;
    if (status == 429 || code == 4 || code == 613 || code == 80007 || code == 130429)
        return Error::Kind::RateLimited;
    return status >= 500 ? Error::Kind::Unavailable : Error::Kind::Invalid;
}

Result<bool> readAnswer(const HttpReply &reply)
{
    if (reply.transport)
        return *reply.transport;
    if (reply.status >= 200 && reply.status < 300)
        return true;
    const auto answer = json::parseObject(reply.body);
    const QJsonObject error = answer ? answer->value("error"_L1).toObject() : QJsonObject();
    const int code = error.value("code"_L1).toInt();
    const QString words = json::string(error, "message"_L1).left(kLongestWords);
    return Error{kindOf(reply.status, code),
                 words.isEmpty() ? u"the platform answered %1"_s.arg(reply.status) : words,
                 {},
                 {},
                 code != 0 ? QString::number(code) : QString::number(reply.status)};
}

} // namespace

void callPlatform(const EnrichEnvironment &environment, InboxId inbox, std::function<std::optional<HttpRequest>(const InboxCredentials &)> make,
                  std::function<void(const Result<void> &)> done)
{
    const auto operation = [make = std::move(make)](const InboxCredentials &credentials) -> OperationPtr<bool> {
        const auto request = make(credentials);
        return request ? singleCall<bool>(*request, readAnswer) : knownAnswer<bool>(true);
    };
    callWithToken<bool>(environment, inbox, operation,
                        [done = std::move(done)](const Result<bool> &taken) { done(taken ? Result<void>() : Result<void>(taken.error())); });
}

} // namespace antiphon
