#include "core/intake/journal.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::chrono::seconds kComeAgain{10};
constexpr std::chrono::seconds kStoreDown{30};

Error unavailable(const QString &why, std::chrono::seconds retryAfter)
{
    return {.kind = Error::Kind::Unavailable, .detail = why, .retryAfter = retryAfter};
}

} // namespace

Journal::Journal(Writer &writer, std::shared_ptr<LaneRunner> runner, JournalLimits limits)
    : m_limits(limits)
    , m_writer(writer)
    , m_runner(std::move(runner))
{
}

std::optional<Error> Journal::pressure(bool isRepeated) const
{
    if (!m_writer.isWritable())
        return unavailable(u"the store can't commit"_s, kStoreDown);
    const Writer::Pressure now = m_writer.pressure();
    if (now.urgentQueued >= m_limits.hardQueued || m_bytesWaiting > m_limits.hardBytes)
        return unavailable(u"too much waits to be stored"_s, kComeAgain);
    if (isRepeated && (now.urgentQueued > m_limits.queued || now.oldestUrgent > m_limits.oldest))
        return unavailable(u"too much waits to be stored"_s, kComeAgain);
    if (isRepeated && m_isBehind)
        return unavailable(u"too much waits to be applied"_s, kComeAgain);
    return std::nullopt;
}

void Journal::count(const std::optional<Error> &pressure)
{
    if (pressure) {
        ++m_deferred;
        return;
    }
    const Writer::Pressure now = m_writer.pressure();
    if (now.urgentQueued > m_limits.pressed || now.oldestUrgent > m_limits.pressedOldest)
        ++m_pressed;
}

void Journal::store(std::function<Result<QList<deliveries::Delivery>>(WriteTransaction &)> make, qint64 bytes, Mailbox &mailbox,
                    std::function<void(Result<void>)> done)
{
    m_bytesWaiting += bytes;
    m_writer.write<void>(
        Writer::Priority::Urgent, "journal what was read",
        [runner = m_runner, make = std::move(make)](WriteTransaction &tx) -> Result<void> {
            const auto made = make(tx);
            if (!made)
                return made.error();
            for (deliveries::Delivery delivery : QList<deliveries::Delivery>(*made)) {
                const auto id = deliveries::insert(tx, delivery);
                if (!id)
                    return id.error();
                delivery.id = *id;
                runner->splitNext(tx, delivery);
            }
            return {};
        },
        mailbox,
        [this, bytes, done = std::move(done)](Result<void> result) {
            m_bytesWaiting -= bytes;
            done(std::move(result));
        });
}

void Journal::store(const deliveries::Delivery &delivery, Mailbox &mailbox, std::function<void(Result<void>)> done)
{
    const qint64 bytes = delivery.body.size();
    m_bytesWaiting += bytes;
    m_writer.write<void>(
        Writer::Priority::Urgent, "journal",
        [runner = m_runner, delivery](WriteTransaction &tx) -> Result<void> {
            const auto id = deliveries::insert(tx, delivery);
            if (!id)
                return id.error();
            if (delivery.source == "hook"_L1) {
                if (const auto counted = deliveries::count(tx, {}, u"received"_s); !counted)
                    return counted;
            }
            deliveries::Delivery stored = delivery;
            stored.id = *id;
            runner->splitNext(tx, stored);
            return {};
        },
        mailbox,
        [this, bytes, done = std::move(done)](Result<void> result) {
            m_bytesWaiting -= bytes;
            done(std::move(result));
        });
}

} // namespace antiphon
