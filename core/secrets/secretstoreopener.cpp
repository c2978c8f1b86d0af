#include "core/secrets/secretstoreopener.h"

#include "core/base/durablefile.h"
#include "core/base/json.h"
#include "core/secrets/filesecretstore.h"
#include "core/secrets/keychainsecretstore.h"

#include <QDir>
#include <QFile>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

using Done = std::function<void(Result<std::shared_ptr<SecretStore>>)>;

QString homePath(const QString &dataDir) { return QDir(dataDir).filePath(u"secrets.home"_s); }

struct Choice {
    SecretsHome home = SecretsHome::Automatic;   ///< Automatic: not chosen yet
    QString workspaceKey{};
};

Result<Choice> readChoice(const QString &dataDir)
{
    QFile file(homePath(dataDir));
    if (!file.exists())
        return Choice{};
    if (!file.open(QIODevice::ReadOnly))
        return Error{Error::Kind::Storage, u"%1: %2"_s.arg(file.fileName(), file.errorString())};
    const auto object = json::parseObject(file.readAll());
    if (!object)
        return Error{Error::Kind::Storage, u"%1: %2"_s.arg(file.fileName(), object.error().detail)};
    const bool isKeychain = object->value("home"_L1) == "keychain"_L1;
    if (!isKeychain && object->value("home"_L1) != "file"_L1)
        return Error{Error::Kind::Storage, u"%1: unknown home of secrets"_s.arg(file.fileName())};
    return Choice{.home = isKeychain ? SecretsHome::Keychain : SecretsHome::File, .workspaceKey = json::string(*object, "key"_L1)};
}

Result<void> writeChoice(const QString &dataDir, const Choice &choice)
{
    const QByteArray bytes = json::toBytes({{u"home"_s, choice.home == SecretsHome::Keychain ? u"keychain"_s : u"file"_s}, {u"key"_s, choice.workspaceKey}});
    return durable::write(homePath(dataDir), bytes);
}

Result<std::shared_ptr<SecretStore>> makeStore(const QString &dataDir, const Choice &choice, bool isFirst, RandomSource &random)
{
    if (isFirst) {
        if (const auto written = writeChoice(dataDir, choice); !written)
            return written.error();
    }
    if (choice.home == SecretsHome::Keychain)
        return std::shared_ptr<SecretStore>(std::make_shared<KeychainSecretStore>(choice.workspaceKey, !isFirst, random));
    const auto passphrase = FileSecretStore::passphraseFromEnvironment();
    if (!passphrase)
        return passphrase.error();
    return std::shared_ptr<SecretStore>(std::make_shared<FileSecretStore>(dataDir, *passphrase, random));
}

} // namespace

Result<SecretsHome> secretsHomeFromEnvironment()
{
    const QString value = qEnvironmentVariable("ANTIPHON_SECRETS");
    if (value.isEmpty())
        return SecretsHome::Automatic;
    if (value == "keychain"_L1)
        return SecretsHome::Keychain;
    if (value == "file"_L1)
        return SecretsHome::File;
    return Error{Error::Kind::Invalid, u"ANTIPHON_SECRETS takes 'keychain' or 'file'"_s, u"ANTIPHON_SECRETS"_s};
}

void openSecretStore(const QString &dataDir, SecretsHome wanted, RandomSource &random, QObject *context, Done done)
{
    const auto chosen = readChoice(dataDir);
    if (!chosen) {
        done(chosen.error());
        return;
    }
    if (chosen->home != SecretsHome::Automatic) {
        if (wanted != SecretsHome::Automatic && wanted != chosen->home) {
            done(Error{Error::Kind::Invalid,
                       u"this data folder keeps its secrets in the %1; ANTIPHON_SECRETS says otherwise"_s.arg(
                           chosen->home == SecretsHome::Keychain ? u"keychain"_s : u"encrypted file"_s),
                       u"ANTIPHON_SECRETS"_s});
            return;
        }
        done(makeStore(dataDir, *chosen, false, random));
        return;
    }
    Choice choice{.home = wanted, .workspaceKey = u"workspace-"_s + randomToken(random)};
    if (wanted != SecretsHome::Automatic) {
        done(makeStore(dataDir, choice, true, random));
        return;
    }
    KeychainSecretStore::probe(context, [dataDir, choice, &random, done = std::move(done)](bool works) mutable {
        choice.home = works ? SecretsHome::Keychain : SecretsHome::File;
        done(makeStore(dataDir, choice, true, random));
    });
}

} // namespace antiphon
