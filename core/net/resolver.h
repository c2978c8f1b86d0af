#pragma once

#include "core/base/result.h"

#include <QHostAddress>
#include <QList>
#include <QObject>

#include <functional>

namespace antiphon {

/// Turns names into addresses; injected, so that a test decides what a name means.
class Resolver {
public:
    using Done = std::function<void(Result<QList<QHostAddress>>)>;

    virtual ~Resolver() = default;
    /// `done` is called exactly once in the caller's thread, maybe at once. Network where the name is unknown.
    virtual void resolve(const QString &host, Done done) = 0;
};

/// The operating system's. Lives in the net thread.
class SystemResolver final : public QObject, public Resolver {
    Q_OBJECT
public:
    void resolve(const QString &host, Done done) override;
};

} // namespace antiphon
