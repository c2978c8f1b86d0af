#pragma once

#include "core/base/random.h"
#include "core/base/result.h"
#include "core/channels/credentials.h"
#include "core/domain/channel.h"

namespace antiphon {

/// 16 random bytes in hex: nothing in it needs escaping anywhere.
QString newVerifyToken(RandomSource &random);

} // namespace antiphon

/// What a person types to connect an account, by the fields that its channel names.
namespace antiphon::typed {

/// The setting that holds the external id, whoever says it; may be empty.
QString accountSetting(const AccountFields &fields, Channel channel);

/// Whether two inboxes would be the same account at the platform.
bool isSameAccount(Channel channel, const InboxCredentials &one, const InboxCredentials &other);

/// What a person typed that says which account it is: the setting, of several the one that was chosen.
QString accountField(const AccountFields &fields, Channel channel, const InboxCredentials &credentials);

/// Settings that no two inboxes of a channel may share, beside the external id.
QStringList uniqueSettings(Channel channel);

/// The given `secrets`, where the channel knows them, into `credentials`. Invalid with `field` for unknown and empty ones.
Result<void> takeSecrets(const AccountFields &fields, const QJsonObject &secrets, InboxCredentials *credentials);

/// Account and settings that must be there, cleaned, into `credentials`. Invalid with `field` for what is missing or can't be right.
Result<void> takeSettings(const AccountFields &fields, Channel channel, const QJsonObject &settings, InboxCredentials *credentials);

/// Whether every secret that must be there is. Invalid with `field`.
Result<void> checkComplete(const AccountFields &fields, const InboxCredentials &credentials);

/// What the platform's answer means to who typed: Invalid with the field that is wrong, or Unavailable where it could not be asked.
Error refusal(const AccountFields &fields, const Error &error);

/// The platform's word against what was typed: Invalid with the setting that is another. Fills in the account where only the platform says it.
Result<void> compare(const AccountFields &fields, const QJsonObject &typedSettings, const AccountProfile &profile, InboxCredentials *credentials);

} // namespace antiphon::typed
