#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/outbox/outboxdispatcher.h"

#include <QHash>

namespace antiphon {

/// Addresses under which platforms fetch the files of what is being sent: `<public address>/media/<token>`, each good for a quarter of an hour and known
/// to nobody but the platform it was given to. Kept in memory only: after a restart the send itself is made anew, with new ones. Net thread.
class MediaLinks {
public:
    static constexpr std::chrono::minutes kLife{15};

    MediaLinks(const Clock &clock, RandomSource &random, std::function<QString()> publicUrl)
        : m_clock(clock), m_random(random), m_publicUrl(std::move(publicUrl)) {}

    /// Unavailable where there is no public address.
    Result<QUrl> make(const LinkedFile &file);
    /// Nothing where the token is unknown or its time is over.
    std::optional<LinkedFile> find(const QByteArray &token);

private:
    struct Link {
        LinkedFile file{};
        SteadyTime until{};
    };
    void forgetOld();

    const Clock &m_clock;
    RandomSource &m_random;
    std::function<QString()> m_publicUrl;
    QHash<QByteArray, Link> m_links;
};

} // namespace antiphon
