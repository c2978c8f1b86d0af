#pragma once

#include "tests/accounts/fakeaccounts.h"

/// What an owner types to connect a bot, a channel of LINE's or a sender of Twilio's.
namespace antiphon::test {

using namespace Qt::StringLiterals;

inline const QString kBotToken = u"7000000001:AAE-planted_bot_token_0123456789abcde"_s;
inline const QString kOtherToken = u"7000000001:AAE-another_bot_token_0123456789abcd"_s;
inline const QString kSid = u"AC00000000000000000000000000000001"_s;

inline AccountsService::InboxInput bot(const QString &token = kBotToken)
{
    return {.settings = QJsonObject(), .secrets = QJsonObject{{u"bot_token"_s, token}}};
}

inline AccountsService::InboxInput line(const QJsonObject &settings = {{u"channel_id"_s, u"1650000001"_s}})
{
    return {.settings = settings,
            .secrets = QJsonObject{{u"channel_secret"_s, u"8c570fa6dd201bb328f1c1eac23a96d8"_s}, {u"channel_token"_s, u"planted-channel-token-1"_s}}};
}

inline AccountsService::InboxInput twilio(const QString &medium, const QString &number, const QJsonObject &moreSecrets = {})
{
    AccountsService::InboxInput input{.settings = QJsonObject{{u"account_sid"_s, kSid}, {u"medium"_s, medium}, {u"phone_number"_s, number}},
                                      .secrets = QJsonObject{{u"auth_token"_s, u"0123456789abcdef0123456789abcdef"_s}}};
    for (auto it = moreSecrets.begin(); it != moreSecrets.end(); ++it)
        input.secrets->insert(it.key(), it.value());
    return input;
}

inline QString said(const Result<Inbox> &inbox)
{
    return inbox ? u"made"_s : errorKindName(inbox.error().kind) + u' ' + inbox.error().field;
}

} // namespace antiphon::test
