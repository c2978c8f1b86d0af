#include "core/channels/whatsapp/whatsappidentity.h"

#include "core/base/json.h"
#include "core/domain/phonenumber.h"

#include <algorithm>

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;

namespace {

bool isNumber(QStringView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

bool isParent(const QString &userId)
{
    return userId.indexOf("ENT."_L1) == 3;
}

bool isSame(const Party &a, const Party &b)
{
    const auto same = [](const QString &one, const QString &other) { return !one.isEmpty() && one == other; };
    return same(phoneCanonical(a.phone), phoneCanonical(b.phone)) || same(a.userId, b.userId) || same(a.parentUserId, b.parentUserId);
}

} // namespace

QString Party::address() const
{
    if (!phone.isEmpty())
        return phone;
    return userId.isEmpty() ? parentUserId : userId;
}

bool isUserId(const QString &address)
{
    const auto isUpper = [](QChar c) { return c >= u'A' && c <= u'Z'; };
    return address.size() > 3 && isUpper(address[0]) && isUpper(address[1]) && address[2] == u'.';
}

Party partyOf(const QString &name)
{
    const QString digits = name.startsWith(u'+') ? name.sliced(1) : name;
    if (isNumber(digits))
        return {.phone = digits};
    return isUserId(name) && isParent(name) ? Party{.parentUserId = name} : Party{.userId = name};
}

void complete(Party *party, const Party &other)
{
    for (QString Party::*part : {&Party::phone, &Party::userId, &Party::parentUserId}) {
        if ((party->*part).isEmpty())
            party->*part = other.*part;
    }
}

Party partyOfContact(const QJsonObject &contact)
{
    Party party = partyOf(json::string(contact, "wa_id"_L1));
    complete(&party, {.userId = json::string(contact, "user_id"_L1), .parentUserId = json::string(contact, "parent_user_id"_L1)});
    return party;
}

QJsonObject contactOf(const QJsonArray &contacts, const Party &party)
{
    for (const QJsonValue &contact : contacts) {
        if (isSame(partyOfContact(contact.toObject()), party))
            return contact.toObject();
    }
    return party.address().isEmpty() && contacts.size() == 1 ? contacts.first().toObject() : QJsonObject();
}

InboundCustomer customerOf(const Party &party, const QJsonObject &contact)
{
    const QJsonObject profile = contact.value("profile"_L1).toObject();
    Party whole = party;
    const Party listed = partyOfContact(contact);
    complete(&whole, listed);
    InboundCustomer customer{
        .contactSourceId = whole.address(),
        .platformUserId = whole.userId,
        .username = json::string(profile, "username"_L1),
        .displayName = json::string(profile, "name"_L1),
        .phoneNumber = whole.phone.isEmpty() ? QString() : u'+' + whole.phone,
        .variants = phoneVariants(whole.phone),
    };
    for (const QString &alias : {listed.phone, whole.parentUserId, whole.userId}) {
        if (!alias.isEmpty() && alias != customer.contactSourceId && !customer.aliases.contains(alias))
            customer.aliases.append(alias);
    }
    return customer;
}

QString lane(const QString &account, const QString &address)
{
    return u"wa:%1:%2"_s.arg(account, phoneCanonical(address));
}

std::optional<Timestamp> moment(const QJsonValue &value)
{
    constexpr qint64 kEarliest = 1'262'304'000;
    constexpr qint64 kLatest = 4'102'444'800;
    const auto number = json::integer(value);
    if (!number)
        return std::nullopt;
    if (*number >= kEarliest && *number < kLatest)
        return fromUnixMs(*number * 1000);
    return *number >= kEarliest * 1000 && *number < kLatest * 1000 ? std::optional(fromUnixMs(*number)) : std::nullopt;
}

} // namespace antiphon::whatsapp
