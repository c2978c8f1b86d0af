#include "core/secrets/memorysecretstore.h"

namespace antiphon {

MemorySecretStore::MemorySecretStore(RandomSource &random, QObject *parent)
    : SecretStore(random, parent)
{
}

void MemorySecretStore::start()
{
    unlock(random().bytes(SealedBox::kKeyBytes), false);
}

QString MemorySecretStore::protection() const
{
    return QStringLiteral("Secrets are encrypted under a key that lives in memory only: they are gone when the program ends.");
}

} // namespace antiphon
