#include "core/intake/feedreader.h"

#include "core/accounts/ownernotice.h"
#include "core/base/logging.h"
#include "core/channels/feedkind.h"
#include "core/intake/caughtup.h"
#include "core/intake/spliteventjson.h"
#include "core/store/cursorrepository.h"
#include "core/store/gaprepository.h"
#include "core/store/leaserepository.h"
#include "core/store/writer.h"

#include <QCryptographicHash>
#include <QTimer>

#include <algorithm>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

/// How much earlier than now an account is read that has no cursor yet.
constexpr Milliseconds kOverlap = std::chrono::minutes(10);
/// Whoever wrote so lately is served like anybody whose webhook came.
constexpr Milliseconds kLive = std::chrono::minutes(5);
/// How much earlier than a gap something may have happened that was missed in it.
constexpr Milliseconds kGapOverlap = std::chrono::minutes(10);

QJsonObject markOf(const SplitEvent &event, const QList<Gap> &gaps, bool isBeside, Timestamp now)
{
    for (const Gap &gap : gaps) {
        const bool isIn = event.platformAt && *event.platformAt >= gap.from - kGapOverlap && *event.platformAt <= gap.to.value_or(Timestamp::max());
        if (isIn)
            return {{u"caught_up"_s, caughtup::gapMark(gap.id)}};
    }
    const bool isLive = !event.platformAt || now - *event.platformAt < kLive;
    return isBeside ? QJsonObject{{u"caught_up"_s, caughtup::lostMark(isLive)}} : QJsonObject();
}

/// One delivery a mark, in the order of the events.
QList<deliveries::Delivery> deliveriesOf(const QList<SplitEvent> &events, const QList<Gap> &gaps, const Inbox &inbox, Timestamp receivedAt)
{
    QList<deliveries::Delivery> all;
    QList<SplitEvent> same;
    QJsonObject mark;
    const auto add = [&] {
        const QByteArray body = fetchedBody(same);
        if (!same.isEmpty())
            all.append({.inboxId = inbox.id,
                        .channel = channelName(inbox.channel),
                        .receivedAt = receivedAt,
                        .source = u"poll"_s,
                        .headers = mark,
                        .body = body,
                        .bodySha256 = QCryptographicHash::hash(body, QCryptographicHash::Sha256)});
        same.clear();
    };
    for (SplitEvent event : events) {
        event.inbox = inbox.id;         // it was asked for with this inbox's credentials
        const QJsonObject own = markOf(event, gaps, inbox.delivery == Inbox::Delivery::Both, receivedAt);
        if (own != mark)
            add();
        mark = own;
        same.append(event);
    }
    add();
    return all;
}

} // namespace

FeedReader::FeedReader(const EnrichEnvironment &environment, Order order, const Pauses &pauses, Hooks hooks)
    : m_environment(environment)
    , m_order(std::move(order))
    , m_pauses(pauses)
    , m_hooks(std::move(hooks))
    , m_adapter(environment.channels.adapter(m_order.inbox.channel))
{
}

void FeedReader::start()
{
    const auto self = shared_from_this();
    m_since = std::max(m_order.inbox.createdAt, m_environment.clock.now() - kOverlap);
    m_notice = m_order.inbox.settings.value("notice"_L1).toObject().value("kind"_L1).toString();
    m_environment.database.read<std::optional<QString>>(
        "feed cursor", [inbox = m_order.inbox.id](ReadTransaction &tx) { return cursors::value(tx, QString(kCursor), inbox); }, m_environment.mailbox,
        [self](const Result<std::optional<QString>> &cursor) {
            if (self->m_isStopped)
                return;
            if (!cursor) {
                qCWarning(lcIntake).noquote() << "a feed's cursor can't be read:" << describe(cursor.error());
                return self->after(self->m_pauses.longest, [self] { self->start(); });
            }
            self->m_cursor = cursor->value_or(QString());
            if (self->m_hooks.prepare)
                self->m_hooks.prepare([self] { self->read(); });
            else
                self->read();
        });
}

void FeedReader::stop()
{
    m_isStopped = true;
    ++m_turn;
}

void FeedReader::wake()
{
    if (!m_isWaiting || m_isStopped)
        return;
    m_failures = 0;
    ++m_turn;
    m_isWaiting = false;
    read();
}

void FeedReader::readSoon()
{
    if (m_failures == 0)
        wake();
}

void FeedReader::after(Milliseconds pause, std::function<void()> what)
{
    const auto self = shared_from_this();
    const int turn = ++m_turn;
    QTimer::singleShot(pause, &m_environment.mailbox, [self, turn, what = std::move(what)] {
        if (self->m_isStopped || self->m_turn != turn)
            return;
        self->m_isWaiting = false;
        what();
    });
}

void FeedReader::read()
{
    if (m_isStopped)
        return;
    const auto self = shared_from_this();
    if (m_environment.journal.pressure(true) || (m_hooks.mayAsk && !m_hooks.mayAsk())) {
        after(m_pauses.pressure, [self] { self->read(); });
        return;
    }
    m_begun = m_environment.clock.now();
    m_begunSteady = m_environment.clock.steady();
    const bool waits = m_drainedAt && isFeedExclusive(m_adapter);
    callWithToken<Page>(
        m_environment, m_order.inbox.id,
        [self, waits](const InboxCredentials &credentials) {
            return self->m_adapter->readFeed({.cursor = self->m_cursor, .since = self->m_since, .waits = waits, .inbox = self->m_order.inbox.id}, credentials,
                                             self->m_environment.channels.endpoints(self->m_order.inbox.channel));
        },
        [self, turn = m_turn](const Result<Page> &page) {
            if (!self->m_isStopped && self->m_turn == turn)
                self->take(page);
        });
}

void FeedReader::take(const Result<Page> &page)
{
    if (!page)
        return failed(page.error());
    m_failures = 0;
    if (m_notice == kOtherReader)
        setNotice({});
    if (page->events.isEmpty() && page->cursor == m_cursor)
        return stored(*page);
    hold(*page);
}

void FeedReader::failed(const Error &error)
{
    const auto self = shared_from_this();
    if (error.kind == Error::Kind::Conflict) {
        if (m_notice != kOtherReader)
            qCWarning(lcIntake).noquote() << "inbox" << m_order.inbox.id.value() << "somebody else reads its messages:" << error.detail;
        setNotice(kOtherReader);
        m_isWaiting = true;
        return after(m_pauses.conflict, [self] { self->read(); });
    }
    const Milliseconds pause = error.retryAfter ? Milliseconds(*error.retryAfter) : std::min<Milliseconds>(m_pauses.first * (1L << std::min(m_failures, 16)), m_pauses.longest);
    ++m_failures;
    qCInfo(lcIntake).noquote() << "inbox" << m_order.inbox.id.value() << "can't be read now:" << describe(error);
    m_isWaiting = true;
    after(pause, [self] { self->read(); });
}

/// Beside webhooks a young event's own is given its time: what the feed stored first would be counted as lost.
void FeedReader::hold(const Page &page)
{
    const Timestamp now = m_environment.clock.now();
    Milliseconds longest{0};
    for (const SplitEvent &event : page.events) {
        if (isBeside() && event.platformAt)
            longest = std::max(longest, m_pauses.underWay - (now - *event.platformAt));
    }
    if (longest.count() == 0)
        return store(page);
    after(std::min(longest, m_pauses.underWay), [self = shared_from_this(), page] { self->store(page); });
}

void FeedReader::store(const Page &page)
{
    const auto self = shared_from_this();
    qint64 bytes = 0;
    for (const SplitEvent &event : page.events)
        bytes += event.broken.size() + qint64(500);
    m_environment.journal.store(
        [page, order = m_order, now = m_environment.clock.now()](WriteTransaction &tx) -> Result<QList<deliveries::Delivery>> {
            if (const auto held = leases::renew(tx, leaseKey(order.inbox.id), order.owner, kLease); !held)      // the fence: who lost it stores nothing
                return held.error();
            const auto gaps = gaps::toFill(tx, order.inbox.id);
            if (!gaps)
                return gaps.error();
            if (!page.events.isEmpty()) {
                if (const auto done = inboxes::touchWebhook(tx, order.inbox.id, now); !done)
                    return done.error();
            }
            if (const auto done = cursors::store(tx, QString(kCursor), page.cursor, order.inbox.id); !done)
                return done.error();
            return deliveriesOf(page.events, *gaps, order.inbox, now);
        },
        bytes, m_environment.mailbox, [self, page](const Result<void> &done) {
            if (self->m_isStopped)
                return;
            if (done)
                return self->stored(page);
            if (done.error().kind != Error::Kind::Conflict)
                return self->failed(done.error());
            self->stop();
            if (self->m_hooks.leaseLost)
                self->m_hooks.leaseLost();
        });
}

void FeedReader::stored(const Page &page)
{
    const auto self = shared_from_this();
    const bool isNew = std::exchange(m_cursor, page.cursor) != page.cursor;
    if (!page.hasMore)
        m_drainedAt = m_begun;
    Milliseconds pause{0};
    if (!page.hasMore && !isFeedExclusive(m_adapter)) {
        m_isWaiting = true;
        pause = m_adapter->feedRhythm().value_or(FeedRhythm()).every;
    } else if (!isNew) {
        const auto elapsed = std::chrono::duration_cast<Milliseconds>(m_environment.clock.steady() - m_begunSteady);
        pause = std::max(Milliseconds(0), m_pauses.empty - elapsed);
    }
    after(pause, [self] { self->read(); });
}

void FeedReader::setNotice(const QString &kind)
{
    if (m_notice == kind)
        return;
    m_notice = kind;
    m_environment.database.writer().submit(
        Writer::Priority::Background, "notice of a feed", [inbox = m_order.inbox.id, kind](WriteTransaction &tx) { return setOwnNotice(tx, inbox, kind, {kOtherReader}); },
        [](const Result<void> &done) {
            if (!done)
                qCWarning(lcIntake).noquote() << "a feed's notice is not stored:" << describe(done.error());
        });
}

} // namespace antiphon
