#include "ui/models/gapwatch.h"

#include "ui/models/whendone.h"

#include <algorithm>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {
/// A window that opens after the catching up still tells of it.
constexpr std::chrono::minutes kFresh{10};
} // namespace

GapWatch::GapWatch(DeskClient &client, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_clock(clock)
    , m_api(client)
{
    connect(&m_client, &DeskClient::opened, this, &GapWatch::read);
    connect(&m_client, &DeskClient::resyncNeeded, this, &GapWatch::read);
    connect(&m_client, &DeskClient::eventReceived, this, [this](const DeskEvent &event) {
        if (event.type != "intake.gap"_L1)
            return;
        if (const auto gap = gapFromJson(event.data)) {
            take(*gap, true);
            emit changed();
        }
    });
    if (m_client.state() == DeskClient::State::Open)
        read();
}

void GapWatch::read()
{
    whenDone(m_api.gaps(), this, [this](const Result<Page<Gap>> &page) {
        if (!page)
            return;
        for (auto it = page->items.crbegin(); it != page->items.crend(); ++it)
            take(*it, false);
        emit changed();
    });
}

void GapWatch::take(const Gap &gap, bool isNews)
{
    const auto known = std::find_if(m_gaps.begin(), m_gaps.end(), [&gap](const Gap &other) { return other.id == gap.id; });
    const bool isFresh = gap.to && m_clock.now() - *gap.to <= kFresh;
    if (!gap.to || (known == m_gaps.end() && gap.state != Gap::State::Open && !isNews && !isFresh))
        return;
    if (gap.state != Gap::State::Open && m_dismissed.contains(gap.id.value()))
        return;
    if (known == m_gaps.end())
        m_gaps.append(gap);
    else
        *known = gap;
    if (gap.state != Gap::State::Open && !m_told.contains(gap.id.value()))
        m_missed.insert(gap.id.value(), gap.recovered);
}

int GapWatch::missed() const
{
    qint64 sum = 0;
    for (const qint64 messages : m_missed)
        sum += messages;
    return int(sum);
}

void GapWatch::dismiss()
{
    m_gaps.removeIf([this](const Gap &gap) {
        if (gap.state == Gap::State::Open)
            return false;
        m_dismissed.insert(gap.id.value());
        return true;
    });
    emit changed();
}

void GapWatch::forgetMissed()
{
    for (auto it = m_missed.cbegin(); it != m_missed.cend(); ++it)
        m_told.insert(it.key());
    m_missed.clear();
}

} // namespace antiphon
