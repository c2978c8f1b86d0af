#include "core/secrets/secretstore.h"

#include "core/base/logging.h"

namespace antiphon {

SecretStore::SecretStore(RandomSource &random, QObject *parent)
    : QObject(parent)
    , m_random(random)
    , m_lockedReason(QStringLiteral("not opened yet"))
{
}

SecretStore::~SecretStore() = default;

bool SecretStore::isUnlocked() const
{
    const std::lock_guard guard(m_mutex);
    return m_box != nullptr;
}

QString SecretStore::lockedReason() const
{
    const std::lock_guard guard(m_mutex);
    return m_lockedReason;
}

bool SecretStore::wasReset() const
{
    const std::lock_guard guard(m_mutex);
    return m_wasReset;
}

Result<QByteArray> SecretStore::seal(const QString &name, const QByteArray &plain) const
{
    std::shared_ptr<const SealedBox> box;
    {
        const std::lock_guard guard(m_mutex);
        box = m_box;
    }
    if (!box)
        return Error{Error::Kind::Unavailable, QStringLiteral("secrets are locked: ") + lockedReason()};
    return box->seal(name, plain, m_random);
}

Result<QByteArray> SecretStore::open(const QString &name, const QByteArray &sealed) const
{
    std::shared_ptr<const SealedBox> box;
    {
        const std::lock_guard guard(m_mutex);
        box = m_box;
    }
    if (!box)
        return Error{Error::Kind::Unavailable, QStringLiteral("secrets are locked: ") + lockedReason()};
    return box->open(name, sealed);
}

void SecretStore::unlock(QByteArray key, bool isNew)
{
    {
        const std::lock_guard guard(m_mutex);
        m_box = std::make_shared<const SealedBox>(std::move(key));
        m_lockedReason.clear();
        m_wasReset = isNew;
    }
    qCInfo(lcSecrets).noquote() << protection();
    emit unlocked();
}

void SecretStore::lock(const QString &reason)
{
    bool isNews = false;
    {
        const std::lock_guard guard(m_mutex);
        isNews = m_lockedReason != reason || m_box;
        m_box.reset();
        m_lockedReason = reason;
    }
    if (isNews) {
        qCWarning(lcSecrets).noquote() << "secrets are locked:" << reason;
        emit locked(reason);
    }
}

} // namespace antiphon
