#pragma once

#include "core/secrets/sealedbox.h"

#include <QObject>

#include <memory>
#include <mutex>

namespace antiphon {

/// Seals and opens the workspace's secrets under one master key, which rests outside the database: in the system's keychain, or in
/// the data folder (FileSecretStore). Locked until that key is at hand. seal() and open() may be called from any thread.
class SecretStore : public QObject {
    Q_OBJECT
public:
    ~SecretStore() override;

    /// Starts to get the key; tells by unlocked() or stays locked and tries again by itself where that can help. Never a prompt of ours.
    virtual void start() = 0;

    bool isUnlocked() const;
    QString lockedReason() const;                ///< English sentence for the log and the check; empty when unlocked

    /// The key was gone and a new one was made: what was sealed before can't be opened any more.
    bool wasReset() const;

    /// One sentence that says what this kind of keeping protects against, and against what not.
    virtual QString protection() const = 0;

    Result<QByteArray> seal(const QString &name, const QByteArray &plain) const;    ///< Unavailable while locked
    Result<QByteArray> open(const QString &name, const QByteArray &sealed) const;   ///< Unavailable while locked; BadPayload

signals:
    void unlocked();
    void locked(const QString &reason);

protected:
    explicit SecretStore(RandomSource &random, QObject *parent = nullptr);

    void unlock(QByteArray key, bool isNew);
    void lock(const QString &reason);
    RandomSource &random() const { return m_random; }

private:
    RandomSource &m_random;
    mutable std::mutex m_mutex;
    std::shared_ptr<const SealedBox> m_box;
    QString m_lockedReason;
    bool m_wasReset = false;
};

} // namespace antiphon
