#include "core/accounts/typedaccount.h"

#include "core/base/json.h"

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

Error invalid(const QString &field, const QString &why)
{
    return {Error::Kind::Invalid, why, field};
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

/// A setting that must be there, as it is kept.
Result<QString> settingOf(const AccountAdapter &adapter, const QJsonObject &settings, const QString &key)
{
    const auto text = textOf(settings, key);
    if (!text)
        return text;
    return text->isEmpty() ? Result<QString>(invalid(key, u"is missing"_s)) : adapter.readSetting(key, *text, settings);
}

/// Where a secret is kept: one that also signs webhooks has two places.
QList<QString *> placesOf(const AccountFields &fields, const QString &secret, InboxCredentials *credentials)
{
    QList<QString *> places;
    if (secret == fields.token || secret == fields.tokenAlso)
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

QString accountField(const AccountFields &fields, const InboxCredentials &credentials)
{
    for (const QString &key : fields.accountOneOf) {
        if (credentials.settings.contains(key))
            return key;
    }
    return fields.account;
}

Result<void> takeSecrets(const AccountAdapter &adapter, const QJsonObject &secrets, InboxCredentials *credentials)
{
    const AccountFields fields = adapter.fieldsOf(credentials->settings);
    const bool isTwofold = !fields.tokenAlso.isEmpty() && secrets.contains(fields.token) && secrets.contains(fields.tokenAlso);
    if (isTwofold && secrets.value(fields.token) != secrets.value(fields.tokenAlso))
        return invalid(fields.tokenAlso, u"either this or %1, not both"_s.arg(fields.token));
    for (auto it = secrets.begin(); it != secrets.end(); ++it) {
        const bool isKnown = fields.secrets.contains(it.key()) || fields.optionalSecrets.contains(it.key()) || it.key() == fields.token || it.key() == fields.tokenAlso;
        if (!isKnown)
            return invalid(it.key(), u"unknown"_s);
        const auto text = textOf(secrets, it.key());
        if (!text)
            return text.error();
        if (text->isEmpty())
            continue;
        if (const auto checked = adapter.checkSecret(it.key(), *text); !checked)
            return checked;
        const QList<QString *> places = placesOf(fields, it.key(), credentials);
        for (QString *place : places)
            *place = *text;
    }
    return {};
}

Result<void> takeSettings(const AccountAdapter &adapter, const QJsonObject &settings, InboxCredentials *credentials)
{
    const AccountFields fields = adapter.fieldsOf(settings);
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
        const bool isTold = fields.isAccountTold && key == fields.account;
        if (isTold && settings.value(key).toString().trimmed().isEmpty())
            continue;
        const auto text = settingOf(adapter, settings, key);
        if (!text)
            return text.error();
        credentials->settings.insert(key, *text);
        if (key == account)
            credentials->account = *text;
    }
    credentials->account = adapter.externalId(*credentials);
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
