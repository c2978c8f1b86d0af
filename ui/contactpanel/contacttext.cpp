#include "ui/contactpanel/contacttext.h"

#include "core/domain/phonenumber.h"

#include <QCoreApplication>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr QChar kLeftToRight{0x200E};

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::ContactText)
};
} // namespace

QString contactHandle(const Contact &contact)
{
    const QString username = contact.customAttributes.value("username"_L1).toString();
    if (!username.isEmpty())
        // Names and numbers of platforms read left to right in every language.
        return kLeftToRight + (username.startsWith(u'@') ? username : u'@' + username);
    return !contact.phoneNumber.isEmpty() ? phoneText(contact.phoneNumber) : contact.email;
}

QString phoneText(const QString &e164)
{
    return e164.isEmpty() ? QString() : kLeftToRight + phoneForPeople(e164);
}

QString addressText(const QString &sourceId)
{
    const QString plain = sourceId.startsWith("whatsapp:"_L1) ? sourceId.mid(9) : sourceId;
    if (plain.startsWith(u'+'))
        return phoneText(plain);
    const qsizetype slash = plain.indexOf(u'/');
    return plain.startsWith(u'b') && slash > 1 ? plain.mid(slash + 1) : plain;
}

QString contactTitle(const Contact &contact)
{
    if (!contact.name.isEmpty())
        return contact.name;
    const QString handle = contactHandle(contact);
    return handle.isEmpty() ? Words::tr("Customer") : handle;
}

} // namespace antiphon
