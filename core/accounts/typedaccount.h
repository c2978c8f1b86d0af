#pragma once

#include "core/base/random.h"
#include "core/base/result.h"
#include "core/channels/channeladapter.h"

namespace antiphon {

/// 16 random bytes in hex: nothing in it needs escaping anywhere.
QString newVerifyToken(RandomSource &random);

} // namespace antiphon

/// What a person types to connect an account, by the fields that its channel names.
namespace antiphon::typed {

/// What a person typed that says which account it is: the setting, of several the one that was chosen.
QString accountField(const AccountFields &fields, const InboxCredentials &credentials);

/// The given `secrets`, where the channel knows them, into `credentials`. Invalid with `field` for unknown and empty ones.
Result<void> takeSecrets(const AccountAdapter &adapter, const QJsonObject &secrets, InboxCredentials *credentials);

/// Account and settings that must be there, cleaned, into `credentials`. Invalid with `field` for what is missing or can't be right.
Result<void> takeSettings(const AccountAdapter &adapter, const QJsonObject &settings, InboxCredentials *credentials);

/// Whether every secret that must be there is. Invalid with `field`.
Result<void> checkComplete(const AccountFields &fields, const InboxCredentials &credentials);

/// What the platform's answer means to who typed: Invalid with the field that is wrong, or Unavailable where it could not be asked.
Error refusal(const AccountFields &fields, const Error &error);

/// The platform's word against what was typed: Invalid with the setting that is another. Fills in the account where only the platform says it.
Result<void> compare(const AccountFields &fields, const QJsonObject &typedSettings, const AccountProfile &profile, InboxCredentials *credentials);

} // namespace antiphon::typed
