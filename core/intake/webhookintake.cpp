#include "core/intake/webhookintake.h"

#include "core/base/logging.h"
#include "core/intake/rawheaders.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr size_t kRefusals = 20;
constexpr qsizetype kLongestRoute = 80;
constexpr std::chrono::seconds kLocked{30};
constexpr std::chrono::seconds kStoreDown{30};

IntakeReply accepted(const WebhookRules &rules)
{
    return {.body = rules.answer, .contentType = rules.answerType};
}

IntakeReply comeAgain(std::optional<std::chrono::seconds> after)
{
    return {.status = 503, .retryAfter = after.value_or(kStoreDown)};
}

} // namespace

WebhookIntake::WebhookIntake(const ChannelRegistry &channels, const TokenSource &tokens, Journal &journal, const Clock &clock, Mailbox &mailbox)
    : m_channels(channels)
    , m_tokens(tokens)
    , m_journal(journal)
    , m_clock(clock)
    , m_mailbox(mailbox)
{
}

void WebhookIntake::receive(Channel channel, RawWebhook hook, Done done)
{
    const ChannelAdapter *adapter = m_channels.adapter(channel);
    if (!adapter)
        return done({.status = 404});
    if (m_isClosed)
        return done(comeAgain(std::nullopt));
    if (hook.method == "GET")
        return done(shakeHands(*adapter, hook));
    const WebhookRules rules = adapter->webhookRules();
    const auto pressure = m_journal.pressure(rules.isRedelivered);
    m_journal.count(pressure);
    if (pressure) {
        if (!std::exchange(m_isPressed, true))
            qCWarning(lcIntake) << "webhooks are asked to come again:" << pressure->detail;
        return done(comeAgain(pressure->retryAfter));
    }
    m_isPressed = false;
    const auto signers = m_tokens.signers(channel, adapter->webhookKeys(hook));
    if (!signers)
        return done(comeAgain(signers.error().retryAfter.value_or(kLocked)));
    if (!signers->haveSecret() && !signers->isKnown) {
        drop(channel, hook);
        return done(accepted(rules));   // so that the platform stops repeating it
    }
    const Verification verdict = verify(*adapter, hook, *signers);
    if (verdict == Verification::Refused) {
        refuse(hook, signers->haveSecret() ? u"signature"_s : u"no secret is entered"_s);
        return done({.status = 401});
    }
    if (verdict == Verification::Stale)
        qCInfo(lcIntake) << "clock or tunnel delay: the signed time of a webhook is outside the tolerance, it is taken all the same";
    m_journal.store(deliveryOf(hook, *adapter, verdict == Verification::Stale), m_mailbox,
                    [channel, rules, latency = m_latency, clock = &m_clock, began = m_clock.steady(), done = std::move(done)](const Result<void> &stored) {
                        if (stored) {
                            latency->add(channel, std::chrono::duration_cast<std::chrono::microseconds>(clock->steady() - began));
                            return done(accepted(rules));
                        }
                        qCWarning(lcIntake) << "a webhook could not be stored:" << describe(stored.error());
                        done(comeAgain(stored.error().retryAfter));
                    });
}

IntakeReply WebhookIntake::shakeHands(const ChannelAdapter &adapter, const RawWebhook &hook)
{
    const auto signers = m_tokens.signers(adapter.channel(), adapter.webhookKeys(hook));
    if (!signers)
        return comeAgain(signers.error().retryAfter.value_or(kLocked));
    if (!signers->isKnown) {
        remember(hook, u"handshake for an unknown inbox"_s);
        return {.status = 404};
    }
    const HandshakeReply reply = adapter.handshake(hook, signers->candidates);
    if (reply.status != 200) {
        remember(hook, u"handshake"_s);
        return {.status = reply.status};
    }
    return {.status = 200, .body = reply.body, .contentType = "text/plain"};
}

/// The best that any secret makes of it.
Verification WebhookIntake::verify(const ChannelAdapter &adapter, const RawWebhook &hook, const WebhookSigners &signers) const
{
    Verification best = Verification::Refused;
    for (const AppCredentials &candidate : signers.candidates) {
        if (candidate.appSecret.isEmpty())
            continue;
        const Verification verdict = adapter.verify(hook, candidate, m_tolerance);
        if (verdict == Verification::Valid)
            return verdict;
        if (verdict == Verification::Stale)
            best = verdict;
    }
    return best;
}

void WebhookIntake::drop(Channel channel, const RawWebhook &hook)
{
    ++m_unknown;
    remember(hook, u"unknown inbox"_s);
    const QString route = QString::fromLatin1(hook.path).left(kLongestRoute);
    if (const qint64 times = m_warnings.note(route, m_clock.now()))
        qCWarning(lcIntake).nospace() << qUtf8Printable(channelName(channel)) << ": discarded " << times << " webhooks to " << route << ", where no inbox is";
}

void WebhookIntake::refuse(const RawWebhook &hook, const QString &reason)
{
    ++m_rejected;
    remember(hook, reason);
}

void WebhookIntake::remember(const RawWebhook &hook, const QString &reason)
{
    m_refusals.push_back({.at = m_clock.now(), .route = QString::fromLatin1(hook.path).left(kLongestRoute), .reason = reason});
    if (m_refusals.size() > kRefusals)
        m_refusals.pop_front();
    qCDebug(lcIntake) << "a webhook is refused:" << reason;
}

} // namespace antiphon
