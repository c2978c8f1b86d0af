#pragma once

#include "core/channels/inbound.h"

#include <QJsonArray>

namespace antiphon::whatsapp {

/// A person under the names that one event gives them.
struct Party {
    QString phone{};             ///< digits
    QString userId{};            ///< business-scoped user id, "US.31415926535"
    QString parentUserId{};      ///< the same over several portfolios, "US.ENT.27182818284"

    /// Where an answer goes: the phone number, else the user id, else the parent's. Empty: nobody is named.
    QString address() const;
};

/// A name as it stands in `from`, `to` or a thread's `id`: a number with or without "+", or a user id.
Party partyOf(const QString &name);

/// Takes from `other` what isn't known yet.
void complete(Party *party, const Party &other);

/// What an entry of `contacts` says: wa_id, user_id, parent_user_id.
Party partyOfContact(const QJsonObject &contact);

/// The entry that belongs to `party`, by number (in any spelling) or id and never by its place; where nobody is named, the only one there is.
QJsonObject contactOf(const QJsonArray &contacts, const Party &party);

/// With the other spellings of the number as variants and the user ids as aliases. @param contact {profile: {name, username}, wa_id}
InboundCustomer customerOf(const Party &party, const QJsonObject &contact);

/// The lane of a customer's thread: "wa:<phone number id>:<the number's one spelling, or the user id>".
QString lane(const QString &account, const QString &address);

/// Seconds since 1970, as a number or a string of digits; milliseconds where it is too great for that. Nothing before 2010 or after 2100.
std::optional<Timestamp> moment(const QJsonValue &value);

/// Whether it is a user id or a parent's, which a call names in `recipient` and not in `to`.
/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/business-scoped-user-ids
bool isUserId(const QString &address);

} // namespace antiphon::whatsapp
