#include "core/channels/whatsapp/whatsapperrors.h"

#include "core/base/json.h"
#include "core/channels/platformwords.h"
#include "core/channels/sendverdict.h"

#include <QJsonArray>

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;

namespace {

using Kind = Error::Kind;

/// What a code is here, and what a person should do about it. OutcomeUnknown: WhatsApp doesn't say whether it took the message.
struct CodeRule {
    qint64 code;
    Kind kind;
    const char *advice;
};

constexpr CodeRule kRules[]{
    {190, Kind::Unauthorized, "The access token has expired or was revoked: enter a new one."},
    {131005, Kind::Forbidden, "The access token lacks the permission whatsapp_business_messaging."},
    {80007, Kind::RateLimited, ""},
    {130429, Kind::RateLimited, ""},
    {133016, Kind::RateLimited, ""},
    {131056, Kind::RateLimited, "Too many messages to this customer in a short time."},
    {131057, Kind::Unavailable, "The number is under maintenance."},
    {131016, Kind::Unavailable, ""},
    {131000, Kind::OutcomeUnknown, ""},
    {135000, Kind::OutcomeUnknown, ""},
    {131048, Kind::Invalid, "Too many of this number's messages were blocked or reported: see its quality in WhatsApp Manager."},
    {131064, Kind::Invalid, "WhatsApp limits what this number may send: see its quality in WhatsApp Manager."},
    {368, Kind::Invalid, "The account is restricted for breaking WhatsApp's rules: see Account quality."},
    {131031, Kind::Invalid, "The account is locked: see Account quality."},
    {130497, Kind::Invalid, "The account may not write to people of this country."},
    {131047, Kind::WindowClosed, "More than 24 hours have passed since the customer last wrote: send a template."},
    {131026, Kind::Invalid, "The number may not be on WhatsApp, use an old version, or not have accepted the terms."},
    {131049, Kind::Invalid, "WhatsApp held it back so that people aren't sent too much marketing: not before 24 hours have passed."},
    {130472, Kind::Invalid, "WhatsApp held it back as part of an experiment: not before 24 hours have passed."},
    {131050, Kind::Invalid, "The customer wants no marketing messages of this business."},
    {131051, Kind::Invalid, "WhatsApp doesn't take this type of message."},
    {131052, Kind::Invalid, "WhatsApp could not fetch the customer's file."},
    {131053, Kind::Invalid, "WhatsApp could not use the file: another format may do."},
    {131008, Kind::Invalid, ""},
    {131009, Kind::Invalid, ""},
    {100, Kind::Invalid, ""},
    {131021, Kind::Invalid, "Sender and recipient are the same number."},
    {131030, Kind::Invalid, "A test number may write to the numbers on its list only: add the recipient in the app's dashboard."},
    {131037, Kind::Invalid, "The display name of the number has yet to be approved."},
    {131042, Kind::Invalid, "There is a problem with the payment method: see Billing in WhatsApp Manager."},
    {131045, Kind::Invalid, "The number isn't registered: register it anew."},
    {133010, Kind::Invalid, "The number isn't registered: register it anew."},
    {131060, Kind::Invalid, "The message can't be read here: open it in the WhatsApp app."},
    {131062, Kind::Invalid, "This message can't be sent to a user id: a phone number is needed."},
    {131063, Kind::Invalid, ""},
    {132000, Kind::Invalid, "The values don't fit the places of the template: fetch the templates anew."},
    {132001, Kind::Invalid, "There is no such template in this language, or it isn't approved: fetch the templates anew."},
    {132005, Kind::Invalid, "The filled in template is too long."},
    {132007, Kind::Invalid, "The template breaks WhatsApp's rules."},
    {132008, Kind::Invalid, ""},
    {132012, Kind::Invalid, "The values don't fit the places of the template: fetch the templates anew."},
    {132015, Kind::Invalid, "The template is paused for its low quality."},
    {132016, Kind::Invalid, "The template was paused too often and is disabled."},
    {132068, Kind::Invalid, ""},
    {132069, Kind::Invalid, ""},
    {137000, Kind::Invalid, "The customer's identity has changed."},
    {2593107, Kind::Invalid, "It was asked for before, and can be only once."},
    {2593108, Kind::Invalid, "It can be asked for within 24 hours of the connection only."},
    {2593109, Kind::Invalid, "The owner doesn't share the history."},
};

const CodeRule *ruleOf(qint64 code)
{
    for (const CodeRule &rule : kRules) {
        if (rule.code == code)
            return &rule;
    }
    return nullptr;
}

qint64 codeOf(const Error &error)
{
    return error.code.section(u'.', 0, 0).toLongLong();
}

QString withAdvice(const QString &words, const CodeRule *rule)
{
    if (!rule || !rule->advice[0])
        return words;
    const QString advice = QString::fromLatin1(rule->advice);
    if (words.isEmpty())
        return advice;
    const bool isEnded = words.endsWith(u'.') || words.endsWith(u'!') || words.endsWith(u'?');
    return words + (isEnded ? u" "_s : u". "_s) + advice;
}

} // namespace

Result<QJsonObject> readAnswer(const HttpReply &reply, meta::Repeatable repeatable)
{
    const auto answer = meta::readGraph(reply, repeatable, [](qint64 code, qint64) -> std::optional<Error::Kind> {
        const CodeRule *rule = ruleOf(code);
        return rule ? std::optional(rule->kind) : std::nullopt;
    });
    if (answer)
        return answer;
    Error error = answer.error();
    PlatformWords words = fromDetail(error.detail);
    words.text = withAdvice(words.text, ruleOf(codeOf(error)));
    error.detail = toDetail(words);
    return error;
}

ExternalError externalError(const QJsonArray &errors)
{
    const QJsonObject error = errors.first().toObject();
    const qint64 code = json::integer(error.value("code"_L1)).value_or(0);
    QString words = json::string(error.value("error_data"_L1).toObject(), "details"_L1);
    for (const QLatin1StringView key : {"message"_L1, QLatin1StringView("title")}) {
        if (words.isEmpty())
            words = json::string(error, key);
    }
    const CodeRule *rule = ruleOf(code);
    const bool isForNow = rule && (rule->kind == Kind::RateLimited || rule->kind == Kind::Unavailable || rule->kind == Kind::OutcomeUnknown);
    return {.code = code ? QString::number(code) : u"failed"_s, .text = withAdvice(words, rule), .retryable = isForNow};
}

QString reasonOf(const QJsonArray &errors)
{
    const ExternalError error = externalError(errors);
    return error.code + u": "_s + error.text;
}

SendVerdict verdict(const Error &error)
{
    return codeOf(error) == 131056 ? SendVerdict::PartyLimited : verdictByKind(error);
}

std::optional<RetrySchedule> retrySchedule(const Error &error)
{
    using std::chrono::seconds;
    if (codeOf(error) == 131056)         // after 4^n seconds
        return RetrySchedule{.pauses = {seconds(1), seconds(4), seconds(16), seconds(64), seconds(256), seconds(1024)}, .jitters = false};
    if (codeOf(error) == 131057)
        return RetrySchedule{.pauses = {seconds(60)}, .jitters = false};
    return std::nullopt;
}

} // namespace antiphon::whatsapp
