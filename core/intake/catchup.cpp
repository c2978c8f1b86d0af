#include "core/intake/catchup.h"

#include "core/base/logging.h"
#include "core/channels/feedkind.h"
#include "core/store/gaprepository.h"
#include "core/store/leaserepository.h"

#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr Milliseconds kTick{500};
constexpr Milliseconds kHeartbeat{15'000};
constexpr Milliseconds kLongestIdle{60'000};
/// What is younger may still come by its webhook.
constexpr Milliseconds kUnderWay{60'000};
constexpr Milliseconds kPollOverlap{120'000};
constexpr std::chrono::hours kRedelivery{24};
constexpr std::array kBackOff{Milliseconds(10'000),  Milliseconds(30'000),  Milliseconds(60'000),
                              Milliseconds(300'000), Milliseconds(900'000), Milliseconds(1'800'000)};

/// Open gaps that nobody can fill before the owner has connected the account anew, whoever found that out.
Result<QList<Gap>> heldGaps(ReadTransaction &tx, const QList<inboxes::InboxRow> &rows)
{
    QList<Gap> held;
    for (const inboxes::InboxRow &row : rows) {
        if (row.inbox.state != Inbox::State::ReauthorizationRequired)
            continue;
        const auto open = gaps::toFill(tx, row.inbox.id);
        if (!open)
            return open.error();
        for (const Gap &gap : *open) {
            if (gap.reasons.size() != 1 || gap.reasons.constFirst().code != Gap::Reason::Code::NeedsOwner)
                held.append(gap);
        }
    }
    return held;
}

} // namespace

CatchUp::CatchUp(const EnrichEnvironment &environment, RandomSource &random, const Options &options, QObject *parent)
    : QObject(parent)
    , m_http(environment.http, options.betweenRequests)
    , m_environment{environment.database, environment.channels, environment.tokens,  m_http,           environment.fetch,
                    environment.files,    environment.journal,  environment.clock,   environment.mailbox}
    , m_options(options)
    , m_owner(randomToken(random))
    , m_alive(std::make_shared<bool>(true))
{
    connect(&m_tick, &QTimer::timeout, this, &CatchUp::tick);
    connect(&m_heartbeat, &QTimer::timeout, this, &CatchUp::keepAlive);
}

CatchUp::~CatchUp()
{
    stop();
    *m_alive = false;
}

void CatchUp::start()
{
    m_isStopped = false;
    m_heldUntil = m_environment.clock.steady() + m_options.startDelay;
    m_environment.database.writer().submit(
        Writer::Priority::Background, "catch-up leases",
        [](WriteTransaction &tx) {
            // Only one process can have this database open: what a former one held, nobody holds.
            return tx.query(u"DELETE FROM lease WHERE key LIKE 'catch_up:%'"_s).exec();
        },
        {});
    m_tick.start(kTick);
    m_heartbeat.start(kHeartbeat);
}

void CatchUp::stop()
{
    if (std::exchange(m_isStopped, true))
        return;
    m_tick.stop();
    m_heartbeat.stop();
    for (const auto &run : std::as_const(m_running)) {
        if (run)
            run->stop();
    }
    m_running.clear();
}

std::function<void()> CatchUp::waker()
{
    return [target = m_environment.mailbox.address(), alive = m_alive, this] {
        target.post([alive, this] {
            if (*alive)
                wake();
        });
    };
}

void CatchUp::wake()
{
    m_notBefore.clear();
    m_isWanted = true;
}

void CatchUp::networkReturned()
{
    m_notBefore.clear();
    m_attempts.clear();
    m_heldUntil = m_environment.clock.steady() + m_options.networkDelay;
    m_isWanted = true;
}

void CatchUp::tick()
{
    const SteadyTime now = m_environment.clock.steady();
    const bool mayAsk = !m_options.mayAsk || m_options.mayAsk();
    if (!m_isLooking && mayAsk && now >= m_heldUntil && (m_isWanted || now >= m_nextLook))
        look();
}

void CatchUp::look()
{
    m_isLooking = true;
    m_isWanted = false;
    m_environment.database.read<Plan>(
        "catch-up plan",
        [waitedUntil = m_environment.clock.now() - kRedelivery](ReadTransaction &tx) -> Result<Plan> {
            const auto toFill = gaps::inboxesToFill(tx);
            if (!toFill)
                return toFill.error();
            const auto rows = inboxes::list(tx);
            if (!rows)
                return rows.error();
            const auto waited = gaps::waitedFor(tx, waitedUntil);
            if (!waited)
                return waited.error();
            const auto held = heldGaps(tx, *rows);
            if (!held)
                return held.error();
            return Plan{*toFill, *rows, *waited, *held};
        },
        m_environment.mailbox, [this, alive = m_alive](const Result<Plan> &plan) {
            if (!*alive)
                return;
            m_isLooking = false;
            if (m_isStopped)
                return;
            m_nextLook = m_environment.clock.steady() + kLongestIdle;
            if (plan)
                follow(*plan);
        });
}

Milliseconds CatchUp::everyOf(const Inbox &inbox) const
{
    return inbox.delivery == Inbox::Delivery::Webhook ? m_options.lookEvery : m_options.pollEvery;
}

/// Of a fresh process: its gap, or the webhook that was just registered, covers what was before. Where everything can be listed it is looked at soon all the
/// same: an absence too short for a gap isn't mended by a platform that brings nothing again.
Milliseconds CatchUp::firstLookAfter(const Inbox &inbox, const CatchUpDepth &depth) const
{
    if (inbox.delivery != Inbox::Delivery::Webhook)
        return Milliseconds(0);
    return depth.kind == CatchUpDepth::Kind::Complete ? std::min(m_options.lookEvery, kUnderWay + m_options.startDelay) : m_options.lookEvery;
}

void CatchUp::follow(const Plan &plan)
{
    const SteadyTime now = m_environment.clock.steady();
    for (const InboxId inbox : plan.toFill) {
        const SteadyTime notBefore = m_notBefore.value(inbox, now);
        if (notBefore > now)
            m_nextLook = std::min(m_nextLook, notBefore);
        else if (m_running.size() < m_options.parallel && !m_running.contains(inbox))
            begin({.inbox = inbox, .owner = m_owner, .attempts = m_attempts.value(inbox)});
    }
    for (const inboxes::InboxRow &row : plan.inboxes) {
        const Inbox &inbox = row.inbox;
        const ChannelAdapter *adapter = m_environment.channels.adapter(inbox.channel);
        if (inbox.state != Inbox::State::Active || !adapter || !adapter->catchUpDepth().isListed())
            continue;
        if (isFedBy(adapter, inbox.delivery))       // it is read all the time
            continue;
        Look &look = m_looks[inbox.id];
        if (!look.due)
            look.due = now + firstLookAfter(inbox, adapter->catchUpDepth());
        if (*look.due > now + everyOf(inbox))
            look.due = now + everyOf(inbox);      // the delivery was changed
        if (now >= *look.due && m_running.size() < m_options.parallel && !m_running.contains(inbox.id) && !plan.toFill.contains(inbox.id))
            lookAt(inbox);
        m_nextLook = std::min(m_nextLook, std::max(*look.due, now + kTick));
    }
    if (!plan.waitedFor.isEmpty())
        settleGaps("end of redelivery", plan.waitedFor, Gap::State::Partial, Gap::Reason::Code::RedeliveryOver);
    if (!plan.held.isEmpty())
        settleGaps("gaps wait for the owner", plan.held, Gap::State::Open, Gap::Reason::Code::NeedsOwner);
}

void CatchUp::lookAt(const Inbox &inbox)
{
    Look &look = m_looks[inbox.id];
    const Timestamp now = m_environment.clock.now();
    const bool isPolled = inbox.delivery == Inbox::Delivery::Poll;
    const Milliseconds overlap = inbox.delivery == Inbox::Delivery::Webhook ? CatchUpRun::kOverlap : kPollOverlap;
    CatchUpRun::Order order{.inbox = inbox.id, .owner = m_owner};
    order.lookSince = std::max(look.last.value_or(now - everyOf(inbox)) - overlap, inbox.createdAt);
    if (!isPolled) {
        order.lookUntil = now - kUnderWay;
        order.countsLost = inbox.delivery == Inbox::Delivery::Webhook;
    }
    look.begun = now;
    look.due = m_environment.clock.steady() + everyOf(inbox);
    begin(order);
}

void CatchUp::begin(const CatchUpRun::Order &order)
{
    m_running.insert(order.inbox, nullptr);
    m_environment.database.writer().write<bool>(
        Writer::Priority::Background, "catch-up lease",
        [key = CatchUpRun::leaseKey(order.inbox), owner = order.owner](WriteTransaction &tx) {
            return leases::claim(tx, key, owner, CatchUpRun::kLease);
        },
        m_environment.mailbox, [this, alive = m_alive, order](const Result<bool> &isOurs) {
            if (!*alive || m_isStopped)
                return;
            if (!isOurs || !*isOurs) {
                m_running.remove(order.inbox);
                return;
            }
            const auto run = std::make_shared<CatchUpRun>(m_environment, order, m_options.mayAsk, m_options.feed, [this, order](const std::optional<Error> &error) {
                if (!error && order.lookSince)
                    m_looks[order.inbox].last = m_looks[order.inbox].begun;
                ended(order.inbox, error);
            });
            m_running.insert(order.inbox, run);
            run->start();
        });
}

void CatchUp::ended(InboxId inbox, const std::optional<Error> &error)
{
    m_running.remove(inbox);
    if (!error) {
        m_attempts.remove(inbox);
        m_isWanted = true;        // another inbox may wait for its turn
        return;
    }
    const int failed = m_attempts[inbox]++;
    const Milliseconds pause = error->retryAfter ? Milliseconds(*error->retryAfter) : kBackOff.at(std::min<size_t>(size_t(failed), kBackOff.size() - 1));
    qCInfo(lcIntake) << "inbox" << inbox.value() << "can't be caught up now:" << describe(*error);
    m_notBefore.insert(inbox, m_environment.clock.steady() + pause);
    m_isWanted = true;
}

void CatchUp::settleGaps(const char *name, const QList<Gap> &settled, Gap::State state, Gap::Reason::Code code)
{
    m_environment.database.writer().submit(
        Writer::Priority::Background, name,
        [settled, state, code](WriteTransaction &tx) -> Result<void> {
            for (const Gap &gap : settled) {
                if (const auto done = gaps::settle(tx, gap.id, state, {{.code = code}}); !done)
                    return done;
            }
            return {};
        },
        {});
}

void CatchUp::keepAlive()
{
    QStringList keys;
    for (auto it = m_running.cbegin(); it != m_running.cend(); ++it) {
        if (it.value())
            keys.append(CatchUpRun::leaseKey(it.key()));
    }
    if (keys.isEmpty())
        return;
    m_environment.database.writer().submit(
        Writer::Priority::Background, "catch-up leases",
        [keys, owner = m_owner](WriteTransaction &tx) -> Result<void> {
            for (const QString &key : keys) {
                const auto kept = leases::renew(tx, key, owner, CatchUpRun::kLease);
                if (!kept && kept.error().kind != Error::Kind::Conflict)      // ended meanwhile: its own fence decides
                    return kept;
            }
            return {};
        },
        {});
}

} // namespace antiphon
