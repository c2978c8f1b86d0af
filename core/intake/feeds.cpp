#include "core/intake/feeds.h"

#include "core/accounts/ownernotice.h"
#include "core/base/logging.h"
#include "core/channels/feedkind.h"
#include "core/store/cursorrepository.h"
#include "core/store/leaserepository.h"
#include "core/store/writer.h"

#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr Milliseconds kHeartbeat{15'000};
constexpr std::array<Milliseconds, 2> kStatusAfter{Milliseconds(5'000), Milliseconds(15'000)};

} // namespace

Feeds::Feeds(const EnrichEnvironment &environment, RandomSource &random, const Options &options, QObject *parent)
    : QObject(parent)
    , m_environment(environment)
    , m_options(options)
    , m_owner(randomToken(random))
    , m_alive(std::make_shared<bool>(true))
{
    connect(&m_look, &QTimer::timeout, this, &Feeds::look);
    connect(&m_heartbeat, &QTimer::timeout, this, &Feeds::keepAlive);
}

Feeds::~Feeds()
{
    stop();
    *m_alive = false;
}

void Feeds::start()
{
    m_isStopped = false;
    m_environment.database.writer().submit(
        Writer::Priority::Background, "feed leases",
        [](WriteTransaction &tx) {
            // Only one process can have this database open: what a former one held, nobody holds.
            return tx.query(u"DELETE FROM lease WHERE key LIKE 'feed:%'"_s).exec();
        },
        {});
    m_look.start(m_options.lookEvery);
    m_heartbeat.start(kHeartbeat);
    look();
}

void Feeds::stop()
{
    if (std::exchange(m_isStopped, true))
        return;
    m_look.stop();
    m_heartbeat.stop();
    const QList<InboxId> all = m_feeds.keys();
    for (const InboxId inbox : all)
        end(inbox, Ending::Stop);
}

void Feeds::look()
{
    m_isWanted = true;
    if (m_isStopped || m_isLooking)
        return;
    m_isLooking = true;
    m_isWanted = false;
    m_environment.database.read<QList<inboxes::InboxRow>>(
        "feeds", [](ReadTransaction &tx) { return inboxes::list(tx); }, m_environment.mailbox,
        [this, alive = m_alive](const Result<QList<inboxes::InboxRow>> &rows) {
            if (!*alive)
                return;
            m_isLooking = false;
            if (m_isStopped)
                return;
            if (rows)
                follow(*rows);
            if (m_isWanted)
                look();
        });
}

void Feeds::follow(const QList<inboxes::InboxRow> &rows)
{
    QHash<InboxId, Inbox> wanted;
    QSet<InboxId> fedNoMore;
    for (const inboxes::InboxRow &row : rows) {
        const ChannelAdapter *adapter = m_environment.channels.adapter(row.inbox.channel);
        if (!isFedBy(adapter, row.inbox.delivery))
            fedNoMore.insert(row.inbox.id);
        else if (row.inbox.state == Inbox::State::Active)
            wanted.insert(row.inbox.id, row.inbox);
    }
    const QList<InboxId> running = m_feeds.keys();
    for (const InboxId inbox : running) {
        const auto still = wanted.constFind(inbox);
        if (still == wanted.cend() || still->delivery != m_feeds.value(inbox).inbox.delivery)
            end(inbox, fedNoMore.contains(inbox) ? Ending::DeliveredOtherwise : Ending::SwitchedOff);
    }
    for (const Inbox &inbox : std::as_const(wanted)) {
        if (!m_feeds.contains(inbox.id))
            begin(inbox);
    }
}

void Feeds::begin(const Inbox &inbox)
{
    const int turn = ++m_turns;
    m_feeds.insert(inbox.id, {.inbox = inbox, .turn = turn});
    m_environment.database.writer().write<bool>(
        Writer::Priority::Background, "feed lease",
        [key = FeedReader::leaseKey(inbox.id), owner = m_owner](WriteTransaction &tx) { return leases::claim(tx, key, owner, FeedReader::kLease); },
        m_environment.mailbox, [this, alive = m_alive, inbox, turn](const Result<bool> &isOurs) {
            if (!*alive || m_isStopped || m_feeds.value(inbox.id).turn != turn)
                return;
            if (!isOurs || !*isOurs) {
                m_feeds.remove(inbox.id);          // the next look tries again
                return;
            }
            FeedReader::Hooks hooks{.mayAsk = m_options.mayAsk};
            if (m_options.webhooks && isFeedExclusive(m_environment.channels.adapter(inbox.channel)))
                hooks.prepare = [webhooks = m_options.webhooks, id = inbox.id](std::function<void()> then) { webhooks->settle(id, std::move(then)); };
            hooks.leaseLost = [this, alive = m_alive, id = inbox.id, turn] {
                if (*alive && m_feeds.value(id).turn == turn)
                    m_feeds.remove(id);
            };
            const auto reader = std::make_shared<FeedReader>(m_environment, FeedReader::Order{.inbox = inbox, .owner = m_owner}, m_options.pauses, hooks);
            m_feeds[inbox.id].reader = reader;
            reader->start();
        });
}

void Feeds::end(InboxId inbox, Ending ending)
{
    const Feed feed = m_feeds.take(inbox);
    if (feed.reader)
        feed.reader->stop();
    m_environment.database.writer().submit(
        Writer::Priority::Background, "end of a feed",
        [inbox, ending, owner = m_owner](WriteTransaction &tx) -> Result<void> {
            const auto released = leases::release(tx, FeedReader::leaseKey(inbox), owner);
            if (!released && released.error().kind != Error::Kind::Conflict)
                return released;
            if (ending == Ending::Stop)
                return {};
            if (const auto done = setOwnNotice(tx, inbox, {}, {kOtherReader}); !done)      // nobody is in the way of what isn't read
                return done;
            // An old position says nothing once messages came another way.
            return ending == Ending::DeliveredOtherwise ? cursors::remove(tx, QString(FeedReader::kCursor), inbox) : Result<void>();
        },
        {});
}

void Feeds::wake(InboxId inbox)
{
    for (auto it = m_feeds.cbegin(); it != m_feeds.cend(); ++it) {
        if (it->reader && (!inbox || it.key() == inbox))
            it->reader->wake();
    }
}

void Feeds::expectStatus(InboxId inbox)
{
    const auto feed = m_feeds.find(inbox);
    if (feed == m_feeds.end() || feed->isExpecting || isFeedExclusive(m_environment.channels.adapter(feed->inbox.channel)))
        return;
    feed->isExpecting = true;
    for (const Milliseconds pause : kStatusAfter) {
        QTimer::singleShot(pause, this, [this, inbox, isLast = pause == kStatusAfter.back()] {
            const auto still = m_feeds.find(inbox);
            if (still == m_feeds.end())
                return;
            still->isExpecting = !isLast;
            if (still->reader)
                still->reader->readSoon();
        });
    }
}

void Feeds::networkReturned()
{
    if (m_isStopped)
        return;
    const QList<InboxId> all = m_feeds.keys();
    for (const InboxId inbox : all)
        end(inbox, Ending::Stop);
    look();
}

void Feeds::readAgain(InboxId inbox)
{
    if (m_isStopped || !m_feeds.contains(inbox))
        return;
    end(inbox, Ending::Stop);
    look();
}

std::optional<Timestamp> Feeds::drainedAt(InboxId inbox) const
{
    const auto feed = m_feeds.constFind(inbox);
    return feed == m_feeds.cend() || !feed->reader ? std::nullopt : feed->reader->drainedAt();
}

int Feeds::reading() const
{
    return int(std::count_if(m_feeds.cbegin(), m_feeds.cend(), [](const Feed &feed) { return feed.reader != nullptr; }));
}

void Feeds::keepAlive()
{
    QStringList keys;
    for (auto it = m_feeds.cbegin(); it != m_feeds.cend(); ++it) {
        if (it->reader)
            keys.append(FeedReader::leaseKey(it.key()));
    }
    if (keys.isEmpty())
        return;
    m_environment.database.writer().submit(
        Writer::Priority::Background, "feed leases",
        [keys, owner = m_owner](WriteTransaction &tx) -> Result<void> {
            for (const QString &key : keys) {
                const auto kept = leases::renew(tx, key, owner, FeedReader::kLease);
                if (!kept && kept.error().kind != Error::Kind::Conflict)      // lost: its own fence decides
                    return kept;
            }
            return {};
        },
        {});
}

} // namespace antiphon
