#include "core/net/resolver.h"

#include <QHostInfo>

namespace antiphon {

using namespace Qt::StringLiterals;

void SystemResolver::resolve(const QString &host, Done done)
{
    QHostInfo::lookupHost(host, this, [done = std::move(done)](const QHostInfo &info) {
        if (info.error() != QHostInfo::NoError || info.addresses().isEmpty())
            done(Error{Error::Kind::Network, u"the name is not known"_s});
        else
            done(info.addresses());
    });
}

} // namespace antiphon
