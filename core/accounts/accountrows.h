#pragma once

#include "core/channels/credentials.h"
#include "core/domain/inbox.h"
#include "core/secrets/secretstore.h"
#include "core/store/transaction.h"

namespace antiphon {

/// An account that proved itself, on its way into the database.
struct ConnectedAccount {
    Channel channel{};
    AccountFields fields{};                          ///< of that channel
    TokenGrant grant{};
    AccountProfile profile{};
    QString appSecret{};                             ///< the inbox's own; empty: as before, or none
    QString verifyToken{};
    QHash<QString, QString> further{};               ///< secrets that only the channel knows the names of
    QString way{};                                   ///< the value of the setting `fields.way`; empty: without it
    QJsonObject typedSettings{};                     ///< that the platform proved right: "phone_number", …
    QString name{};                                  ///< the agent's; the platform's where empty
    QJsonObject settings{};                          ///< the agent's
    std::optional<Inbox::Delivery> delivery{};       ///< the agent's
    Inbox::Delivery defaultDelivery = Inbox::Delivery::Webhook;
    std::optional<int> replyWindowHours{};
    std::optional<Timestamp> accessEnds{};
    std::optional<Timestamp> refreshEnds{};
    InboxId expected{};                              ///< on reconnect: the inbox it must be the account of
    bool mustBeNew = false;                          ///< an account that is connected already is refused
};

/// Makes the inbox, or brings the one of this account up to date and makes it active where it waited for its owner: tokens (sealed), their
/// times, and the picture's fetching in one closure. The agent's name of an existing inbox stays. Conflict where the account is not the
/// expected one, is connected already though it must be new, or is connected in another way (AccountFields::way).
Result<Inbox> storeAccount(WriteTransaction &tx, const ConnectedAccount &account, const SecretStore &secrets);

/// Conflict: that inbox has this account. @param name of the inbox or the account, for words; may be empty @param field what was typed
Error connectedBy(InboxId inbox, const QString &name, const QString &field);

/// Settings that belong to the account and are not the agent's to change: what `fields` names of its channel, and "username", "notice" … of all.
bool isAccountSetting(const AccountFields &fields, const QString &name);

/// Puts the agent's `changes` into an inbox's settings. Invalid, with `field`, for what belongs to the account, for a choice of the wrong type, and
/// where the whole gets too large.
Result<QJsonObject> changedSettings(const AccountFields &fields, QJsonObject settings, const QJsonObject &changes);

} // namespace antiphon
