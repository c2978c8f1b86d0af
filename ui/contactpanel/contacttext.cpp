#include "ui/contactpanel/contacttext.h"

#include <QCoreApplication>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::ContactText)
};
} // namespace

QString contactHandle(const Contact &contact)
{
    const QString username = contact.customAttributes.value("username"_L1).toString();
    if (!username.isEmpty())
        return username.startsWith(u'@') ? username : u'@' + username;
    return !contact.phoneNumber.isEmpty() ? contact.phoneNumber : contact.email;
}

QString contactTitle(const Contact &contact)
{
    if (!contact.name.isEmpty())
        return contact.name;
    const QString handle = contactHandle(contact);
    return handle.isEmpty() ? Words::tr("Customer") : handle;
}

} // namespace antiphon
