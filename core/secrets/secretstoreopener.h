#pragma once

#include "core/secrets/secretstore.h"

#include <functional>

namespace antiphon {

/// Where secrets are to rest.
enum class SecretsHome { Automatic, Keychain, File };

/// The value of ANTIPHON_SECRETS: empty, "keychain" or "file"; Invalid for anything else.
Result<SecretsHome> secretsHomeFromEnvironment();

/// Chooses and makes the store of this data folder. The first start decides (the keychain where one answers, else the file) and writes the choice to
/// `secrets.home` in the data folder; later starts keep to it, since a keychain that is only locked must not be taken for an absent one.
/// Invalid where `wanted` contradicts what this folder already uses. The store is not started. `done` comes in `context`'s thread.
void openSecretStore(const QString &dataDir, SecretsHome wanted, RandomSource &random, QObject *context,
                     std::function<void(Result<std::shared_ptr<SecretStore>>)> done);

} // namespace antiphon
