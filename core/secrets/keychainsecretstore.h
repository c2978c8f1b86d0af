#pragma once

#include "core/secrets/secretstore.h"

#include <QTimer>

#include <functional>

namespace antiphon {

/// The master key in the system's keychain (QtKeychain: Secret Service, KWallet, Keychain, Credential Store).
///
/// A locked keychain answers a read with "no such entry", so absence is believed only after a canary was written and read back.
/// While the canary fails the store is locked and looks again every 2 s; a question without an answer for 4 s locks it too and stays open.
/// No insecure fallback, ever.
class KeychainSecretStore final : public SecretStore {
    Q_OBJECT
public:
    /// @param workspaceKey tells this data folder's key from others' on the same machine; stable for ever.
    KeychainSecretStore(const QString &workspaceKey, bool expectsKey, RandomSource &random, QObject *parent = nullptr);

    void start() override;
    QString protection() const override;

    /// Whether a keychain answers here and now: writes a canary and reads it back. False after 4 s without an answer, and at once on Linux where
    /// there is no session bus. `done` comes once, in the caller's thread.
    static void probe(QObject *context, std::function<void(bool works)> done);

private:
    void lookAgain(const QString &reason);
    void readKey();
    void makeKey();

    QString m_workspaceKey;
    bool m_expectsKey;
    QTimer m_retry;
    QTimer m_limit;
};

} // namespace antiphon
