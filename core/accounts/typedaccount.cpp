#include "core/accounts/typedaccount.h"

#include "core/base/json.h"

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

Result<QString> settingOf(Channel channel, const QJsonObject &settings, const QString &key)
{
    const auto text = textOf(settings, key);
    if (!text)
        return text;
    if (text->isEmpty())
        return invalid(key, u"is missing"_s);
    if (key == "phone_number"_L1) {
        const QString number = phoneNumber(*text);
        return number.isEmpty() ? Result<QString>(invalid(key, u"not a phone number with its country's code"_s)) : number;
    }
    const bool isId = text->size() <= kLongestId && std::all_of(text->begin(), text->end(), isDigit);
    if (isMeta(channel) && !isId)
        return invalid(key, u"an id of digits is expected"_s);
    return text;
}

QString *placeOf(const AccountFields &fields, const QString &secret, InboxCredentials *credentials)
{
    if (secret == fields.token)
        return &credentials->accessToken;
    if (secret == "refresh_token"_L1)
        return &credentials->refreshToken;
    if (secret == "app_secret"_L1)
        return &credentials->appSecret;
    return secret == "verify_token"_L1 ? &credentials->verifyToken : nullptr;
}

} // namespace

QString accountSetting(const AccountFields &fields, Channel channel)
{
    return fields.account.isEmpty() && channel == Channel::Instagram ? u"instagram_id"_s : fields.account;
}

QStringList uniqueSettings(Channel channel)
{
    return channel == Channel::Whatsapp ? QStringList{u"phone_number"_s} : QStringList();
}

Result<void> takeSecrets(const AccountFields &fields, const QJsonObject &secrets, InboxCredentials *credentials)
{
    for (auto it = secrets.begin(); it != secrets.end(); ++it) {
        const bool isKnown = fields.secrets.contains(it.key()) || fields.optionalSecrets.contains(it.key()) || it.key() == fields.token;
        QString *place = isKnown ? placeOf(fields, it.key(), credentials) : nullptr;
        if (!place)
            return invalid(it.key(), u"unknown"_s);
        const auto text = textOf(secrets, it.key());
        if (!text)
            return text.error();
        if (!text->isEmpty())
            *place = *text;
    }
    return {};
}

Result<void> takeSettings(const AccountFields &fields, Channel channel, const QJsonObject &settings, InboxCredentials *credentials)
{
    QStringList needed = fields.settings;
    if (!fields.account.isEmpty())
        needed.prepend(fields.account);
    for (const QString &key : needed) {
        const bool isTold = channel == Channel::Instagram && key == fields.account;   // its token says whose it is
        if (isTold && json::orNull(settings.value(key).toString().trimmed()).isNull())
            continue;
        const auto text = settingOf(channel, settings, key);
        if (!text)
            return text.error();
        credentials->settings.insert(key, *text);
        if (key == fields.account)
            credentials->account = *text;
    }
    return {};
}

Result<void> checkComplete(const AccountFields &fields, const InboxCredentials &credentials)
{
    InboxCredentials copy = credentials;
    for (const QString &secret : fields.secrets) {
        const QString *value = placeOf(fields, secret, &copy);
        if (!value || value->isEmpty())
            return invalid(secret, u"is missing"_s);
    }
    // Without one nothing that comes in could be believed.
    if (fields.optionalSecrets.contains(u"app_secret"_s) && credentials.appSecret.isEmpty())
        return invalid(u"app_secret"_s, u"is missing, here and in the application"_s);
    return {};
}

Error refusal(const AccountFields &fields, const Error &error)
{
    const bool isNamed = fields.account == error.field || fields.settings.contains(error.field) || fields.secrets.contains(error.field)
        || fields.optionalSecrets.contains(error.field);
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
        return invalid(fields.account, u"the credentials are those of another account"_s);
    for (auto it = profile.settings.begin(); it != profile.settings.end(); ++it) {
        const QString typed = typedSettings.value(it.key()).toString().trimmed();
        if (it.value().isString() && !typed.isEmpty() && typed != it.value().toString() && it.key().endsWith("_id"_L1))
            return invalid(it.key(), u"the credentials are those of another account"_s);
    }
    return {};
}

} // namespace antiphon::typed
