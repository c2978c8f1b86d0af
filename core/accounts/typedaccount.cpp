#include "core/accounts/typedaccount.h"

#include "core/base/json.h"

#include <QRegularExpression>

#include <algorithm>

namespace antiphon {

QString newVerifyToken(RandomSource &random)
{
    constexpr int kBytes = 16;
    return QString::fromLatin1(random.bytes(kBytes).toHex());
}

} // namespace antiphon

namespace antiphon::typed {
namespace {
using namespace Qt::StringLiterals;

constexpr qsizetype kLongestValue = 4096;
constexpr qsizetype kLongestId = 32;
constexpr qsizetype kShortestNumber = 7;    // E.164
constexpr qsizetype kLongestNumber = 15;

Error invalid(const QString &field, const QString &why)
{
    return {Error::Kind::Invalid, why, field};
}

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

bool isMeta(Channel channel)
{
    return channel == Channel::Whatsapp || channel == Channel::Instagram || channel == Channel::Messenger;
}

/// The text of `key`; empty where it is not given.
Result<QString> textOf(const QJsonObject &from, const QString &key)
{
    const QJsonValue value = from.value(key);
    if (value.isUndefined() || value.isNull())
        return QString();
    const QString text = json::cleanText(value.toString()).trimmed();
    if (text.isEmpty() || text.size() > kLongestValue)
        return invalid(key, u"must be a non-empty text"_s);
    return text;
}

/// "+15550100001" of whatever way a person writes it; empty where it is none.
QString phoneNumber(const QString &text)
{
    QString digits;
    for (const QChar c : text) {
        if (isDigit(c))
            digits.append(c);
        else if (!u"+-(). /\u00a0"_s.contains(c))
            return {};
    }
    if (digits.size() < kShortestNumber || digits.size() > kLongestNumber || digits.startsWith(u'0'))
        return {};
    return u'+' + digits;
}

bool matches(const QString &text, const QString &pattern)
{
    return QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(text).hasMatch();
}

/// Secrets whose shape is known: a value that was pasted into the wrong field is found before the platform is asked.
Result<void> checkShape(const QString &secret, const QString &value)
{
    static const QHash<QString, std::pair<QString, QString>> kShapes{
        {u"bot_token"_s, {u"[0-9]+:[A-Za-z0-9_-]{30,}"_s, u"not a bot token: digits, a colon and 35 characters are expected"_s}},
        {u"channel_secret"_s, {u"[0-9a-fA-F]{32}"_s, u"not a channel secret: 32 hexadecimal digits are expected"_s}},
        {u"api_key_sid"_s, {u"SK[0-9a-fA-F]{32}"_s, u"not the id of an API key: SK and 32 hexadecimal digits are expected"_s}}};
    const auto shape = kShapes.constFind(secret);
    if (shape == kShapes.cend() || matches(value, shape->first))
        return {};
    return invalid(secret, shape->second);
}

constexpr auto kWhatsappPrefix = "whatsapp:"_L1;

/// A sender at Twilio: "+15005550006", "whatsapp:+14155238886", "72975", "LANTERN"; empty where it can be none.
QString twilioSender(const QString &text, bool isWhatsapp)
{
    if (text.startsWith(kWhatsappPrefix, Qt::CaseInsensitive)) {
        const QString number = phoneNumber(text.mid(kWhatsappPrefix.size()).trimmed());
        return isWhatsapp && !number.isEmpty() ? kWhatsappPrefix + number : QString();
    }
    if (!isWhatsapp && (matches(text, u"[0-9]{3,6}"_s) || (matches(text, u"[A-Za-z0-9 &_+-]{1,11}"_s) && matches(text, u".*[A-Za-z].*"_s))))
        return text;
    return phoneNumber(text);
}

/// A setting of Twilio's, as it is kept.
Result<QString> twilioSetting(const QJsonObject &settings, const QString &key, const QString &text)
{
    const bool isWhatsapp = settings.value("medium"_L1).toString().trimmed() == "whatsapp"_L1;
    if (key == "medium"_L1 && text != "sms"_L1 && text != "whatsapp"_L1)
        return invalid(key, u"sms or whatsapp"_s);
    if (key == "account_sid"_L1 && !matches(text, u"AC[0-9a-fA-F]{32}"_s))
        return invalid(key, u"not an Account SID: AC and 32 hexadecimal digits are expected"_s);
    if (key == "messaging_service_sid"_L1 && !matches(text, u"MG[0-9a-fA-F]{32}"_s))
        return invalid(key, u"not a Messaging Service SID: MG and 32 hexadecimal digits are expected"_s);
    if (key != "phone_number"_L1)
        return text;
    const QString sender = twilioSender(text, isWhatsapp);
    return sender.isEmpty() ? Result<QString>(invalid(key, isWhatsapp ? u"not a phone number with its country's code"_s
                                                                      : u"not a phone number with its country's code, short code or name"_s))
                            : sender;
}

Result<QString> settingOf(Channel channel, const QJsonObject &settings, const QString &key)
{
    const auto text = textOf(settings, key);
    if (!text)
        return text;
    if (text->isEmpty())
        return invalid(key, u"is missing"_s);
    if (channel == Channel::Twilio)
        return twilioSetting(settings, key, *text);
    if (key == "phone_number"_L1) {
        const QString number = phoneNumber(*text);
        return number.isEmpty() ? Result<QString>(invalid(key, u"not a phone number with its country's code"_s)) : number;
    }
    const bool isId = text->size() <= kLongestId && std::all_of(text->begin(), text->end(), isDigit);
    if ((isMeta(channel) || channel == Channel::Line) && !isId)
        return invalid(key, u"an id of digits is expected"_s);
    return text;
}

/// Where a secret is kept: one that also signs webhooks has two places.
QList<QString *> placesOf(const AccountFields &fields, const QString &secret, InboxCredentials *credentials)
{
    QList<QString *> places;
    if (secret == fields.token)
        places.append(&credentials->accessToken);
    if (secret == fields.signing)
        places.append(&credentials->appSecret);
    if (secret == "refresh_token"_L1)
        places.append(&credentials->refreshToken);
    if (secret == "verify_token"_L1)
        places.append(&credentials->verifyToken);
    if (places.isEmpty())
        places.append(&credentials->further[secret]);
    return places;
}

/// The setting that stands for the account among those of which one must be there.
Result<QString> oneOf(const QStringList &keys, const QJsonObject &settings)
{
    QString chosen;
    for (const QString &key : keys) {
        const QJsonValue value = settings.value(key);
        if (value.isUndefined() || value.isNull() || value.toString() == QString())
            continue;
        if (!chosen.isEmpty())
            return invalid(key, u"either this or %1, not both"_s.arg(chosen));
        chosen = key;
    }
    return chosen.isEmpty() ? Result<QString>(invalid(keys.constFirst(), u"is missing"_s)) : chosen;
}

} // namespace

QString accountSetting(const AccountFields &fields, Channel channel)
{
    return fields.account.isEmpty() && channel == Channel::Instagram ? u"instagram_id"_s : fields.account;
}

bool isSameAccount(Channel channel, const InboxCredentials &one, const InboxCredentials &other)
{
    if (channel != Channel::Twilio)
        return one.account == other.account;
    // A number may have one inbox for each medium, and one that is typed with the word before it is no other number.
    const auto plain = [](const InboxCredentials &of) { return of.account.startsWith(kWhatsappPrefix) ? of.account.mid(kWhatsappPrefix.size()) : of.account; };
    const QLatin1StringView medium("medium");
    return one.account == other.account || (plain(one) == plain(other) && one.settings.value(medium) == other.settings.value(medium));
}

QString accountField(const AccountFields &fields, Channel channel, const InboxCredentials &credentials)
{
    for (const QString &key : fields.accountOneOf) {
        if (credentials.settings.contains(key))
            return key;
    }
    return accountSetting(fields, channel);
}

QStringList uniqueSettings(Channel channel)
{
    return channel == Channel::Whatsapp ? QStringList{u"phone_number"_s} : QStringList();
}

Result<void> takeSecrets(const AccountFields &fields, const QJsonObject &secrets, InboxCredentials *credentials)
{
    for (auto it = secrets.begin(); it != secrets.end(); ++it) {
        const bool isKnown = fields.secrets.contains(it.key()) || fields.optionalSecrets.contains(it.key()) || it.key() == fields.token;
        if (!isKnown)
            return invalid(it.key(), u"unknown"_s);
        const auto text = textOf(secrets, it.key());
        if (!text)
            return text.error();
        if (text->isEmpty())
            continue;
        if (const auto checked = checkShape(it.key(), *text); !checked)
            return checked;
        const QList<QString *> places = placesOf(fields, it.key(), credentials);
        for (QString *place : places)
            *place = *text;
    }
    return {};
}

Result<void> takeSettings(const AccountFields &fields, Channel channel, const QJsonObject &settings, InboxCredentials *credentials)
{
    QStringList needed = fields.settings;
    QString account = fields.account;
    if (!fields.accountOneOf.isEmpty()) {
        const auto chosen = oneOf(fields.accountOneOf, settings);
        if (!chosen)
            return chosen.error();
        account = *chosen;
    }
    if (!fields.accountOneOf.isEmpty())
        needed.append(account);
    else if (!account.isEmpty())
        needed.prepend(account);
    for (const QString &key : needed) {
        const bool isTold = channel == Channel::Instagram && key == fields.account;   // its token says whose it is
        if (isTold && json::orNull(settings.value(key).toString().trimmed()).isNull())
            continue;
        const auto text = settingOf(channel, settings, key);
        if (!text)
            return text.error();
        credentials->settings.insert(key, *text);
        if (key == account)
            credentials->account = *text;
    }
    // One number may carry both: as Twilio tells them apart, so do we.
    const bool isWhatsapp = channel == Channel::Twilio && json::string(credentials->settings, "medium"_L1) == "whatsapp"_L1;
    if (isWhatsapp && credentials->account.startsWith(u'+'))
        credentials->account.prepend(kWhatsappPrefix);
    return {};
}

Result<void> checkComplete(const AccountFields &fields, const InboxCredentials &credentials)
{
    InboxCredentials copy = credentials;
    for (const QString &secret : fields.secrets) {
        if (placesOf(fields, secret, &copy).constFirst()->isEmpty())
            return invalid(secret, u"is missing"_s);
    }
    // Without one nothing that comes in could be believed.
    if (fields.optionalSecrets.contains(u"app_secret"_s) && credentials.appSecret.isEmpty())
        return invalid(u"app_secret"_s, u"is missing, here and in the application"_s);
    return {};
}

Error refusal(const AccountFields &fields, const Error &error)
{
    const bool isNamed = fields.account == error.field || fields.accountOneOf.contains(error.field) || fields.settings.contains(error.field) || fields.secrets.contains(error.field)
        || fields.optionalSecrets.contains(error.field) || (error.kind == Error::Kind::Invalid && error.code.isEmpty());     // nobody was asked: the channel judged it
    switch (error.kind) {
    case Error::Kind::Unauthorized:
    case Error::Kind::Forbidden:
    case Error::Kind::Invalid:
    case Error::Kind::NotFound:
    case Error::Kind::Conflict:
        return {Error::Kind::Invalid, u"the platform refused it: "_s + error.detail, isNamed && !error.field.isEmpty() ? error.field : fields.token, {}, error.code};
    default: return {Error::Kind::Unavailable, u"the platform could not be asked: "_s + error.detail, {}, error.retryAfter, error.code};
    }
}

Result<void> compare(const AccountFields &fields, const QJsonObject &typedSettings, const AccountProfile &profile, InboxCredentials *credentials)
{
    if (credentials->account.isEmpty())
        credentials->account = profile.account;
    if (credentials->account.isEmpty())
        return invalid(fields.token, u"the platform does not say whose it is"_s);
    if (!profile.account.isEmpty() && profile.account != credentials->account)
        return invalid(fields.account.isEmpty() ? fields.token : fields.account, u"the credentials are those of another account"_s);
    for (auto it = profile.settings.begin(); it != profile.settings.end(); ++it) {
        const QString typed = typedSettings.value(it.key()).toString().trimmed();
        if (it.value().isString() && !typed.isEmpty() && typed != it.value().toString() && it.key().endsWith("_id"_L1))
            return invalid(it.key(), u"the credentials are those of another account"_s);
    }
    return {};
}

} // namespace antiphon::typed
