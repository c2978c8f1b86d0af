#include "core/secrets/keychainsecretstore.h"

#include "core/base/logging.h"

#include <QDir>
#include <QFile>

#include <qt6keychain/keychain.h>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

const QString kService = u"org.antiphon.Antiphon"_s;
constexpr std::chrono::seconds kLookAgain{2};
constexpr std::chrono::seconds kLongestAnswer{4};

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

/// False where no session bus can be: asking all the same makes the keychain's library start one where it finds a display, which takes it half a minute.
bool canAsk()
{
#ifdef Q_OS_LINUX
    const QString runtimeDir = qEnvironmentVariable("XDG_RUNTIME_DIR");
    return !qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS") || (!runtimeDir.isEmpty() && QFile::exists(QDir(runtimeDir).filePath(u"bus"_s)));
#else
    return true;
#endif
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
    m_limit.setParent(this);
    m_limit.setSingleShot(true);
    m_limit.setInterval(kLongestAnswer);
    // The question stays open: it may wait for its owner to unlock the keychain, and a second one would only ask them twice.
    connect(&m_limit, &QTimer::timeout, this, [this] { lock(u"the keychain has not answered yet"_s); });
    connect(this, &SecretStore::unlocked, &m_limit, &QTimer::stop);
}

void KeychainSecretStore::start()
{
    if (!canAsk()) {
        lookAgain(u"no keychain can be reached: there is no session bus"_s);
        return;
    }
    m_limit.start();
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
    if (!canAsk()) {
        qCInfo(lcSecrets) << "no keychain: there is no session bus";
        done(false);
        return;
    }
    qCInfo(lcSecrets) << "asking the keychain whether it keeps secrets here";
    const auto waiting = std::make_shared<std::function<void(bool)>>(std::move(done));
    const auto answer = [waiting](bool works) {
        if (const auto first = std::exchange(*waiting, nullptr))   // the first answer counts
            first(works);
    };
    QTimer::singleShot(kLongestAnswer, context, [waiting, answer] {
        if (!*waiting)
            return;
        qCWarning(lcSecrets) << "the keychain did not answer within" << kLongestAnswer.count() << "s";
        answer(false);
    });
    canary(context, [answer](bool works, const QString &) { answer(works); });
}

void KeychainSecretStore::lookAgain(const QString &reason)
{
    m_limit.stop();
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
