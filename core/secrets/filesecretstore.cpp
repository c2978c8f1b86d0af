#include "core/secrets/filesecretstore.h"

#include "core/base/durablefile.h"
#include "core/base/json.h"
#include "core/base/logging.h"

#include <QDir>
#include <QFile>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kSaltBytes = 16;
constexpr qint64 kLongestPassphrase = 64 * 1024;
const QString kMasterName = u"master"_s;

QString sealedPath(const QString &dataDir) { return QDir(dataDir).filePath(u"secrets.json"_s); }
QString keyPath(const QString &dataDir) { return QDir(dataDir).filePath(u"secrets.key"_s); }

Error storageError(const QString &path, const QString &why)
{
    return {Error::Kind::Storage, u"%1: %2"_s.arg(path, why)};
}

Result<QByteArray> readAll(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return storageError(path, file.errorString());
    return file.read(kLongestPassphrase);
}

} // namespace

FileSecretStore::FileSecretStore(const QString &dataDir, QByteArray passphrase, RandomSource &random, QObject *parent)
    : SecretStore(random, parent)
    , m_dataDir(dataDir)
    , m_passphrase(std::move(passphrase))
{
}

FileSecretStore::~FileSecretStore()
{
    wipe(m_passphrase);
}

void FileSecretStore::start()
{
    const auto key = QFile::exists(sealedPath(m_dataDir)) || (!m_passphrase.isEmpty() && !QFile::exists(keyPath(m_dataDir)))
        ? keyUnderPassphrase()
        : keyOfFile();
    if (!key) {
        lock(key.error().detail);
        return;
    }
    if (const auto removed = removeClearKey(*key); !removed) {
        qCCritical(lcSecrets).noquote() << removed.error().detail;
        lock(removed.error().detail);
        return;
    }
    unlock(*key, false);
}

QString FileSecretStore::protection() const
{
    if (m_passphrase.isEmpty()) {
        return u"Secrets are encrypted under a random key in the data folder (secrets.key, readable by this user only). "
               "That keeps them out of the database, its copies and logs; it does not protect against anyone who can read the whole folder."_s;
    }
    return u"Secrets are encrypted under a key made of the passphrase (scrypt). A copy of the data folder is useless without the passphrase; "
           "it does not protect against anyone who controls this user's running programs."_s;
}

Result<QByteArray> FileSecretStore::passphraseFromEnvironment()
{
    QString path = qEnvironmentVariable("ANTIPHON_SECRETS_PASSPHRASE_FILE");
    if (path.isEmpty()) {
        const QString credentials = qEnvironmentVariable("CREDENTIALS_DIRECTORY");
        const QString credential = QDir(credentials).filePath(u"antiphon-passphrase"_s);
        if (credentials.isEmpty() || !QFile::exists(credential))
            return QByteArray();
        path = credential;
    }
    auto bytes = readAll(path);
    if (!bytes)
        return bytes.error();
    QByteArray passphrase = *std::move(bytes);
    while (passphrase.endsWith('\n') || passphrase.endsWith('\r'))
        passphrase.chop(1);
    if (passphrase.isEmpty())
        return storageError(path, u"the passphrase is empty"_s);
    return passphrase;
}

Result<QByteArray> FileSecretStore::keyUnderPassphrase()
{
    if (m_passphrase.isEmpty())
        return storageError(sealedPath(m_dataDir), u"a passphrase is needed (ANTIPHON_SECRETS_PASSPHRASE_FILE)"_s);
    if (!QFile::exists(sealedPath(m_dataDir))) {
        QByteArray key = random().bytes(SealedBox::kKeyBytes);
        if (const auto written = sealUnderPassphrase(key); !written)
            return written.error();
        return key;
    }
    const auto bytes = readAll(sealedPath(m_dataDir));
    if (!bytes)
        return bytes.error();
    const auto object = json::parseObject(*bytes);
    if (!object)
        return storageError(sealedPath(m_dataDir), object.error().detail);
    const QByteArray salt = QByteArray::fromBase64(object->value("salt"_L1).toString().toLatin1());
    const QByteArray sealed = QByteArray::fromBase64(object->value("sealed"_L1).toString().toLatin1());
    if (object->value("version"_L1).toInt() != 1 || salt.size() < kSaltBytes)
        return storageError(sealedPath(m_dataDir), u"damaged, or made by a newer version"_s);
    const auto wrapping = keyFromPassphrase(m_passphrase, salt);
    if (!wrapping)
        return wrapping.error();
    const auto key = SealedBox(*wrapping).open(kMasterName, sealed);
    if (!key || key->size() != SealedBox::kKeyBytes)
        return storageError(sealedPath(m_dataDir), u"the passphrase is not the one these secrets were sealed with"_s);
    return *key;
}

Result<QByteArray> FileSecretStore::keyOfFile()
{
    if (!QFile::exists(keyPath(m_dataDir))) {
        QByteArray key = random().bytes(SealedBox::kKeyBytes);
        if (const auto written = durable::write(keyPath(m_dataDir), key.toBase64() + '\n'); !written)
            return written.error();
        return key;
    }
    const auto bytes = readAll(keyPath(m_dataDir));
    if (!bytes)
        return bytes.error();
    QByteArray key = QByteArray::fromBase64(bytes->trimmed());
    if (key.size() != SealedBox::kKeyBytes)
        return storageError(keyPath(m_dataDir), u"damaged"_s);
    if (!m_passphrase.isEmpty()) {
        if (const auto moved = sealUnderPassphrase(key); !moved)
            return moved.error();
    }
    return key;
}

Result<void> FileSecretStore::removeClearKey(const QByteArray &key)
{
    if (m_passphrase.isEmpty() || !QFile::exists(keyPath(m_dataDir)))
        return {};
    const auto bytes = readAll(keyPath(m_dataDir));
    if (!bytes)
        return bytes.error();
    if (QByteArray::fromBase64(bytes->trimmed()) != key) {
        return storageError(keyPath(m_dataDir),
                            u"holds another key than secrets.json; move the file away if nothing was sealed under it, or start without the other"_s);
    }
    if (!QFile::remove(keyPath(m_dataDir)))
        return storageError(keyPath(m_dataDir), u"could not be removed after the move to a passphrase"_s);
    return {};
}

Result<void> FileSecretStore::sealUnderPassphrase(const QByteArray &key)
{
    const QByteArray salt = random().bytes(kSaltBytes);
    const auto wrapping = keyFromPassphrase(m_passphrase, salt);
    if (!wrapping)
        return wrapping.error();
    const auto sealed = SealedBox(*wrapping).seal(kMasterName, key, random());
    if (!sealed)
        return sealed.error();
    return durable::write(sealedPath(m_dataDir),
                        json::toBytes({{u"version"_s, 1},
                                       {u"kdf"_s, u"scrypt N=32768 r=8 p=1"_s},
                                       {u"salt"_s, QString::fromLatin1(salt.toBase64())},
                                       {u"sealed"_s, QString::fromLatin1(sealed->toBase64())}}));
}

} // namespace antiphon
