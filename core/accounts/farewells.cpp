#include "core/accounts/farewells.h"

#include "core/accounts/operationrunner.h"
#include "core/base/logging.h"

#include <QPointer>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

/// What a person can do about it, whatever the platform.
const QString kByHand = u"a person can take it off where the account lists the applications it is connected with, or in the application's console"_s;

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
        endShared(parting);
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
        qCInfo(lcAccounts).noquote() << "deleted inbox" << parting.inbox.value() << "had no address of its own; the application's subscription may serve others and stays:" << kByHand;
    revoke(parting);
}

void Farewells::withdraw(const Parting &parting, const QUrl &callback)
{
    if (!m_s.sameAccount(parting).isEmpty())
        return;
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
        else if (self->m_s.channels.accounts(parting.channel)->unsubscribe(parting.credentials, self->m_s.channels.endpoints(parting.channel)))
            qCInfo(lcAccounts).noquote() << "deleted inbox" << parting.inbox.value() << (*isOut ? "its address was taken out;" : "its address is another one by now;")
                                         << "the application's subscription may serve others and stays:" << kByHand;
        self->lookAgain(self->m_s.sameAccount(parting));
        self->revoke(parting);
    });
}

/// Of a subscription that names no address.
void Farewells::endShared(const Parting &parting)
{
    const bool isFed = parting.lastWebhookAt && m_s.clock.now() - *parting.lastWebhookAt <= kFedFor;
    const AccountAdapter *accounts = m_s.channels.accounts(parting.channel);
    if (isFed)
        unsubscribe(parting);
    else if (accounts->unsubscribe(parting.credentials, m_s.channels.endpoints(parting.channel)))
        qCInfo(lcAccounts).noquote() << "deleted inbox" << parting.inbox.value() << "was brought no webhook here in the last" << kFedFor.count()
                                     << "hours, so its subscription may serve another installation and stays:" << kByHand;
}

/// @return false where there is no such call.
bool Farewells::unsubscribe(const Parting &parting)
{
    if (!m_s.sameSubscription(parting).isEmpty())
        return true;
    const AccountAdapter *accounts = m_s.channels.accounts(parting.channel);
    const auto request = accounts->unsubscribe(parting.credentials, m_s.channels.endpoints(parting.channel));
    if (!request)
        return false;
    m_s.http.send(*request, [self = QPointer<Farewells>(this), parting](const HttpReply &reply) {
        if (reply.status / 100 != 2)
            qCWarning(lcAccounts) << "deleted inbox" << parting.inbox.value() << "could not be unsubscribed: the platform answered" << reply.status;
        if (self)
            self->lookAgain(self->m_s.sameSubscription(parting));
    });
    return true;
}

/// Who came while a call was under way, and may have lost by it.
void Farewells::lookAgain(const QList<InboxId> &inboxes) const
{
    for (const InboxId inbox : inboxes)
        m_s.ensure(inbox);
}

void Farewells::revoke(const Parting &parting)
{
    if (!m_s.sameAccount(parting).isEmpty())
        return;
    const AccountAdapter *accounts = m_s.channels.accounts(parting.channel);
    const auto request = parting.app ? accounts->revoke(parting.credentials.accessToken, *parting.app, m_s.channels.endpoints(parting.channel)) : std::nullopt;
    if (!request)
        return;
    m_s.http.send(*request, [inbox = parting.inbox](const HttpReply &reply) {
        if (reply.status / 100 != 2)
            qCWarning(lcAccounts) << "deleted inbox" << inbox.value() << "its token could not be given back: the platform answered" << reply.status;
    });
}

/// Now or formerly, of this inbox and no other one here.
bool Farewells::isIts(const Parting &parting, const QUrl &registered) const
{
    const QString own = webhookPath(m_s.channels.adapter(parting.channel)->webhookRules(), parting.inbox, parting.credentials.settings);
    const bool isNow = registered.scheme() == parting.callback.scheme() && registered.authority() == parting.callback.authority()
        && leadsTo(registered, own) && registered.path(QUrl::FullyDecoded) == parting.callback.path(QUrl::FullyDecoded);
    return isNow || (m_s.ours.contains(parting.channel, registered) && leadsTo(registered, own));
}

} // namespace antiphon
