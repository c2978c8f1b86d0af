#include "core/outbox/settler.h"

#include "core/accounts/operationrunner.h"
#include "core/channels/textmarks.h"

#include <QPointer>

namespace antiphon {
namespace {

/// When the platform's list is read after the answer was lost.
constexpr std::array<std::chrono::seconds, 4> kLookAfter{std::chrono::seconds(2), std::chrono::seconds(10), std::chrono::seconds(35), std::chrono::seconds(75)};
/// How far the platform's clock may be behind ours.
constexpr Milliseconds kClockAllowance{5000};

bool matches(const OutboundMessage &sent, const InboundMessage &listed)
{
    if (listed.origin != InboundMessage::Origin::OwnApi)
        return false;
    if (sent.attachments.isEmpty() != listed.attachments.isEmpty())
        return false;
    if (!sent.attachments.isEmpty())
        return sent.attachments.constFirst().kind == listed.attachments.constFirst().kind;
    return saysTheSame(sent.content, listed.content);
}

} // namespace

Settler::Settler(HttpClient &http, TokenSource &tokens, const ChannelRegistry &channels, const Clock &clock, Hooks hooks, QObject *parent)
    : QObject(parent), m_http(http), m_tokens(tokens), m_channels(channels), m_clock(clock), m_hooks(std::move(hooks))
{
}

void Settler::add(const Outgoing &outgoing, Timestamp until)
{
    m_lost[outgoing.row.id] = {.outgoing = outgoing, .until = until, .since = m_clock.steady()};
}

void Settler::look()
{
    QList<OutboxId> due;
    QList<Outgoing> over;
    for (const auto &[id, lost] : m_lost) {
        if (m_clock.now() >= lost.until)
            over.append(lost.outgoing);
        else if (!lost.isListing && lost.lists < int(kLookAfter.size()) && m_clock.steady() >= lost.since + kLookAfter.at(size_t(lost.lists)))
            due.append(id);
    }
    for (const Outgoing &outgoing : over) {
        m_lost.erase(outgoing.row.id);
        m_hooks.givenUp(outgoing);
    }
    for (const OutboxId id : due)
        list(id);
}

void Settler::list(OutboxId id)
{
    Lost &lost = m_lost.at(id);
    const ChannelAdapter *adapter = m_channels.adapter(lost.outgoing.channel);
    if (!adapter)
        return;
    lost.isListing = true;
    ++lost.lists;
    const auto ended = [self = QPointer(this), id, adapter](const Result<ChannelAdapter::ThreadPage> &page) {
        if (!self || !self->m_lost.contains(id))
            return;
        self->m_lost.at(id).isListing = false;
        if (page)
            self->compare(id, *adapter, *page);
    };
    m_tokens.credentials(lost.outgoing.row.inboxId, [self = QPointer(this), id, adapter, ended](const Result<InboxCredentials> &credentials) {
        if (!self || !self->m_lost.contains(id))
            return;
        if (!credentials)
            return ended(credentials.error());
        const Outgoing &outgoing = self->m_lost.at(id).outgoing;
        auto operation = adapter->listThread(outgoing.message.contactSourceId, *credentials, self->m_channels.endpoints(outgoing.channel));
        if (!operation) {
            self->m_lost.at(id).lists = int(kLookAfter.size());      // this platform has no list
            return ended(ChannelAdapter::ThreadPage{});
        }
        runOperation<ChannelAdapter::ThreadPage>(self->m_http, std::move(operation), ended);
    });
}

void Settler::compare(OutboxId id, const ChannelAdapter &adapter, const ChannelAdapter::ThreadPage &page)
{
    const Outgoing outgoing = m_lost.at(id).outgoing;
    OutboundMessage lost = outgoing.message;                  // of several calls the first that is missing
    const QList<OutboundPart> parts = adapter.parts(outgoing.message);
    for (const OutboundPart &part : parts) {
        if (!outgoing.sentParts.contains(part.index)) {
            lost = part.message;
            break;
        }
    }
    const Timestamp earliest = outgoing.row.requestStartedAt.value_or(m_clock.now()) - kClockAllowance;
    QList<Find> finds;
    for (const SplitEvent &event : page.events) {
        const auto read = adapter.read(event);
        const auto *listed = read ? std::get_if<InboundMessage>(&*read) : nullptr;
        if (listed && listed->platformAt >= earliest && (matches(lost, *listed) || (parts.size() == 1 && matches(outgoing.message, *listed))))
            finds.append({listed->sourceId, listed->platformAt});
    }
    if (!finds.isEmpty())
        m_hooks.found(outgoing, finds);
}

} // namespace antiphon
