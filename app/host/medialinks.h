#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/outbox/outboxdispatcher.h"
#include "core/store/medialinkrepository.h"

#include <QHash>

namespace antiphon {

/// Addresses under which platforms fetch the files of what is being sent: `<public address>/media/<token>`, known to nobody but the platform it was given
/// to. What is fetched at once is kept in memory only, since after a restart the send itself is made anew; what platforms come for later (LINE, whenever a
/// chat is opened) is stored, and ends with its message. Net thread.
class MediaLinks {
public:
    static constexpr std::chrono::minutes kShort{15};        ///< no longer than this: in memory

    struct Surroundings {
        Database &database;
        FilesThread &files;
        const Clock &clock;
        RandomSource &random;
        Mailbox &mailbox;                                    ///< of the net thread
        std::function<QString()> publicUrl{};
    };
    using Done = std::function<void(const Result<QList<FileLink>> &)>;
    using Found = std::function<void(const Result<std::optional<medialinks::Row>> &)>;

    explicit MediaLinks(const Surroundings &surroundings) : m_with(surroundings) {}

    /// Unavailable where there is no public address.
    void make(const QList<LinkedFile> &files, const Done &done);
    /// Nothing where the token is unknown or its time is over.
    void find(const QByteArray &token, const Found &found);

private:
    struct Link {
        medialinks::Row row{};
        SteadyTime until{};
    };
    void makeWith(const QList<LinkedFile> &files, const QList<QByteArray> &previews, const Done &done);
    void forgetOld();

    Surroundings m_with;
    QHash<QByteArray, Link> m_links;
};

} // namespace antiphon
