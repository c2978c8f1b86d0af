#include "core/accounts/accounts.h"

#include "core/accounts/operationrunner.h"
#include "core/accounts/ownernotice.h"
#include "core/channels/feedkind.h"
#include "core/store/inboxrepository.h"

#include <QUrlQuery>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

constexpr auto kWarnBeforeToken = 24h * 7;   // it should have been renewed long before
constexpr auto kWarnBefore = 24h * 30;   // the owner must agree again about once a year

QString nameOf(const AccountProfile &profile)
{
    return profile.username.isEmpty() ? profile.displayName : profile.username;
}

/// With the value that is wrong.
QString wordsOf(const Error &error)
{
    return error.field.isEmpty() ? error.detail : u"%1: %2"_s.arg(error.field, error.detail);
}

QString day(Timestamp time) { return toRfc3339(time).left(10); }

} // namespace

/// One `inboxes.check` on its way through the steps.
struct Accounts::CheckRun {
    inboxes::InboxRow row{};
    bool takeOver = false;
    QList<Check> checks{};
    Done<QList<Check>> done{};
};

void Accounts::check(InboxId id, bool takeOver, Done<QList<Check>> done)
{
    const QPointer<Accounts> self(this);
    m_database.read<std::optional<inboxes::InboxRow>>(
        "check inbox", [id](ReadTransaction &tx) { return inboxes::find(tx, id); }, m_mailbox,
        [self, takeOver, done = std::move(done)](const Result<std::optional<inboxes::InboxRow>> &row) {
            if (!self)
                return;
            if (!row || !*row) {
                done(row ? Error{Error::Kind::NotFound, u"no such inbox"_s, u"id"_s} : row.error());
                return;
            }
            self->checkCredentials(std::make_shared<CheckRun>(CheckRun{.row = **row, .takeOver = takeOver, .done = done}));
        });
}

void Accounts::checkCredentials(const std::shared_ptr<CheckRun> &run)
{
    const QPointer<Accounts> self(this);
    m_tokens.credentials(run->row.inbox.id, [self, run](const Result<InboxCredentials> &credentials) {
        if (!self)
            return;
        if (!credentials) {
            const QString &reason = run->row.stateReason;
            run->checks.append({.name = u"credentials"_s,
                                .ok = false,
                                .detail = reason.isEmpty() ? credentials.error().detail : u"%1: %2"_s.arg(credentials.error().detail, reason)});
            self->checkSubscription(run);
            return;
        }
        self->tryCredentials(run->row.inbox.channel, *credentials, [self, run](const Result<AccountProfile> &profile) {
            if (!self)
                return;
            run->checks.append({.name = u"credentials"_s,
                                .ok = bool(profile),
                                .detail = profile ? u"the platform knows this account as "_s + nameOf(*profile) : wordsOf(profile.error())});
            self->checkSubscription(run);
        });
    });
}

void Accounts::checkSubscription(const std::shared_ptr<CheckRun> &run)
{
    const auto take = [self = QPointer<Accounts>(this), run](const WebhookRegistrar::State &state) {
        if (!self)
            return;
        const QString notice = run->row.inbox.settings.value("notice"_L1).toObject().value("kind"_L1).toString();
        if (notice == kOtherReader)
            run->checks.append({.name = u"subscription"_s, .ok = false, .detail = u"another program fetches this account's messages: stop it; it is tried again every minute. "_s + state.detail});
        else
            run->checks.append({.name = u"subscription"_s, .ok = state.ok, .detail = state.detail});
        self->checkProbe(run);
    };
    if (m_subscriptions.isPerAccount(run->row.inbox.channel))
        m_subscriptions.ensure(run->row.inbox.id, run->takeOver, take);
    else
        m_registrar.ensure(run->row.inbox.channel, run->takeOver, take);
}

void Accounts::checkProbe(const std::shared_ptr<CheckRun> &run)
{
    const bool isPolled = isFedBy(m_channels.adapter(run->row.inbox.channel), run->row.inbox.delivery) && run->row.inbox.delivery == Inbox::Delivery::Poll;
    if (m_publicUrl.isEmpty() && isPolled) {
        run->checks.append({.name = u"public_probe"_s, .ok = true, .detail = u"no public address is known, and none is needed: messages are fetched"_s});
        checkLife(run);
        return;
    }
    if (m_publicUrl.isEmpty()) {
        run->checks.append({.name = u"public_probe"_s, .ok = false, .detail = u"no public address is known"_s});
        checkLife(run);
        return;
    }
    const QString nonce = randomToken(m_random);
    m_probes.insert(nonce);
    HttpRequest request{.url = m_publicUrl, .timeout = 10s, .maxReplyBytes = 64 * 1024};
    const QString base = m_publicUrl.path().endsWith(u'/') ? m_publicUrl.path().chopped(1) : m_publicUrl.path();
    request.url.setPath(base + u"/healthz"_s);
    request.url.setQuery(u"probe="_s + nonce);
    const QPointer<Accounts> self(this);
    m_http.send(request, [self, run, nonce](const HttpReply &reply) {
        if (!self)
            return;
        const bool cameIn = !self->m_probes.remove(nonce);   // noteProbe() took it when it arrived at our own port
        run->checks.append({.name = u"public_probe"_s,
                            .ok = reply.status == 200 && cameIn,
                            .detail = cameIn                ? u"a probe sent to the public address arrived here"_s
                                : reply.status == 0         ? u"the public address does not answer"_s
                                                            : u"the public address answers, but it is not this server"_s});
        self->checkLife(run);
    });
}

void Accounts::checkLife(const std::shared_ptr<CheckRun> &run)
{
    const Timestamp now = m_clock.now();
    const auto last = run->row.lastWebhookAt;
    const bool isFed = isFedBy(m_channels.adapter(run->row.inbox.channel), run->row.inbox.delivery);
    run->checks.append({.name = u"quiet_since"_s,
                        .ok = true,
                        .detail = isFed && last ? u"the last events came at "_s + toRfc3339(*last)
                            : isFed             ? u"nothing has come yet"_s
                            : last              ? u"the last webhook came at "_s + toRfc3339(*last)
                                                : u"no webhook has come yet"_s});
    const auto account = m_vault.account(run->row.inbox.id);   // renewed meanwhile, perhaps
    const AccountAdapter *accounts = m_channels.accounts(run->row.inbox.channel);
    const bool renewsItself = accounts && accounts->tokenRhythm().byAccessToken;   // then the token's end is the consent's
    const auto ends = renewsItself ? (account ? account->accessEnds : run->row.tokenExpiresAt) : account ? account->refreshEnds : run->row.refreshExpiresAt;
    const bool isOver = ends && *ends <= now;
    const bool isNear = ends && *ends - now < (renewsItself ? kWarnBeforeToken : kWarnBefore);
    run->checks.append({.name = u"token_life"_s,
                        .ok = !isOver && !isNear,
                        .detail = !ends   ? u"the platform names no end of the consent"_s
                            : isOver      ? u"the consent ended on "_s + day(*ends)
                                          : u"the consent lasts until "_s + day(*ends)});
    const ChannelAdapter *adapter = m_channels.adapter(run->row.inbox.channel);
    run->checks.append({.name = u"catch_up_depth"_s, .ok = true, .detail = describe(adapter ? adapter->catchUpDepth() : CatchUpDepth())});
    run->done(run->checks);
}

} // namespace antiphon
