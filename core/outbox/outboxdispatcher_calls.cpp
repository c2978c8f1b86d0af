// What a claimed send needs before its calls: its files or their links, and its shares of the rates.

#include "core/base/logging.h"
#include "core/outbox/outboxdispatcher.h"
#include "core/store/outboxrepeats.h"

#include <QPointer>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds kAddressWait = std::chrono::seconds(15);      // until there is a public address
constexpr std::chrono::seconds kThreadPeriod{3};

Outgoing withoutBytes(Outgoing outgoing)
{
    for (OutboundAttachment &file : outgoing.message.attachments)
        file.bytes.clear();
    return outgoing;
}

} // namespace

/// Reads the attachments' bytes in the files thread, then sends.
void OutboxDispatcher::sendWithFiles(const Outgoing &outgoing)
{
    const auto missing = [&outgoing] {
        qsizetype i = 0;
        while (i < outgoing.message.attachments.size() && !outgoing.message.attachments.at(i).bytes.isEmpty())
            ++i;
        return i;
    }();
    if (missing == outgoing.message.attachments.size())
        return send(outgoing);
    if (const ChannelAdapter *adapter = m_with.channels.adapter(outgoing.channel); adapter && adapter->limits(outgoing.message.inboxSettings).fetchesByLink)
        return sendWithLinks(outgoing);
    const QByteArray blob = outgoing.blobs.at(missing);
    m_with.files.run<QByteArray>(
        [blob](BlobStore &blobs) -> Result<QByteArray> {
            const auto size = blobs.size(blob);
            return size ? blobs.read(blob, 0, *size) : Result<QByteArray>(size.error());
        },
        m_with.mailbox, [self = QPointer(this), outgoing, missing](const Result<QByteArray> &bytes) {
            if (!self)
                return;
            if (self->m_isStopping) {
                return self->putBack(outgoing, [self](bool) {
                    if (self)
                        self->over(nullptr);
                });
            }
            if (bytes && !bytes->isEmpty()) {
                Outgoing filled = outgoing;
                filled.message.attachments[missing].bytes = *bytes;
                return self->sendWithFiles(filled);
            }
            self->failWithoutFile(outgoing);
        });
}

void OutboxDispatcher::failWithoutFile(const Outgoing &outgoing)
{
    const ExternalError error{.code = u"file_unavailable"_s, .text = u"Its file could not be read."_s, .retryable = true};
    if (outgoing.isRepeat)
        return loseForGood(outgoing.row, notMade(outgoing, error.code, error.text), nullptr);
    commit("send without file", [row = outgoing.row, error](WriteTransaction &tx) { return outbox::finishFailed(tx, row, {}, error); },
           [this](bool) { over(nullptr); });
}

/// Where the platform fetches files itself it is told from where.
void OutboxDispatcher::sendWithLinks(const Outgoing &outgoing)
{
    const ChannelLimits limits = m_with.channels.adapter(outgoing.channel)->limits(outgoing.message.inboxSettings);
    QList<LinkedFile> files;
    for (qsizetype i = 0; i < outgoing.message.attachments.size(); ++i) {
        const OutboundAttachment &file = outgoing.message.attachments.at(i);
        const bool isSeen = file.kind == Attachment::Kind::Image || file.kind == Attachment::Kind::Video;
        files.append({.sha256 = outgoing.blobs.at(i),
                      .name = file.name,
                      .mime = file.mime,
                      .size = file.size,
                      .message = outgoing.row.messageId,
                      .life = limits.linkLifetime,
                      .needsPreview = limits.needsPreviews && isSeen});
    }
    if (!m_with.makeLinks)
        return waitForAddress(outgoing, {Error::Kind::Unavailable, u"files can't be fetched from here"_s});
    m_with.makeLinks(files, [self = QPointer(this), outgoing](const Result<QList<FileLink>> &links) {
        if (!self)
            return;
        if (!links)
            return links.error().kind == Error::Kind::Unavailable ? self->waitForAddress(outgoing, links.error()) : self->failWithoutFile(outgoing);
        if (self->m_isStopping) {
            return self->putBack(outgoing, [self](bool) {
                if (self)
                    self->over(nullptr);
            });
        }
        Outgoing linked = outgoing;
        for (qsizetype i = 0; i < links->size(); ++i) {
            linked.message.attachments[i].link = links->at(i).file;
            linked.message.attachments[i].previewLink = links->at(i).preview;
        }
        self->send(linked);
    });
}

/// Where nothing of it has left it is queued again.
void OutboxDispatcher::waitForAddress(const Outgoing &outgoing, const Error &why)
{
    qCInfo(lcOutbox).noquote() << "message" << outgoing.row.messageId.value() << "waits for a public address:" << describe(why);
    const outbox::Attempt attempt = notMade(outgoing, u"no_public_address"_s, why.detail);
    if (outgoing.isRepeat)
        return repeatWithAddress(outgoing, attempt);
    const auto work = [row = outgoing.row, nextAt = m_with.clock.now() + kAddressWait, attempt](WriteTransaction &tx) {
        return outbox::requeue(tx, row, attempt, nextAt, errorKindName(Error::Kind::Network), false);
    };
    commit("send waits for an address", work, [this](bool) { over(nullptr); });
}

/// It may have arrived: it stays `sending`, and the agent is told in time.
void OutboxDispatcher::repeatWithAddress(const Outgoing &outgoing, const outbox::Attempt &attempt)
{
    const Timestamp since = outgoing.row.requestStartedAt.value_or(Timestamp());
    if (m_with.clock.now() + kAddressWait + kRequestTime > since + kSettleTime)
        return loseForGood(outgoing.row, attempt, nullptr);
    commit("repeat waits for an address", [row = outgoing.row, attempt](WriteTransaction &tx) { return outbox::awaitRepeat(tx, row, attempt); },
           [this, outgoing](bool isOurs) {
               if (isOurs)
                   m_repeats.append({.at = m_with.clock.steady() + kAddressWait, .outgoing = outgoing});
               over(nullptr);
           });
}

/// Of a call that was not made: it belongs to the first part that the platform has not.
outbox::Attempt OutboxDispatcher::notMade(const Outgoing &outgoing, const QString &code, const QString &text) const
{
    outbox::Attempt attempt{.code = code, .text = text};
    const ChannelAdapter *adapter = m_with.channels.adapter(outgoing.channel);
    const QList<OutboundPart> parts = adapter ? adapter->parts(outgoing.message) : QList<OutboundPart>();
    const auto missing = std::find_if(parts.begin(), parts.end(), [&outgoing](const OutboundPart &part) { return !outgoing.sentParts.contains(part.index); });
    if (missing != parts.end())
        attempt.part = missing->index;
    return attempt;
}

void OutboxDispatcher::send(const Outgoing &outgoing)
{
    const ChannelAdapter *adapter = m_with.channels.adapter(outgoing.channel);
    if (!adapter) {
        const ExternalError error{.code = u"unavailable"_s, .text = u"This channel is not built in."_s};
        commit("send without channel", [row = outgoing.row, error](WriteTransaction &tx) { return outbox::finishFailed(tx, row, {}, error); },
               [this](bool) { over(nullptr); });
        return;
    }
    Outgoing ready = outgoing;
    ready.message.publicUrl = m_with.publicUrl ? m_with.publicUrl() : QString();
    const auto requested = [this, adapter, outgoing = withoutBytes(outgoing)] {
        Buckets &used = buckets(outgoing.row.inboxId, *adapter, outgoing.message.inboxSettings);
        used.sends.take(1);
        used.files.take(outgoing.message.attachments.isEmpty() ? 0 : 1);
        if (RateBucket *thread = threadBucket(outgoing))
            thread->take(1);
    };
    auto *run = new SendRun({m_with.http, m_with.tokens, *adapter, m_with.channels.endpoints(outgoing.channel)}, ready, requested,
                            [this](SendRun *sent, const SendRun::End &end) { ended(sent, end); }, this);
    run->start();
}

OutboxDispatcher::Buckets &OutboxDispatcher::buckets(InboxId inbox, const ChannelAdapter &adapter, const QJsonObject &settings)
{
    const auto found = m_buckets.find(inbox);
    if (found != m_buckets.end())
        return found.value();
    const Allowance full = allowanceOf(&adapter, settings);
    const SteadyTime now = m_with.clock.steady();
    return m_buckets.insert(inbox, Buckets{.sends = RateBucket(full.sends, now), .files = RateBucket(full.files, now)}).value();
}

/// Of the customer's thread; none where the channel has no limit for it.
RateBucket *OutboxDispatcher::threadBucket(const Outgoing &outgoing)
{
    const auto found = m_threads.find(outgoing.row.lane);
    if (found != m_threads.end())
        return &found.value();
    const ChannelAdapter *adapter = m_with.channels.adapter(outgoing.channel);
    const int most = adapter ? adapter->limits(outgoing.message.inboxSettings).sendsPerThread : 0;
    if (most <= 0)
        return nullptr;
    return &m_threads.insert(outgoing.row.lane, RateBucket(most, kThreadPeriod, m_with.clock.steady())).value();
}

} // namespace antiphon
