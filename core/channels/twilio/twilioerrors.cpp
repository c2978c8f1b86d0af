#include "core/channels/twilio/twilioerrors.h"

#include "core/channels/sendverdict.h"

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

using Kind = Error::Kind;

constexpr qint64 kOptedOut = 21610;

/// What a code is, and what a person should do about it.
struct CodeRule {
    qint64 code;
    Kind kind;
    const char *advice;
    bool isForNow = false;
};

constexpr CodeRule kRules[]{
    {20003, Kind::Unauthorized, "The account's credentials are not right: enter the auth token anew."},
    {20005, Kind::Forbidden, "The account is not active."},
    {20404, Kind::NotFound, ""},
    {20429, Kind::RateLimited, "", true},
    {14107, Kind::RateLimited, "", true},
    {21211, Kind::Invalid, "That is no number that can be written to."},
    {21614, Kind::Invalid, "That is no mobile number."},
    {21635, Kind::Invalid, "That is a landline, which takes no text messages."},
    {21212, Kind::Invalid, "The sender can't be used: look at the number of this inbox in Twilio's console."},
    {21606, Kind::Invalid, "The sender can't be used: look at the number of this inbox in Twilio's console."},
    {21659, Kind::Invalid, "The sender is not a number of this account."},
    {21660, Kind::Invalid, "The sender is not a number of this account."},
    {21408, Kind::Invalid, "Messages to this country are switched off: see Geo permissions in Twilio's console."},
    {21602, Kind::Invalid, ""},
    {kBadCallback, Kind::Invalid, "Twilio doesn't take the address for statuses."},
    {kOptedOut, Kind::Invalid, "The customer has answered STOP and wants no more messages, until they answer START."},
    {21617, Kind::Invalid, "The text is over Twilio's limit."},
    {21619, Kind::Invalid, "There is neither text nor file in it."},
    {21620, Kind::Invalid, "Twilio could not use the file."},
    {11751, Kind::Invalid, "The file is over the limit of 5 MB."},
    {30001, Kind::Unavailable, "Too many messages wait in Twilio's queue.", true},
    {30002, Kind::Forbidden, "The account is suspended: see Twilio's console."},
    {30003, Kind::Invalid, "The phone can't be reached: it may be off or without network.", true},
    {30004, Kind::Invalid, "The message was blocked."},
    {30005, Kind::Invalid, "The number is unknown or no longer in use."},
    {30006, Kind::Invalid, "The number is a landline, or its carrier can't be reached."},
    {30007, Kind::Invalid, "The carrier held it back as unwanted: other words, or a registered sender, may do."},
    {30008, Kind::Invalid, "The carrier gave no reason.", true},
    {30034, Kind::Invalid, "A number of the United States has to be registered (A2P 10DLC): see Twilio's console."},
    {63003, Kind::Invalid, "The number may not be on WhatsApp."},
    {63024, Kind::Invalid, "The number may not be on WhatsApp."},
    {63005, Kind::Invalid, "WhatsApp didn't take what is in it."},
    {63021, Kind::Invalid, "WhatsApp didn't take what is in it."},
    {63007, Kind::Invalid, "The sender of this inbox is no WhatsApp sender of the account: see Twilio's console."},
    {63013, Kind::Invalid, "It breaks WhatsApp's rules."},
    {63016, Kind::WindowClosed, "More than 24 hours have passed since the customer last wrote: choose a template."},
    {63018, Kind::RateLimited, "", true},
    {63038, Kind::Invalid, "The account's messages of today are used up."},
    {63019, Kind::Invalid, "WhatsApp could not fetch the file."},
    {63020, Kind::Invalid, "The invitation of the WhatsApp sender has yet to be accepted."},
    {63049, Kind::Invalid, "WhatsApp held it back so that people aren't sent too much marketing."},
    {11200, Kind::Invalid, "Twilio could not reach this machine."},
    {11205, Kind::Invalid, "Twilio could not reach this machine in time."},
};

const CodeRule *ruleOf(qint64 code)
{
    for (const CodeRule &rule : kRules) {
        if (rule.code == code)
            return &rule;
    }
    return nullptr;
}

} // namespace

std::optional<Error::Kind> kindOfCode(qint64 code)
{
    const CodeRule *rule = ruleOf(code);
    return rule ? std::optional(rule->kind) : std::nullopt;
}

QString withAdvice(const QString &words, qint64 code)
{
    const CodeRule *rule = ruleOf(code);
    const QString advice = rule ? QString::fromLatin1(rule->advice) : QString();
    if (words.isEmpty() || advice.isEmpty())
        return words + advice;
    const bool isEnded = words.endsWith(u'.') || words.endsWith(u'!') || words.endsWith(u'?');
    return words + (isEnded ? u" "_s : u". "_s) + advice;
}

ExternalError externalError(const QString &code, const QString &words, const QString &word)
{
    const qint64 number = code.toLongLong();
    const CodeRule *rule = ruleOf(number);
    return {.code = number > 0 ? QString::number(number) : word, .text = withAdvice(words, number), .retryable = rule && rule->isForNow};
}

SendVerdict verdict(const Error &error)
{
    return verdictByKind(error);
}

std::optional<RetrySchedule> retrySchedule(const Error &error)
{
    using std::chrono::seconds;
    if (error.kind != Error::Kind::RateLimited)
        return std::nullopt;
    return RetrySchedule{.pauses = {seconds(1), seconds(2), seconds(5), seconds(10), seconds(30), seconds(60)}, .jitters = false};
}

QJsonObject attributesAfter(const Error &error)
{
    return error.code.toLongLong() == kOptedOut ? QJsonObject{{"cannot_reply"_L1, u"opted_out"_s}} : QJsonObject();
}

} // namespace antiphon::twilio
