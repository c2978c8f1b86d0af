#include "core/accounts/farewells.h"

#include "core/accounts/operationrunner.h"
#include "core/base/logging.h"

#include <QPointer>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

QString pathOf(const QUrl &url)
{
    const QString query = url.query(QUrl::FullyDecoded);
    return url.path(QUrl::FullyDecoded) + (query.isEmpty() ? QString() : u'?' + query);
}

} // namespace

Farewells::Farewells(const Surroundings &surroundings, QObject *parent)
    : QObject(parent)
    , m_s(surroundings)
{
}

void Farewells::tell(const Parting &parting)
{
    const AccountAdapter *accounts = m_s.channels.accounts(parting.channel);
    const ChannelAdapter *adapter = m_s.channels.adapter(parting.channel);
    if (!accounts || !adapter)
        return;
    if (!accounts->hasSubscriptions() || !hasOwnAddress(adapter->webhookRules())) {
        unsubscribe(parting);
        return revoke(parting);
    }
    m_s.ours.load(parting.channel, [self = QPointer<Farewells>(this), parting] {
        if (self)
            self->inspect(parting);
    });
}

/// Whatever an earlier look said: nothing is taken off before it is known whose it is.
void Farewells::inspect(const Parting &parting)
{
    const AccountAdapter *accounts = m_s.channels.accounts(parting.channel);
    runOperation<WebhookRegistration>(m_s.http, accounts->inspectSubscription(parting.credentials, m_s.channels.endpoints(parting.channel)),
                                      [self = QPointer<Farewells>(this), parting](const Result<WebhookRegistration> &found) {
                                          if (!self)
                                              return;
                                          if (found)
                                              return self->compare(parting, *found);
                                          qCWarning(lcAccounts).noquote() << "deleted inbox" << parting.inbox.value() << "may still be brought webhooks: "
                                                                          << describe(found.error());
                                          self->revoke(parting);
                                      });
}

void Farewells::compare(const Parting &parting, const WebhookRegistration &found)
{
    if (!found.callback.isEmpty() && !isIts(parting, found.callback)) {
        qCInfo(lcAccounts).noquote() << "deleted inbox" << parting.inbox.value() << "its webhooks go elsewhere and stay so:"
                                     << found.callback.toString(QUrl::RemoveQuery);
        return revoke(parting);
    }
    if (!found.callback.isEmpty())
        return withdraw(parting, found.callback);
    if (found.isSubscribed)
        unsubscribe(parting);
    revoke(parting);
}

void Farewells::withdraw(const Parting &parting, const QUrl &callback)
{
    const AccountAdapter *accounts = m_s.channels.accounts(parting.channel);
    auto operation = accounts->withdraw(callback, parting.credentials, m_s.channels.endpoints(parting.channel));
    if (!operation) {
        if (!unsubscribe(parting))
            qCWarning(lcAccounts).noquote() << "deleted inbox" << parting.inbox.value() << "is still brought webhooks, to" << callback.toString(QUrl::RemoveQuery)
                                            << "- no call takes the address out, a person can in the platform's console";
        return revoke(parting);
    }
    runOperation<bool>(m_s.http, std::move(operation), [self = QPointer<Farewells>(this), parting](const Result<bool> &isOut) {
        if (!self)
            return;
        if (!isOut)
            qCWarning(lcAccounts).noquote() << "deleted inbox" << parting.inbox.value() << "its address could not be taken out: " << describe(isOut.error());
        self->unsubscribe(parting);
        self->revoke(parting);
    });
}

/// @return false where there is no such call.
bool Farewells::unsubscribe(const Parting &parting)
{
    if (parting.isShared)
        return true;
    const AccountAdapter *accounts = m_s.channels.accounts(parting.channel);
    const auto request = accounts->unsubscribe(parting.credentials, m_s.channels.endpoints(parting.channel));
    if (!request)
        return false;
    m_s.http.send(*request, [inbox = parting.inbox](const HttpReply &reply) {
        if (reply.status / 100 != 2)
            qCWarning(lcAccounts) << "deleted inbox" << inbox.value() << "could not be unsubscribed: the platform answered" << reply.status;
    });
    return true;
}

void Farewells::revoke(const Parting &parting)
{
    const AccountAdapter *accounts = m_s.channels.accounts(parting.channel);
    const auto request = parting.app ? accounts->revoke(parting.credentials.accessToken, *parting.app, m_s.channels.endpoints(parting.channel)) : std::nullopt;
    if (request)
        m_s.http.send(*request, [](const HttpReply &) {});
}

/// Now or formerly, of this inbox and no other one here.
bool Farewells::isIts(const Parting &parting, const QUrl &registered) const
{
    const QString own = webhookPath(m_s.channels.adapter(parting.channel)->webhookRules(), parting.inbox, parting.credentials.settings);
    const bool isNow = registered.scheme() == parting.callback.scheme() && registered.authority() == parting.callback.authority()
        && pathOf(registered) == pathOf(parting.callback);
    return isNow || (m_s.ours.contains(parting.channel, registered) && pathOf(registered).endsWith(pathOf(QUrl(u"https://here"_s + own))));
}

} // namespace antiphon
