#include "core/accounts/subscriptions.h"

#include "core/accounts/operationrunner.h"
#include "core/accounts/ownernotice.h"
#include "core/base/logging.h"
#include "core/channels/feedkind.h"
#include "core/store/inboxrepository.h"
#include "core/store/writer.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::chrono::seconds kFirstAgain{30};
constexpr std::chrono::seconds kLastAgain{600};

const QString kNotSubscribed = u"not_subscribed"_s;
const QString kNoAddress = u"no_public_address"_s;

/// What the platform said, with the value that is wrong.
QString words(const QString &what, const Error &error)
{
    return error.field.isEmpty() ? what + describe(error) : u"%1%2 (look at %3)"_s.arg(what, describe(error), error.field);
}

/// Also where one has its "+" percent-encoded.
bool isSame(const QUrl &a, const QUrl &b)
{
    return a.scheme() == b.scheme() && a.authority() == b.authority() && a.path(QUrl::FullyDecoded) == b.path(QUrl::FullyDecoded) && a.query() == b.query();
}

QString trimmed(const QUrl &url)
{
    const QString text = url.toString(QUrl::FullyEncoded);
    return text.endsWith(u'/') ? text.chopped(1) : text;
}

/// What of an inspection a person should know.
QString remarkOf(const WebhookRegistration &found)
{
    QString remark = found.remark.isEmpty() ? QString() : u"; "_s + found.remark;
    if (found.failedAt)
        remark += u"; the last failure to bring one was at "_s + toRfc3339(*found.failedAt);
    return remark;
}

/// The word for the owner of an inbox that lives by webhooks.
Result<void> setNotice(WriteTransaction &tx, InboxId id, const QString &kind)
{
    const auto row = inboxes::find(tx, id);
    if (!row)
        return row.error();
    const bool isPolled = *row && (*row)->inbox.delivery == Inbox::Delivery::Poll;
    return setOwnNotice(tx, id, isPolled ? QString() : kind, {kNotSubscribed, kNoAddress});
}

} // namespace

/// One look at one account.
struct Subscriptions::Run {
    CredentialVault::Account account{};
    InboxCredentials credentials{};
    QUrl callback{};
    bool takeOver = false;
    Done done{};
    std::shared_ptr<void> turn{};        ///< at a shared subscription; see takeTurn()
};

Subscriptions::Subscriptions(const Surroundings &surroundings, QObject *parent)
    : QObject(parent)
    , m_s(surroundings)
{
    m_again.setParent(this);
    m_again.setSingleShot(true);
    connect(&m_again, &QTimer::timeout, this, &Subscriptions::ensureAll);
}

bool Subscriptions::isPerAccount(Channel channel) const
{
    const AccountAdapter *adapter = m_s.channels.accounts(channel);
    return adapter && adapter->hasSubscriptions();
}

QUrl Subscriptions::callback(const CredentialVault::Account &account) const
{
    const ChannelAdapter *adapter = m_s.channels.adapter(account.channel);
    if (m_s.publicUrl.isEmpty() || !adapter)
        return {};
    return QUrl(trimmed(m_s.publicUrl) + webhookPath(adapter->webhookRules(), account.inbox, account.credentials.settings), QUrl::StrictMode);
}

bool Subscriptions::isOurs(const CredentialVault::Account &account, const QUrl &registered) const
{
    return isSame(registered, callback(account)) || m_s.ours.contains(account.channel, registered);
}

bool Subscriptions::isElsewhere(InboxId inbox) const
{
    const auto found = m_states.find(inbox);
    return found != m_states.end() && found->second.isForeign;
}

QList<Subscriptions::Attempt> Subscriptions::attempts(Channel channel) const
{
    QList<Attempt> all;
    const QList<CredentialVault::Account> accounts = m_s.vault.accounts();
    for (const CredentialVault::Account &account : accounts) {
        const auto found = m_states.find(account.inbox);
        if (account.channel == channel)
            all.append({.inbox = account.inbox, .callback = callback(account), .state = found == m_states.end() ? std::nullopt : std::optional(found->second)});
    }
    return all;
}

bool Subscriptions::isPolled(const CredentialVault::Account &account) const
{
    return account.delivery == Inbox::Delivery::Poll && hasFeed(m_s.channels.adapter(account.channel));
}

void Subscriptions::setPublicUrl(const QUrl &url)
{
    if (m_s.publicUrl == url)
        return;
    m_s.publicUrl = url;
    m_ok.clear();
    m_failures = 0;
    m_again.stop();
}

void Subscriptions::ensureAll()
{
    const QList<CredentialVault::Account> accounts = m_s.vault.accounts();
    for (const CredentialVault::Account &account : accounts) {
        if (account.state == Inbox::State::Active && isPerAccount(account.channel))
            ensure(account.inbox, false, [](const State &) {});   // finish() says what went wrong
    }
}

QString Subscriptions::withoutSecret(const QString &signing, const CredentialVault::Account &account) const
{
    const Channel application = m_s.vault.application(account);
    const QString whose = application == account.channel ? u"the application"_s : u"the application of "_s + channelName(application);
    return u"%1 is entered neither here nor in %2, so no webhook can be believed"_s.arg(signing, whose);
}

void Subscriptions::ensure(InboxId inbox, bool takeOver, Done done)
{
    const auto account = m_s.vault.account(inbox);
    if (!account || !m_s.channels.adapter(account->channel) || !isPerAccount(account->channel)) {
        done({.ok = false, .detail = u"the inbox is not loaded"_s});
        return;
    }
    const auto run = std::make_shared<Run>(Run{.account = *account, .callback = callback(*account), .takeOver = takeOver, .done = std::move(done)});
    const ChannelAdapter *adapter = m_s.channels.adapter(account->channel);
    const QString path = webhookPath(adapter->webhookRules(), inbox, account->credentials.settings);
    const auto signers = m_s.vault.signers(account->channel, adapter->webhookKeys({.path = path.section(u'?', 0, 0).toLatin1(), .query = path.section(u'?', 1).toLatin1()}));
    const QString signing = m_s.channels.accounts(account->channel)->fields().signing;
    if (account->state == Inbox::State::Active && isPolled(*account))
        m_s.ours.load(account->channel, [self = QPointer<Subscriptions>(this), run] {
            if (self)
                self->start(run);
        });
    else if (run->callback.isEmpty())
        finish(run, {.ok = false, .detail = u"no public address is known, so nothing can be delivered by webhook"_s, .isForeign = isElsewhere(inbox)});
    else if (account->state == Inbox::State::Disabled)
        run->done({.ok = false, .detail = u"the inbox is switched off"_s});
    else if (!signers || !signers->haveSecret() || m_s.vault.complete(*account).appSecret.isEmpty())   // a secret of another application signs nothing here
        finish(run, {.ok = false, .detail = signers ? withoutSecret(signing, *account) : signers.error().detail});
    else
        m_s.ours.load(account->channel, [self = QPointer<Subscriptions>(this), run] {
            if (self)
                self->start(run);
        });
}

void Subscriptions::start(const std::shared_ptr<Run> &run)
{
    m_s.tokens.credentials(run->account.inbox, [self = QPointer<Subscriptions>(this), run](const Result<InboxCredentials> &credentials) {
        if (!self)
            return;
        if (!credentials) {
            self->finish(run, {.ok = false, .detail = credentials.error().detail});
            return;
        }
        run->credentials = *credentials;
        self->takeTurn(run);
    });
}

/// Accounts that share a subscription look at it one after the other: each adds its fields to what it found, and what was found at the same time as by
/// another would take the other's fields off again.
void Subscriptions::takeTurn(const std::shared_ptr<Run> &run)
{
    const QString key = m_s.channels.accounts(run->account.channel)->subscriptionKey(run->credentials);
    if (key.isEmpty())
        inspect(run);
    else if (const auto turn = m_turns.find(key); turn != m_turns.end())
        turn->second.append(run);
    else
        giveTurn(key, run);
}

void Subscriptions::giveTurn(const QString &key, const std::shared_ptr<Run> &run)
{
    m_turns.try_emplace(key);
    // However the look ends: its turn ends with it.
    run->turn = std::shared_ptr<void>(nullptr, [self = QPointer<Subscriptions>(this), key](void *) {
        if (self)
            self->endTurn(key);
    });
    inspect(run);
}

void Subscriptions::endTurn(const QString &key)
{
    const auto turn = m_turns.find(key);
    if (turn->second.isEmpty())
        m_turns.erase(turn);
    else
        giveTurn(key, turn->second.takeFirst());
}

void Subscriptions::inspect(const std::shared_ptr<Run> &run)
{
    const Channel channel = run->account.channel;
    if (run->takeOver && isPolled(run->account) && isFeedExclusive(m_s.channels.adapter(channel)))
        return unsubscribe(run);
    runOperation<WebhookRegistration>(m_s.http, m_s.channels.accounts(channel)->inspectSubscription(run->credentials, m_s.channels.endpoints(channel)),
                                      [self = QPointer<Subscriptions>(this), run](const Result<WebhookRegistration> &found) {
                                          if (!self)
                                              return;
                                          if (found)
                                              self->compare(run, *found);
                                          else
                                              self->finish(run, {.ok = false, .detail = words(u"the subscription could not be read: "_s, found.error())});
                                      });
}

void Subscriptions::compare(const std::shared_ptr<Run> &run, const WebhookRegistration &found)
{
    if (isPolled(run->account))
        return takeOff(run, found);
    const bool isOwn = hasOwnAddress(m_s.channels.adapter(run->account.channel)->webhookRules());
    const QString remark = remarkOf(found);
    // A secret that we made can't be read back: whoever connects anew tells it again.
    const bool mustTell = run->takeOver && m_s.channels.accounts(run->account.channel)->fields().makesSigning;
    if (found.isSubscribed && (!isOwn || isSame(found.callback, run->callback)) && !mustTell) {
        if (isOwn)
            m_s.ours.note(run->account.channel, run->callback, [] {});
        finish(run, {.ok = true, .detail = u"subscribed, to be brought to "_s + run->callback.toString() + remark});
        return;
    }
    const bool isForeign = isOwn && !found.callback.isEmpty() && !isOurs(run->account, found.callback);
    if (isForeign && !run->takeOver) {
        finish(run,
               {.ok = false,
                .detail = u"brought to another address, %1; taking it over would stop that installation's messages"_s.arg(found.callback.toString()) + remark,
                .isForeign = true});
        return;
    }
    if (!isOwn) {
        subscribe(run);
        return;
    }
    m_s.ours.note(run->account.channel, run->callback, [self = QPointer<Subscriptions>(this), run] {
        if (self)
            self->subscribe(run);
    });
}

/// Of an account that is polled: no webhook of ours stays. One of somebody else's stands in the way only where the platform has one receiver.
void Subscriptions::takeOff(const std::shared_ptr<Run> &run, const WebhookRegistration &found)
{
    if (found.callback.isEmpty()) {
        finish(run, {.ok = true, .detail = u"messages are fetched, and no webhook is set"_s + remarkOf(found)});
        return;
    }
    const ChannelAdapter *adapter = m_s.channels.adapter(run->account.channel);
    if (isOurs(run->account, found.callback)) {
        const AccountAdapter *accounts = m_s.channels.accounts(run->account.channel);
        auto operation = accounts->withdraw(found.callback, run->credentials, m_s.channels.endpoints(run->account.channel));
        if (!operation)
            unsubscribe(run);
        else if (leadsTo(found.callback, webhookPath(adapter->webhookRules(), run->account.inbox, run->account.credentials.settings)))
            withdraw(run, found.callback, std::move(operation));
        else
            finish(run, {.ok = true, .detail = u"messages are fetched; webhooks go to another inbox of this server, %1"_s.arg(found.callback.toString(QUrl::RemoveQuery))});
        return;
    }
    const bool isInTheWay = isFeedExclusive(adapter);
    const QString where = found.callback.toString(QUrl::RemoveQuery);
    finish(run, {.ok = !isInTheWay,
                 .detail = (isInTheWay ? u"nothing can be fetched while another address is brought the messages, %1; taking it over would stop that installation"_s
                                       : u"messages are fetched; webhooks go to another address, %1"_s).arg(where) + remarkOf(found),
                 .isForeign = isInTheWay});
}

void Subscriptions::unsubscribe(const std::shared_ptr<Run> &run)
{
    const Channel channel = run->account.channel;
    const auto request = m_s.channels.accounts(channel)->unsubscribe(run->credentials, m_s.channels.endpoints(channel));
    if (!request) {
        finish(run, {.ok = true, .detail = u"messages are fetched"_s});
        return;
    }
    m_s.http.send(*request, [self = QPointer<Subscriptions>(this), run](const HttpReply &reply) {
        if (!self)
            return;
        if (reply.status / 100 != 2) {
            self->finish(run, {.ok = false, .detail = u"the webhook could not be taken off: the platform answered %1"_s.arg(reply.status)});
            return;
        }
        self->finish(run, {.ok = true, .detail = u"messages are fetched, and the webhook was taken off"_s});
        emit self->feedIsFree(run->account.inbox);
    });
}

void Subscriptions::withdraw(const std::shared_ptr<Run> &run, const QUrl &registered, OperationPtr<bool> operation)
{
    runOperation<bool>(m_s.http, std::move(operation), [self = QPointer<Subscriptions>(this), run, where = registered.toString(QUrl::RemoveQuery)](const Result<bool> &isOut) {
        if (!self)
            return;
        if (!isOut)
            return self->finish(run, {.ok = false, .detail = words(u"the address could not be taken out at the platform: "_s, isOut.error())});
        self->finish(run, {.ok = true,
                           .detail = *isOut ? u"messages are fetched, and the address was taken out at the platform"_s
                                            : u"messages are fetched; the platform had another address than %1 by then, which stays"_s.arg(where)});
        emit self->feedIsFree(run->account.inbox);
    });
}

void Subscriptions::subscribe(const std::shared_ptr<Run> &run)
{
    const Channel channel = run->account.channel;
    auto operation = m_s.channels.accounts(channel)->subscribe(run->callback, run->credentials, m_s.channels.endpoints(channel));
    if (!operation) {
        finish(run, {.ok = false, .detail = u"not subscribed, and the platform takes no subscription from here"_s});
        return;
    }
    runOperation<WebhookRegistration>(m_s.http, std::move(operation), [self = QPointer<Subscriptions>(this), run](const Result<WebhookRegistration> &set) {
        if (!self)
            return;
        const auto account = self->m_s.vault.account(run->account.inbox);
        if (account && self->callback(*account) != run->callback)   // which of the two the platform keeps, only it knows
            self->ensure(run->account.inbox, false, run->done);
        else if (set)
            self->finish(run, {.ok = true, .detail = u"subscribed, to be brought to "_s + run->callback.toString() + remarkOf(*set)});
        else
            self->finish(run, {.ok = false, .detail = words(u"the platform did not take the subscription: "_s, set.error())});
    });
}

void Subscriptions::finish(const std::shared_ptr<Run> &run, const State &state)
{
    const InboxId inbox = run->account.inbox;
    m_states[inbox] = state;
    emit attempted();
    if (state.ok) {
        m_failures = 0;
    } else {
        qCWarning(lcAccounts).noquote() << "inbox" << inbox.value() << "subscription:" << state.detail;
        if (!state.isForeign && (!m_s.publicUrl.isEmpty() || isPolled(run->account)) && !m_again.isActive()) {   // a foreign one waits for the owner's word
            m_again.start(std::min<std::chrono::seconds>(kFirstAgain * (1LL << std::min(m_failures, 8)), kLastAgain));
            ++m_failures;
        }
    }
    tellOwner(inbox, state);
    run->done(state);
}

void Subscriptions::tellOwner(InboxId inbox, const State &state)
{
    const auto known = m_ok.find(inbox);
    if (known != m_ok.end() && known->second == state.ok)
        return;
    m_ok[inbox] = state.ok;
    const QString kind = state.ok ? QString() : m_s.publicUrl.isEmpty() ? kNoAddress : kNotSubscribed;
    m_s.database.writer().write<void>(
        Writer::Priority::Background, "notice of a subscription", [inbox, kind](WriteTransaction &tx) { return setNotice(tx, inbox, kind); }, m_s.mailbox,
        [inbox](const Result<void> &stored) {
            if (!stored)
                qCWarning(lcAccounts).noquote() << "inbox" << inbox.value() << "notice not stored:" << describe(stored.error());
        });
}

} // namespace antiphon
