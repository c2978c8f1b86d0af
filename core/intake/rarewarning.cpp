#include "core/intake/rarewarning.h"

namespace antiphon {
namespace {

constexpr std::chrono::hours kEvery{1};
constexpr qsizetype kMost = 1000;   // keys come from outside

} // namespace

qint64 RareWarning::note(const QString &key, Timestamp at, qint64 times)
{
    const std::lock_guard lock(m_mutex);
    if (m_said.size() >= kMost && !m_said.contains(key))
        m_said.clear();
    const bool isNew = !m_said.contains(key);
    Said &said = m_said[key];
    said.since += times;
    const auto ago = at - said.at;
    if (!isNew && ago < kEvery && ago > -kEvery)
        return 0;
    said.at = at;
    return std::exchange(said.since, 0);
}

} // namespace antiphon
