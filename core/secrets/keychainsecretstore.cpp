#include "core/secrets/keychainsecretstore.h"

#include "core/base/logging.h"

#include <qt6keychain/keychain.h>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

const QString kService = u"org.antiphon.Antiphon"_s;
constexpr std::chrono::seconds kLookAgain{2};

using Finished = std::function<void(QKeychain::Error error, const QString &errorText, const QByteArray &value)>;

template <typename Job>
Job *prepared(Job *job, const QString &key)
{
    job->setAutoDelete(true);
    job->setInsecureFallback(false);
    job->setKey(key);
    return job;
}

void write(QObject *context, const QString &key, const QByteArray &value, Finished done)
{
    auto *job = prepared(new QKeychain::WritePasswordJob(kService), key);
    job->setBinaryData(value);
    QObject::connect(job, &QKeychain::Job::finished, context,
                     [done = std::move(done)](QKeychain::Job *finished) { done(finished->error(), finished->errorString(), {}); });
    job->start();
}

void read(QObject *context, const QString &key, Finished done)
{
    auto *job = prepared(new QKeychain::ReadPasswordJob(kService), key);
    QObject::connect(job, &QKeychain::Job::finished, context, [job, done = std::move(done)](QKeychain::Job *finished) {
        done(finished->error(), finished->errorString(), job->binaryData());
    });
    job->start();
}

/// Writes a canary and reads it back: the only proof that a keychain is there and open.
void canary(QObject *context, std::function<void(bool works, const QString &why)> done)
{
    const QString key = u"canary"_s;
    const QByteArray value = QByteArray::number(QDateTime::currentMSecsSinceEpoch());
    write(context, key, value, [context, key, value, done = std::move(done)](QKeychain::Error error, const QString &text, const QByteArray &) {
        if (error != QKeychain::NoError) {
            done(false, text);
            return;
        }
        read(context, key, [value, done](QKeychain::Error readError, const QString &readText, const QByteArray &found) {
            done(readError == QKeychain::NoError && found == value, readText);
        });
    });
}

} // namespace

KeychainSecretStore::KeychainSecretStore(const QString &workspaceKey, bool expectsKey, RandomSource &random, QObject *parent)
    : SecretStore(random, parent)
    , m_workspaceKey(workspaceKey)
    , m_expectsKey(expectsKey)
{
    m_retry.setParent(this);
    m_retry.setSingleShot(true);
    m_retry.setInterval(kLookAgain);
    connect(&m_retry, &QTimer::timeout, this, &KeychainSecretStore::start);
}

void KeychainSecretStore::start()
{
    canary(this, [this](bool works, const QString &why) {
        if (works)
            readKey();
        else
            lookAgain(u"the keychain does not answer (%1)"_s.arg(why));
    });
}

QString KeychainSecretStore::protection() const
{
    return u"Secrets are encrypted under a key in this computer's keychain. A copy of the data folder is useless without it; "
           "it does not protect against programs that run as this user while the keychain is open."_s;
}

void KeychainSecretStore::probe(QObject *context, std::function<void(bool works)> done)
{
    canary(context, [done = std::move(done)](bool works, const QString &) { done(works); });
}

void KeychainSecretStore::lookAgain(const QString &reason)
{
    lock(reason);
    m_retry.start();
}

void KeychainSecretStore::readKey()
{
    read(this, m_workspaceKey, [this](QKeychain::Error error, const QString &text, const QByteArray &value) {
        const QByteArray key = QByteArray::fromBase64(value);
        if (error == QKeychain::NoError && key.size() == SealedBox::kKeyBytes)
            unlock(key, false);
        else if (error == QKeychain::EntryNotFound || error == QKeychain::NoError)
            makeKey();
        else
            lookAgain(u"the key could not be read (%1)"_s.arg(text));
    });
}

void KeychainSecretStore::makeKey()
{
    if (m_expectsKey)
        qCCritical(lcSecrets) << "the key of this workspace is gone from the keychain: accounts must be connected and secrets entered again";
    const QByteArray key = random().bytes(SealedBox::kKeyBytes);
    write(this, m_workspaceKey, key.toBase64(), [this, key](QKeychain::Error error, const QString &text, const QByteArray &) {
        if (error == QKeychain::NoError)
            unlock(key, m_expectsKey);
        else
            lookAgain(u"the key could not be stored (%1)"_s.arg(text));
    });
}

} // namespace antiphon
