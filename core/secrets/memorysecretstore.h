#pragma once

#include "core/secrets/secretstore.h"

namespace antiphon {

/// A key that lives as long as the process: for tests, and for the demo's throw-away workspace.
class MemorySecretStore final : public SecretStore {
    Q_OBJECT
public:
    explicit MemorySecretStore(RandomSource &random, QObject *parent = nullptr);

    void start() override;
    QString protection() const override;

    void lockNow(const QString &reason) { lock(reason); }   ///< as a keychain that is locked while running
};

} // namespace antiphon
