#include "ui/models/errortext.h"

#include <QCoreApplication>
#include <QStringList>

#include <array>
#include <span>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::ErrorText)
};

/// What a platform's code means to an agent.
enum class Reason {
    Window, Allowance, Permission, Recipient, OptedOut, Content, File, Template, Account, Busy, Connection, Spam, Payment, Trouble
};

struct CodeRow {
    QLatin1StringView code;
    Reason reason;
};

// https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes
constexpr std::array kWhatsapp{
    CodeRow{QLatin1StringView("131047"), Reason::Window},     CodeRow{QLatin1StringView("131026"), Reason::Recipient},
    CodeRow{QLatin1StringView("131030"), Reason::Recipient},  CodeRow{QLatin1StringView("131021"), Reason::Recipient},
    CodeRow{QLatin1StringView("131049"), Reason::OptedOut},   CodeRow{QLatin1StringView("130472"), Reason::OptedOut},
    CodeRow{QLatin1StringView("131050"), Reason::OptedOut},   CodeRow{QLatin1StringView("131051"), Reason::Content},
    CodeRow{QLatin1StringView("131052"), Reason::File},       CodeRow{QLatin1StringView("131053"), Reason::File},
    CodeRow{QLatin1StringView("131008"), Reason::Content},    CodeRow{QLatin1StringView("131009"), Reason::Content},
    CodeRow{QLatin1StringView("131042"), Reason::Payment},    CodeRow{QLatin1StringView("131048"), Reason::Spam},
    CodeRow{QLatin1StringView("131064"), Reason::Spam},       CodeRow{QLatin1StringView("131031"), Reason::Account},
    CodeRow{QLatin1StringView("368"), Reason::Account},       CodeRow{QLatin1StringView("130497"), Reason::Account},
    CodeRow{QLatin1StringView("131037"), Reason::Account},    CodeRow{QLatin1StringView("131045"), Reason::Account},
    CodeRow{QLatin1StringView("133010"), Reason::Account},    CodeRow{QLatin1StringView("131005"), Reason::Permission},
    CodeRow{QLatin1StringView("10"), Reason::Permission},     CodeRow{QLatin1StringView("3"), Reason::Permission},
    CodeRow{QLatin1StringView("130429"), Reason::Busy},       CodeRow{QLatin1StringView("131056"), Reason::Busy},
    CodeRow{QLatin1StringView("80007"), Reason::Busy},        CodeRow{QLatin1StringView("131057"), Reason::Busy},
    CodeRow{QLatin1StringView("131016"), Reason::Trouble},    CodeRow{QLatin1StringView("131000"), Reason::Trouble},
    CodeRow{QLatin1StringView("132000"), Reason::Template},   CodeRow{QLatin1StringView("132001"), Reason::Template},
    CodeRow{QLatin1StringView("132005"), Reason::Template},   CodeRow{QLatin1StringView("132007"), Reason::Template},
    CodeRow{QLatin1StringView("132012"), Reason::Template},   CodeRow{QLatin1StringView("132015"), Reason::Template},
    CodeRow{QLatin1StringView("132016"), Reason::Template},   CodeRow{QLatin1StringView("132068"), Reason::Template}};

// https://www.twilio.com/docs/api/errors
constexpr std::array kTwilio{
    CodeRow{QLatin1StringView("63016"), Reason::Window},      CodeRow{QLatin1StringView("21610"), Reason::OptedOut},
    CodeRow{QLatin1StringView("63049"), Reason::OptedOut},    CodeRow{QLatin1StringView("21211"), Reason::Recipient},
    CodeRow{QLatin1StringView("21614"), Reason::Recipient},   CodeRow{QLatin1StringView("21635"), Reason::Recipient},
    CodeRow{QLatin1StringView("30003"), Reason::Recipient},   CodeRow{QLatin1StringView("30004"), Reason::Recipient},
    CodeRow{QLatin1StringView("30005"), Reason::Recipient},   CodeRow{QLatin1StringView("30006"), Reason::Recipient},
    CodeRow{QLatin1StringView("63003"), Reason::Recipient},   CodeRow{QLatin1StringView("63024"), Reason::Recipient},
    CodeRow{QLatin1StringView("21408"), Reason::Permission},  CodeRow{QLatin1StringView("21212"), Reason::Account},
    CodeRow{QLatin1StringView("21606"), Reason::Account},     CodeRow{QLatin1StringView("63007"), Reason::Account},
    CodeRow{QLatin1StringView("30002"), Reason::Account},     CodeRow{QLatin1StringView("30034"), Reason::Account},
    CodeRow{QLatin1StringView("30007"), Reason::Spam},        CodeRow{QLatin1StringView("63013"), Reason::Spam},
    CodeRow{QLatin1StringView("21617"), Reason::Content},     CodeRow{QLatin1StringView("63005"), Reason::Content},
    CodeRow{QLatin1StringView("63021"), Reason::Content},     CodeRow{QLatin1StringView("21620"), Reason::File},
    CodeRow{QLatin1StringView("11751"), Reason::File},        CodeRow{QLatin1StringView("63019"), Reason::File},
    CodeRow{QLatin1StringView("30001"), Reason::Busy},        CodeRow{QLatin1StringView("63018"), Reason::Busy},
    CodeRow{QLatin1StringView("63038"), Reason::Allowance},   CodeRow{QLatin1StringView("30008"), Reason::Trouble}};

// https://developers.facebook.com/docs/messenger-platform/error-codes
constexpr std::array kMeta{
    CodeRow{QLatin1StringView("10.2018278"), Reason::Window}, CodeRow{QLatin1StringView("10.2534022"), Reason::Window},
    CodeRow{QLatin1StringView("551"), Reason::Recipient},     CodeRow{QLatin1StringView("100.2018001"), Reason::Recipient},
    CodeRow{QLatin1StringView("613"), Reason::Busy},          CodeRow{QLatin1StringView("4"), Reason::Busy},
    CodeRow{QLatin1StringView("32"), Reason::Busy},           CodeRow{QLatin1StringView("200"), Reason::Permission},
    CodeRow{QLatin1StringView("10"), Reason::Permission},     CodeRow{QLatin1StringView("368"), Reason::Spam}};

// https://core.telegram.org/bots/api#making-requests and https://developers.line.biz/en/reference/messaging-api/#status-codes
constexpr std::array kHttp{
    CodeRow{QLatin1StringView("403"), Reason::Recipient}, CodeRow{QLatin1StringView("401"), Reason::Account},
    CodeRow{QLatin1StringView("429"), Reason::Busy},      CodeRow{QLatin1StringView("413"), Reason::File}};

// The words of our own, the same as the error kinds'.
constexpr std::array kOwn{
    CodeRow{QLatin1StringView("window_closed"), Reason::Window},    CodeRow{QLatin1StringView("channel_limit"), Reason::Content},
    CodeRow{QLatin1StringView("unauthorized"), Reason::Account},    CodeRow{QLatin1StringView("forbidden"), Reason::Permission},
    CodeRow{QLatin1StringView("network"), Reason::Connection},      CodeRow{QLatin1StringView("timeout"), Reason::Connection},
    CodeRow{QLatin1StringView("unavailable"), Reason::Connection},  CodeRow{QLatin1StringView("rate_limited"), Reason::Busy},
    CodeRow{QLatin1StringView("invalid"), Reason::Content},         CodeRow{QLatin1StringView("too_large"), Reason::File},
    CodeRow{QLatin1StringView("file_refused"), Reason::File},       CodeRow{QLatin1StringView("bad_payload"), Reason::Trouble}};

std::optional<Reason> find(std::span<const CodeRow> table, const QString &code)
{
    for (const CodeRow &row : table) {
        if (row.code == code)
            return row.reason;
    }
    // "10.33": where the subcode isn't known, the code itself may be.
    if (const qsizetype dot = code.indexOf(u'.'); dot > 0)
        return find(table, code.left(dot));
    return std::nullopt;
}

std::span<const CodeRow> tableOf(Channel channel)
{
    switch (channel) {
    case Channel::Whatsapp: return kWhatsapp;
    case Channel::Twilio: return kTwilio;
    case Channel::Instagram:
    case Channel::Messenger: return kMeta;
    case Channel::Telegram:
    case Channel::Line: return kHttp;
    case Channel::Tiktok: return {};
    }
    Q_UNREACHABLE();
}

QString reasonText(Reason reason, const QString &platform)
{
    switch (reason) {
    case Reason::Window: return Words::tr("The reply window is closed; it opens when the customer writes again.");
    case Reason::Allowance: return Words::tr("%1 allows no more replies for now.").arg(platform);
    case Reason::Permission: return Words::tr("%1 does not permit this account to send it.").arg(platform);
    case Reason::Recipient: return Words::tr("%1 can't reach this customer.").arg(platform);
    case Reason::OptedOut: return Words::tr("The customer does not want to receive this kind of message.");
    case Reason::Content: return Words::tr("%1 does not take this content.").arg(platform);
    case Reason::File: return Words::tr("%1 did not take the file.").arg(platform);
    case Reason::Template: return Words::tr("%1 does not know the template in this form.").arg(platform);
    case Reason::Account: return Words::tr("%1 does not accept this account; check the inbox's connection.").arg(platform);
    case Reason::Busy: return Words::tr("%1 asked to send more slowly.").arg(platform);
    case Reason::Connection: return Words::tr("The connection broke before the message left.");
    case Reason::Spam: return Words::tr("%1 held it back as unwanted.").arg(platform);
    case Reason::Payment: return Words::tr("%1 asks for a payment method first.").arg(platform);
    case Reason::Trouble: return Words::tr("%1 had trouble and did not take it.").arg(platform);
    }
    Q_UNREACHABLE();
}

} // namespace

QString errorText(const Error &error)
{
    switch (error.kind) {
    case Error::Kind::Network: return Words::tr("The connection broke. It comes back by itself; then try again.");
    case Error::Kind::Timeout: return Words::tr("There was no answer in time. Try again.");
    case Error::Kind::RateLimited: return Words::tr("Too much at once. Try again in a moment.");
    case Error::Kind::Unauthorized: return Words::tr("The access is not accepted. Check the token or connect again.");
    case Error::Kind::Forbidden: return Words::tr("You are not permitted to do this.");
    case Error::Kind::BadPayload: return Words::tr("The answer could not be read. Both sides may be of different versions.");
    case Error::Kind::Invalid:
        if (error.field == "attachment"_L1)
            return Words::tr("This is not a picture that can be sent here.");
        if (error.field == "attachment_kind"_L1)
            return Words::tr("The channel does not take files of this kind.");
        if (error.field == "attachment_size"_L1)
            return Words::tr("The file is too large for the channel.");
        return Words::tr("Something in the input is not right.");
    case Error::Kind::NotFound: return Words::tr("It is no longer there.");
    case Error::Kind::Conflict: return Words::tr("It has changed meanwhile. Look again, then repeat.");
    case Error::Kind::WindowClosed: return Words::tr("The reply window is closed; it opens when the customer writes again.");
    case Error::Kind::ChannelLimit: return Words::tr("The channel does not take this: too long, too large or not possible there.");
    case Error::Kind::OutcomeUnknown: return Words::tr("It may have been sent.");
    case Error::Kind::Unavailable: return Words::tr("Not connected to the server at the moment.");
    case Error::Kind::Storage: return Words::tr("The server could not save it. Check the free disk space.");
    case Error::Kind::Cancelled: return Words::tr("It was cancelled.");
    }
    Q_UNREACHABLE();
}

QString externalErrorText(const ExternalError &error, Channel channel)
{
    const QString platform = channelTitle(channel);
    if (error.code == kOutcomeUnknown)
        return Words::tr("The answer of %1 did not arrive. Check the phone before sending it again.").arg(platform);
    if (const auto own = find(kOwn, error.code))
        return reasonText(*own, platform);
    if (const auto known = find(tableOf(channel), error.code))
        return reasonText(*known, platform);
    if (channel == Channel::Tiktok)
        return Words::tr("TikTok refused it: perhaps the link, or no replies left in this window.");
    return Words::tr("%1 refused it.").arg(platform);
}

bool isOutcomeUnknown(const Message &message)
{
    return message.status == MessageStatus::Failed && message.externalError && message.externalError->code == kOutcomeUnknown;
}

QString failureDetails(const Message &message, Channel channel)
{
    if (!message.externalError)
        return Words::tr("No reason was given.");
    QStringList lines{externalErrorText(*message.externalError, channel)};
    if (const QJsonObject part = message.detail.value("failed_part"_L1).toObject(); !part.isEmpty()) {
        const QString which = Words::tr("Part %1 of %2").arg(part.value("number"_L1).toInt()).arg(part.value("count"_L1).toInt());
        const QString name = part.value("name"_L1).toString().left(200);
        lines.append(name.isEmpty() ? which : which + u" ("_s + name + u')');
    }
    if (!message.externalError->text.isEmpty())
        lines.append(Words::tr("%1 said: %2").arg(channelTitle(channel), message.externalError->text.left(4000)));
    lines.append(Words::tr("Code: %1").arg(message.externalError->code));
    if (!message.sourceId.isEmpty())
        lines.append(Words::tr("Message id: %1").arg(message.sourceId));
    lines.append(Words::tr("Time: %1").arg(toRfc3339(message.updatedAt)));
    return lines.join(u'\n');
}

} // namespace antiphon
