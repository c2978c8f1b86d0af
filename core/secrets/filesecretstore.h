#pragma once

#include "core/secrets/secretstore.h"

namespace antiphon {

/// The master key in the data folder. With a passphrase it stands in `secrets.json`, sealed under a key made of the passphrase; without one it
/// is the random bytes of `secrets.key` (mode 0600). A workspace that started without a passphrase and is given one moves to it.
class FileSecretStore final : public SecretStore {
    Q_OBJECT
public:
    /// @param passphrase empty: none was given.
    FileSecretStore(const QString &dataDir, QByteArray passphrase, RandomSource &random, QObject *parent = nullptr);
    ~FileSecretStore() override;

    void start() override;
    QString protection() const override;

    /// The passphrase of the sources the contract names: the file in ANTIPHON_SECRETS_PASSPHRASE_FILE, else the systemd credential
    /// `antiphon-passphrase`. Empty where neither is given; an Error where one is given and can't be used.
    static Result<QByteArray> passphraseFromEnvironment();

private:
    Result<QByteArray> keyUnderPassphrase();
    Result<QByteArray> keyOfFile();
    Result<void> sealUnderPassphrase(const QByteArray &key);
    /// Under a passphrase: removes the `secrets.key` that a move cut short left behind. Storage where it holds another key than `key`.
    Result<void> removeClearKey(const QByteArray &key);

    QString m_dataDir;
    QByteArray m_passphrase;
};

} // namespace antiphon
