#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/result.h"

#include <QJsonObject>
#include <QList>

namespace antiphon {

/// A time in which an inbox could have missed something, and what became of it.
struct Gap {
    enum class State { Open, Recovered, Partial, Unrecoverable };

    /// Why nobody was there.
    enum class Cause {
        Stopped,       ///< the program was not running
        Crashed,       ///< it ended without having been asked to
        Sleep,         ///< the computer slept, or the process stood still
        Network,
        Tunnel,        ///< the public address didn't lead here
        Locked,        ///< the keychain was locked: no webhook could be checked
        Restored,      ///< the database was put back to an earlier time
        Manual         ///< somebody asked for it
    };

    /// One thing worth saying about how a gap was filled. `count` and `limit` are what the code's sentence needs, else 0.
    struct Reason {
        enum class Code {
            NewestOnly,            ///< `limit` newest messages a conversation are listed; older ones may be missing in `count` conversations
            ThreadsCapped,         ///< the platform lists `limit` conversations; further ones may be missing
            Retention,             ///< the platform keeps `limit` days
            UnreadableThreads,     ///< `count` conversations could not be read
            WaitingForRedelivery,  ///< the platform has no history and brings back what it wants to
            RedeliveryOver,        ///< it had its time to; something may be missing
            NoHistory,
            NeedsOwner,            ///< waits for new credentials
            Unreachable,           ///< will be tried again; `detail` says what went wrong
            Refused                ///< the platform refuses its lists; `detail` says how
        };
        Code code = Code::NewestOnly;
        int count = 0;
        int limit = 0;
        QString detail{};          ///< English, no secrets

        friend bool operator==(const Reason &, const Reason &) = default;
    };

    GapId id{};
    InboxId inboxId{};
    Timestamp from{};
    std::optional<Timestamp> to{};         ///< none while it lasts
    Cause cause = Cause::Stopped;
    State state = State::Open;
    qint64 recovered = 0;                  ///< messages that only the fetching brought
    QList<Reason> reasons{};
};

QString gapStateName(Gap::State state);
std::optional<Gap::State> gapStateFromName(QStringView name);
QString gapCauseName(Gap::Cause cause);
std::optional<Gap::Cause> gapCauseFromName(QStringView name);

QJsonObject toJson(const Gap::Reason &reason);
std::optional<Gap::Reason> gapReasonFromJson(const QJsonObject &json);

/// The contract's `note`: a sentence or two in English; empty where there is nothing to say. The window has its own words for `reasons`.
QString gapNote(const QList<Gap::Reason> &reasons);

/// {id, inbox_id, from, to, cause, state, recovered, note, reasons:[{code, count, limit, detail}]}
QJsonObject toJson(const Gap &gap);
Result<Gap> gapFromJson(const QJsonObject &json);

} // namespace antiphon
