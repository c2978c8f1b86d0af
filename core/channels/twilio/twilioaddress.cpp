#include "core/channels/twilio/twilioaddress.h"

#include "core/base/json.h"
#include "core/domain/phonenumber.h"

#include <algorithm>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kFewestDigits = 7;
constexpr qsizetype kMostDigits = 15;

void addAlias(InboundCustomer *customer, const QString &address)
{
    if (address != customer->contactSourceId && !customer->aliases.contains(address))
        customer->aliases.append(address);
}

QJsonObject whereabouts(const QJsonObject &fields)
{
    QJsonObject attributes;
    const auto add = [&](QLatin1StringView name, QLatin1StringView key) {
        const QString value = json::string(fields, key).trimmed();
        if (!value.isEmpty())
            attributes.insert(name, value);
    };
    add("city"_L1, "FromCity"_L1);
    add("state"_L1, "FromState"_L1);
    add("zip"_L1, "FromZip"_L1);
    add("country"_L1, "FromCountry"_L1);
    return attributes;
}

} // namespace

bool isWhatsapp(const QString &address)
{
    return address.startsWith(kWhatsappScheme, Qt::CaseInsensitive);
}

bool isWhatsappInbox(const QJsonObject &settings)
{
    return json::string(settings, "medium"_L1) == "whatsapp"_L1;
}

QString bare(const QString &address)
{
    return isWhatsapp(address) ? address.sliced(kWhatsappScheme.size()) : address;
}

bool isE164(const QString &number)
{
    const QStringView digits = number.startsWith(u'+') ? QStringView(number).sliced(1) : QStringView();
    return digits.size() >= kFewestDigits && digits.size() <= kMostDigits && digits.first(1) != u"0"_s
        && std::all_of(digits.begin(), digits.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

QString addressFor(const QString &address, bool whatsapp)
{
    return whatsapp ? kWhatsappScheme + bare(address) : bare(address);
}

QString senderOf(const QJsonObject &settings)
{
    const QString number = json::string(settings, "phone_number"_L1);
    return number.isEmpty() ? QString() : addressFor(number, isWhatsappInbox(settings));
}

QString serviceOf(const QJsonObject &settings)
{
    return json::string(settings, "messaging_service_sid"_L1);
}

QString lane(const QString &contactSourceId)
{
    const QString number = bare(contactSourceId);
    return isWhatsapp(contactSourceId) && isE164(number) ? u"tw:whatsapp:+"_s + phoneCanonical(number.sliced(1)) : u"tw:"_s + contactSourceId;
}

InboundCustomer customerOf(const QJsonObject &fields)
{
    const QString from = json::string(fields, "From"_L1).trimmed();
    const QString number = bare(from);
    InboundCustomer customer{.contactSourceId = from,
                             .username = json::string(fields, "ProfileUsername"_L1),
                             .displayName = json::string(fields, "ProfileName"_L1),
                             .phoneNumber = isE164(number) ? number : QString(),
                             .attributes = whereabouts(fields)};
    if (!isWhatsapp(from))
        return customer;
    const QString waId = json::string(fields, "WaId"_L1);
    const QString userId = json::string(fields, "ExternalUserId"_L1);
    customer.platformUserId = userId.isEmpty() ? waId : userId;
    if (customer.phoneNumber.isEmpty() && isE164(u'+' + waId))
        customer.phoneNumber = u'+' + waId;
    // Somebody who hides their number writes by an id; both names lead to the same person.
    if (isE164(u'+' + waId))
        addAlias(&customer, kWhatsappScheme + u'+' + waId);
    for (const QLatin1StringView key : {"ExternalUserId"_L1, QLatin1StringView("ParentExternalUserId")}) {
        if (const QString id = json::string(fields, key); !id.isEmpty())
            addAlias(&customer, kWhatsappScheme + id);
    }
    const QStringList spellings = isE164(number) ? phoneVariants(number.sliced(1)) : QStringList();
    for (const QString &spelling : spellings)
        customer.variants.append(kWhatsappScheme + u'+' + spelling);
    return customer;
}

QStringList accountsOf(const QJsonObject &fields, QLatin1StringView ownAddress)
{
    QStringList accounts{json::string(fields, "MessagingServiceSid"_L1)};
    const QString own = json::string(fields, ownAddress).trimmed();
    accounts += {own, bare(own)};
    accounts.removeAll(QString());
    accounts.removeDuplicates();
    return accounts;
}

} // namespace antiphon::twilio
