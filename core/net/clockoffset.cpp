#include "core/net/clockoffset.h"

#include "core/base/logging.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr qsizetype kSamples = 9;
/// An answer that took longer says too little about when it was written.
constexpr Milliseconds kLongestWay{10'000};

} // namespace

void ClockOffset::learn(Timestamp date, Timestamp sent, Timestamp received)
{
    const Milliseconds way = received - sent;
    if (way < Milliseconds(0) || way > kLongestWay)
        return;
    // The header's second has begun somewhere within it: half a second is the best guess.
    const Milliseconds apart = date + Milliseconds(500) - (sent + way / 2);
    const std::lock_guard lock(m_mutex);
    m_samples.append(apart);
    if (m_samples.size() > kSamples)
        m_samples.removeFirst();
    QList<Milliseconds> sorted = m_samples;
    std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
    const bool isWrong = std::chrono::abs(sorted.at(sorted.size() / 2)) > kWrong;
    if (isWrong && !m_isWarned)
        qCWarning(lcNet) << "this computer's clock is wrong by" << std::chrono::duration_cast<std::chrono::seconds>(apart).count() << "s";
    m_isWarned = isWrong;
}

std::optional<Milliseconds> ClockOffset::measured() const
{
    const std::lock_guard lock(m_mutex);
    if (m_samples.isEmpty())
        return std::nullopt;
    QList<Milliseconds> sorted = m_samples;
    std::nth_element(sorted.begin(), sorted.begin() + sorted.size() / 2, sorted.end());
    return sorted.at(sorted.size() / 2);
}

Milliseconds ClockOffset::used() const
{
    const Milliseconds offset = measured().value_or(Milliseconds(0));
    return std::chrono::abs(offset) > kNoise ? offset : Milliseconds(0);
}

void DatedHttpClient::send(const HttpRequest &request, Done done)
{
    m_http.send(request, [this, sent = m_clock.now(), done = std::move(done)](const HttpReply &reply) {
        if (const auto date = httpDate(reply.header("Date")))
            m_offset.learn(*date, sent, m_clock.now());
        done(reply);
    });
}

std::optional<Timestamp> httpDate(const QByteArray &text)
{
    QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(text.trimmed()), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    if (!date.isValid())
        return std::nullopt;
    date.setTimeSpec(Qt::UTC);
    return fromUnixMs(date.toMSecsSinceEpoch());
}

} // namespace antiphon
