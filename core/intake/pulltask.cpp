#include "core/base/json.h"
#include "core/base/logging.h"
#include "core/intake/enrichtask.h"
#include "core/intake/spliteventjson.h"

#include <QCryptographicHash>

#include <algorithm>

/// A platform that says only that somebody wrote: the threads that moved about then are listed, and what is new goes the way of every webhook.
namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kNotice = "european_unreadable"_L1;
constexpr Milliseconds kAround = std::chrono::minutes(5);
constexpr Milliseconds kSecondLook = std::chrono::seconds(30);
constexpr qsizetype kMostThreads = 20;

Timestamp noticeTime(const jobs::Job &job)
{
    return fromUnixMs(json::integer(job.payload.value("at"_L1)).value_or(0));
}

bool isSecondLook(const jobs::Job &job)
{
    return job.payload.value("second"_L1).toBool();
}

/// One pull for all the notices that wait for it.
struct Pull : std::enable_shared_from_this<Pull> {
    const EnrichEnvironment &environment;
    QList<jobs::Job> notices;
    inboxes::InboxRow inbox;
    EnrichDone done;
    const ChannelAdapter *adapter = nullptr;
    QList<QString> threads{};
    QList<SplitEvent> found{};
    std::optional<AccountProfile> customer{};

    Pull(const EnrichEnvironment &all, QList<jobs::Job> waiting, inboxes::InboxRow of, EnrichDone finished)
        : environment(all), notices(std::move(waiting)), inbox(std::move(of)), done(std::move(finished)) {}

    void start();
    void nextThread();
    void store();
    void judge();
    void end(const QList<JobId> &answered);
    void fail(const Error &error);
    QList<JobId> others() const;
};

void Pull::start()
{
    adapter = environment.channels.adapter(inbox.inbox.channel);
    if (!adapter)
        return fail(Error{Error::Kind::NotFound, u"no such channel here"_s});
    const auto earliest = std::min_element(notices.cbegin(), notices.cend(),
                                           [](const jobs::Job &a, const jobs::Job &b) { return noticeTime(a) < noticeTime(b); });
    const Timestamp since = noticeTime(*earliest) - kAround;
    using Threads = ChannelAdapter::ThreadList;
    const auto self = shared_from_this();
    callWithToken<Threads>(
        environment, inbox.inbox.id,
        [self, since](const InboxCredentials &credentials) {
            return self->adapter->listThreads({.since = since}, credentials, self->environment.channels.endpoints(self->inbox.inbox.channel));
        },
        [self](const Result<Threads> &listed) {
            if (!listed)
                return self->fail(listed.error());
            for (const auto &thread : listed->threads) {
                if (self->threads.size() < kMostThreads)
                    self->threads.append(thread.contactSourceId);
            }
            self->nextThread();
        });
}

void Pull::nextThread()
{
    if (threads.isEmpty())
        return judge();
    const QString thread = threads.takeFirst();
    using Page = ChannelAdapter::ThreadPage;
    const auto self = shared_from_this();
    callWithToken<Page>(
        environment, inbox.inbox.id,
        [self, thread](const InboxCredentials &credentials) {
            return self->adapter->listThread(thread, credentials, self->environment.channels.endpoints(self->inbox.inbox.channel));
        },
        [self](const Result<Page> &page) {
            if (!page)
                return self->fail(page.error());
            self->found.append(page->events);
            self->nextThread();
        });
}

/// Whether a listed message is what this notice was about: new to us, or fetched before by a pull, about that time.
Result<QList<JobId>> answeredBy(ReadTransaction &tx, InboxId inbox, const QList<jobs::Job> &notices, const QList<SplitEvent> &found)
{
    QList<JobId> answered;
    for (const SplitEvent &event : found) {
        if (event.kind != "message"_L1 || !event.platformAt)
            continue;
        Query q = tx.query(u"SELECT d.source FROM event e LEFT JOIN delivery d ON d.id = e.delivery_id"
                           " WHERE e.inbox_id = :inbox AND e.dedupe_key = :key"_s);
        q.bind(":inbox"_L1, inbox).bind(":key"_L1, event.dedupeKey);
        const bool isKnown = q.next();
        if (!q.ok())
            return q.error();
        if (isKnown && q.text(0) != "poll"_L1)
            continue;
        for (const jobs::Job &notice : notices) {
            const auto apart = *event.platformAt - noticeTime(notice);
            if (std::chrono::abs(apart) <= kAround && !answered.contains(notice.id))
                answered.append(notice.id);
        }
    }
    return answered;
}

void Pull::judge()
{
    const auto self = shared_from_this();
    environment.database.read<QList<JobId>>(
        "pull", [inboxId = inbox.inbox.id, jobs = notices, events = found](ReadTransaction &tx) { return answeredBy(tx, inboxId, jobs, events); },
        environment.mailbox, [self](const Result<QList<JobId>> &answered) {
            if (!answered)
                return self->fail(answered.error());
            if (self->found.isEmpty())
                return self->end(*answered);
            const QByteArray body = fetchedBody(self->found);
            self->environment.journal.store({.inboxId = self->inbox.inbox.id,
                                             .channel = channelName(self->inbox.inbox.channel),
                                             .receivedAt = self->environment.clock.now(),
                                             .source = u"poll"_s,
                                             .body = body,
                                             .bodySha256 = QCryptographicHash::hash(body, QCryptographicHash::Sha256)},
                                            self->environment.mailbox, [self, answered = *answered](const Result<void> &stored) {
                                                if (!stored)
                                                    return self->fail(stored.error());
                                                self->end(answered);
                                            });
        });
}

/// Notices without an answer are looked at once more; where nothing is found then, the owner is told to look into the platform's own app.
void Pull::end(const QList<JobId> &answered)
{
    EnrichResult result;
    QList<jobs::Job> secondLooks;
    bool isGivenUp = false;
    for (const jobs::Job &notice : notices) {
        const bool isAnswered = answered.contains(notice.id);
        if (!isAnswered && !isSecondLook(notice))
            secondLooks.append(notice);
        else
            isGivenUp = isGivenUp || !isAnswered;
    }
    result.commit = [id = inbox.inbox.id, secondLooks, isGivenUp, isAnswered = !answered.isEmpty()](WriteTransaction &tx) -> Result<void> {
        for (const jobs::Job &notice : secondLooks) {
            // The claim of the first look ends in this transaction, so the same notice may wait again.
            jobs::Job again = notice;
            again.payload.insert("second"_L1, true);
            again.nextAt = tx.now() + kSecondLook;
            if (const auto queued = jobs::enqueue(tx, again); !queued)
                return queued.error();
        }
        if (isGivenUp)
            return inboxes::setNotice(tx, id, kNotice);
        return isAnswered ? inboxes::setNotice(tx, id, {}) : Result<void>();
    };
    result.alsoDone = others();
    done(result);
}

void Pull::fail(const Error &error)
{
    EnrichResult result = failed(error);
    result.alsoAgain = others();
    if (result.isFinal) {
        qCWarning(lcIntake) << "what a notice was about could not be fetched:" << describe(error);
        result.giveUp = [id = inbox.inbox.id](WriteTransaction &tx) { return inboxes::setNotice(tx, id, kNotice); };
    }
    done(result);
}

QList<JobId> Pull::others() const
{
    QList<JobId> ids;
    for (qsizetype i = 1; i < notices.size(); ++i)
        ids.append(notices.at(i).id);
    return ids;
}

} // namespace

void pullTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &owner, const EnrichDone &done)
{
    struct Claimed {
        QList<jobs::Job> notices{};
        std::optional<inboxes::InboxRow> inbox{};
    };
    environment.database.writer().write<Claimed>(
        Writer::Priority::Background, "claim pulls",
        [job, owner](WriteTransaction &tx) -> Result<Claimed> {
            const auto inbox = inboxes::find(tx, job.inboxId);
            if (!inbox)
                return inbox.error();
            const auto others = jobs::claimWithin(tx, owner, tx.now() + std::chrono::seconds(60), job.inboxId, job.kind);
            if (!others)
                return others.error();
            return Claimed{.notices = QList{job} + *others, .inbox = *inbox};
        },
        environment.mailbox,
        [&environment, done](const Result<Claimed> &claimed) {
            if (!claimed)
                return done(failed(claimed.error()));
            if (!claimed->inbox)
                return done({});
            std::make_shared<Pull>(environment, claimed->notices, *claimed->inbox, done)->start();
        });
}

} // namespace antiphon
