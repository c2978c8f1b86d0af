#include "core/base/logging.h"
#include "core/channels/feedkind.h"
#include "core/intake/catchuprun.h"

#include <QTimer>

#include <algorithm>

/// How a gap of an account with a feed is filled: by the feed itself, by who reads it, or by the platform bringing what waits there.
namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr Milliseconds kReaderPause{250};
constexpr Milliseconds kReaderPatience{20'000};
constexpr Milliseconds kWaitingPause{5000};
/// In that time a platform brings what waits, once it finds us again.
constexpr Milliseconds kWaitingPatience{120'000};
constexpr Milliseconds kPressurePause{1000};

} // namespace

void CatchUpRun::later(Milliseconds pause, std::function<void()> what)
{
    QTimer::singleShot(pause, &m_environment.mailbox, [self = shared_from_this(), what = std::move(what)] {
        if (!self->m_isStopped)
            what();
    });
}

void CatchUpRun::readFeed()
{
    if (m_isStopped)
        return;
    const auto self = shared_from_this();
    if (m_environment.journal.pressure(true) || (m_mayAsk && !m_mayAsk()))
        return later(kPressurePause, [self] { self->readFeed(); });
    if (m_isFeedRead) {
        m_waitingSince = m_environment.clock.steady();
        if (m_isWebhookOff)
            return putWebhookBack([self] { self->waitUntilApplied(); });
        return waitUntilApplied();
    }
    callWithToken<ChannelAdapter::FeedPage>(
        m_environment, m_order.inbox,
        [self](const InboxCredentials &credentials) {
            return self->m_adapter->readFeed({.cursor = self->m_cursor, .since = self->m_since, .inbox = self->m_order.inbox}, credentials,
                                             self->m_environment.channels.endpoints(self->m_inbox.channel));
        },
        [self](const Result<ChannelAdapter::FeedPage> &page) {
            if (!self->m_isStopped)
                self->takeFeedPage(page);
        });
}

void CatchUpRun::takeFeedPage(const Result<ChannelAdapter::FeedPage> &page)
{
    if (!page)
        return fail(page.error());
    m_cursor = page->cursor;
    // Where asking again is what tells the platform that it is safe, it is asked until nothing is left.
    m_isFeedRead = m_isWebhookOff ? page->events.isEmpty() && !page->hasMore : !page->hasMore;
    ChannelAdapter::ThreadPage listed{.events = page->events};
    for (SplitEvent &event : listed.events)
        event.inbox = m_order.inbox;
    sift(listed);
}

/// The account has a reader of its own, which goes on where it was: it has to have come to the end once.
void CatchUpRun::awaitReader()
{
    if (m_isStopped)
        return;
    const bool isFirst = !std::exchange(m_isReadByOther, true);
    const auto drainedAt = m_feed.drainedAt ? m_feed.drainedAt(m_order.inbox) : std::nullopt;
    const bool isRead = drainedAt && std::all_of(m_work.cbegin(), m_work.cend(), [&](const Work &work) { return *drainedAt >= work.gap.to.value_or(m_begun); });
    if (isRead) {
        m_waitingSince = m_environment.clock.steady();
        return waitUntilApplied();
    }
    if (isFirst && drainedAt && m_feed.readAgain)          // it waits for something new, and would do so for a while
        m_feed.readAgain(m_order.inbox);
    if (m_environment.clock.steady() - m_waitingSince > kReaderPatience)
        return fail({Error::Kind::Unavailable, u"the account's messages can't be read now"_s});
    later(kReaderPause, [self = shared_from_this()] { self->awaitReader(); });
}

/// The platform brings what waits, where it knows the way.
void CatchUpRun::awaitWebhook()
{
    if (m_isStopped)
        return;
    m_isBrought = true;
    const auto self = shared_from_this();
    const auto inspect = [self] {
        if (self->m_isStopped)
            return;
        const AccountAdapter *accounts = self->m_environment.channels.accounts(self->m_inbox.channel);
        callWithToken<WebhookRegistration>(
            self->m_environment, self->m_order.inbox,
            [self, accounts](const InboxCredentials &credentials) -> OperationPtr<WebhookRegistration> {
                return accounts ? accounts->inspectSubscription(credentials, self->m_environment.channels.endpoints(self->m_inbox.channel)) : nullptr;
            },
            [self](const Result<WebhookRegistration> &found) {
                if (!self->m_isStopped)
                    self->takeWebhook(found);
            });
    };
    if (m_feed.webhooks)
        m_feed.webhooks->settle(m_order.inbox, inspect);
    else
        inspect();
}

void CatchUpRun::takeWebhook(const Result<WebhookRegistration> &found)
{
    if (!found)
        return fail(found.error());
    const bool isOurs = m_feed.webhooks && m_feed.webhooks->isOurs(m_order.inbox, found->callback);
    if (!found->callback.isEmpty() && !isOurs)
        return fail({Error::Kind::Forbidden, u"another installation is brought this account's messages"_s});
    const bool isLong = m_environment.clock.steady() - m_waitingSince > kWaitingPatience;
    if (found->waiting.value_or(0) == 0 && isOurs) {
        m_waitingSince = m_environment.clock.steady();
        return waitUntilApplied();
    }
    // Who asks by hand doesn't want to wait for the platform's own tries.
    const bool isAskedFor = std::any_of(m_work.cbegin(), m_work.cend(), [](const Work &work) { return work.gap.cause == Gap::Cause::Manual; });
    if (isOurs && !isLong && !isAskedFor)
        return later(kWaitingPause, [self = shared_from_this()] { self->awaitWebhook(); });
    takeWebhookOff();
}

/// Nothing is brought any more while the webhook is off: what waits is read, and then it is put back.
void CatchUpRun::takeWebhookOff()
{
    const auto self = shared_from_this();
    m_environment.tokens.credentials(m_order.inbox, [self](const Result<InboxCredentials> &credentials) {
        if (self->m_isStopped)
            return;
        if (!credentials)
            return self->fail(credentials.error());
        const AccountAdapter *accounts = self->m_environment.channels.accounts(self->m_inbox.channel);
        const auto request = accounts->unsubscribe(*credentials, self->m_environment.channels.endpoints(self->m_inbox.channel));
        if (!request)
            return self->fail({Error::Kind::Forbidden, u"the webhook can't be taken off"_s});
        self->m_environment.http.send(*request, [self](const HttpReply &reply) {
            if (self->m_isStopped)
                return;
            if (reply.status / 100 != 2)
                return self->fail({Error::Kind::Unavailable, u"the webhook could not be taken off: the platform answered %1"_s.arg(reply.status)});
            self->m_isWebhookOff = true;
            self->m_since = {};          // what is read now the platform forgets: nothing of it is too old
            self->readFeed();
        });
    });
}

void CatchUpRun::putWebhookBack(std::function<void()> then)
{
    m_isWebhookOff = false;
    const auto finished = [self = shared_from_this(), then = std::move(then)] {
        if (!self->m_isStopped)
            then();
    };
    if (m_feed.webhooks)
        m_feed.webhooks->settle(m_order.inbox, finished);
    else
        finished();
}

} // namespace antiphon
