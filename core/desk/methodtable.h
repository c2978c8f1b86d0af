#pragma once

#include "core/domain/agent.h"
#include "core/store/transaction.h"

#include <QHash>

#include <variant>

namespace antiphon {

/// Who asks.
struct Caller {
    Agent agent{};
    quint64 session = 0;         ///< of this process
};

/// The methods of the Desk API: what each does, and from which role on it may be called.
class MethodTable {
public:
    /// Runs in a reader's thread on one snapshot.
    using Read = std::function<Result<QJsonObject>(ReadTransaction &, const Caller &, const QJsonObject &params)>;
    /// Runs in the Writer's thread as urgent work; maybe twice.
    using Write = std::function<Result<QJsonObject>(WriteTransaction &, const Caller &, const QJsonObject &params)>;

    /// How something that takes its time ends: with the answer itself, or with what to read for it.
    struct Outcome {
        QJsonObject result{};
        Read read{};
    };
    using Finished = std::function<void(Result<Outcome>)>;
    /// Runs in the net thread and finishes there, now or later, once.
    using Call = std::function<void(const Caller &, const QJsonObject &params, Finished)>;

    struct Method {
        Agent::Role least = Agent::Role::Agent;
        std::variant<Read, Write, Call> action{};
        bool isDetached = false;     ///< changes nothing and takes its time: the requests behind it don't wait
    };

    void read(const QString &name, Agent::Role least, Read action);
    void write(const QString &name, Agent::Role least, Write action);
    void call(const QString &name, Agent::Role least, Call action, bool isDetached = false);

    const Method *find(const QString &name) const;
    QStringList names() const;                                   ///< sorted

    static bool mayCall(const Method &method, Agent::Role role);

private:
    QHash<QString, Method> m_methods;
};

} // namespace antiphon
