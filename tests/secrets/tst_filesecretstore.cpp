#include "core/secrets/filesecretstore.h"
#include "core/secrets/secretstoreopener.h"
#include "tests/support/fakerandom.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class FileSecretStoreTest : public QObject {
    Q_OBJECT
private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void keepsItsKeyBetweenStarts_data()
    {
        QTest::addColumn<QByteArray>("passphrase");
        QTest::newRow("random key file") << QByteArray();
        QTest::newRow("passphrase") << QByteArray("correct horse battery staple");
    }

    void keepsItsKeyBetweenStarts()
    {
        QFETCH(QByteArray, passphrase);
        const QByteArray sealed = sealWith(passphrase);
        FileSecretStore again(m_dir->path(), passphrase, m_random);
        again.start();
        const auto opened = again.open(u"name"_s, sealed);
        QVERIFY(opened);
        QCOMPARE(*opened, QByteArray("secret"));
        for (const QString &file : {u"secrets.key"_s, u"secrets.json"_s}) {
            const QFileInfo info(m_dir->filePath(file));
            if (info.exists())
                QCOMPARE(info.permissions() & (QFile::ReadGroup | QFile::ReadOther | QFile::WriteGroup | QFile::WriteOther), QFile::Permissions());
        }
    }

    void aWrongOrMissingPassphraseLeavesItLocked()
    {
        const QByteArray sealed = sealWith("right");
        for (const QByteArray &passphrase : {QByteArray("wrong"), QByteArray()}) {
            FileSecretStore store(m_dir->path(), passphrase, m_random);
            QSignalSpy locked(&store, &SecretStore::locked);
            store.start();
            QVERIFY(!store.isUnlocked());
            QCOMPARE(locked.count(), 1);
            const auto opened = store.open(u"name"_s, sealed);
            QVERIFY(!opened);
            QCOMPARE(opened.error().kind, Error::Kind::Unavailable);
        }
    }

    void movesFromTheKeyFileToAPassphrase()
    {
        const QByteArray sealed = sealWith({});
        QVERIFY(QFile::exists(m_dir->filePath(u"secrets.key"_s)));
        FileSecretStore moved(m_dir->path(), "new passphrase", m_random);
        moved.start();
        QVERIFY(moved.open(u"name"_s, sealed));
        QVERIFY(!QFile::exists(m_dir->filePath(u"secrets.key"_s)));
        FileSecretStore again(m_dir->path(), "new passphrase", m_random);
        again.start();
        QVERIFY(again.open(u"name"_s, sealed));
    }

    void aMoveCutShortLeavesNoClearKeyBehind()
    {
        const QByteArray sealed = sealWith({});
        const QString path = m_dir->filePath(u"secrets.key"_s);
        const QString copy = m_dir->filePath(u"copy"_s);
        QVERIFY(QFile::copy(path, copy));
        FileSecretStore(m_dir->path(), "new passphrase", m_random).start();
        QVERIFY(!QFile::exists(path));
        QVERIFY(QFile::rename(copy, path));   // as after a crash between sealing and removing
        FileSecretStore again(m_dir->path(), "new passphrase", m_random);
        again.start();
        QVERIFY(again.open(u"name"_s, sealed));
        QVERIFY(!QFile::exists(path));
    }

    void anotherClearKeyIsRefusedAndKept()
    {
        sealWith("right");
        const QString path = m_dir->filePath(u"secrets.key"_s);
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(SealedBox::kKeyBytes, 'x').toBase64() + '\n');
        file.close();
        QTest::ignoreMessage(QtCriticalMsg, QRegularExpression(u"secrets.key.*another key"_s));
        FileSecretStore store(m_dir->path(), "right", m_random);
        store.start();
        QVERIFY(!store.isUnlocked());
        QVERIFY2(store.lockedReason().contains(u"secrets.key"_s), qPrintable(store.lockedReason()));
        QVERIFY(QFile::exists(path));
    }

    void aDamagedFileIsSaidAndNotReplaced()
    {
        sealWith("right");
        QFile file(m_dir->filePath(u"secrets.json"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("{");
        file.close();
        FileSecretStore store(m_dir->path(), "right", m_random);
        store.start();
        QVERIFY(!store.isUnlocked());
        QVERIFY(store.lockedReason().contains(u"secrets.json"_s));
        QCOMPARE(QFileInfo(file).size(), qint64(1));
    }

    void theFirstStartDecidesWhereSecretsRest()
    {
        QCOMPARE(open(SecretsHome::File).error, QString());
        QCOMPARE(open(SecretsHome::Automatic).error, QString());   // no question of the keychain any more
        QVERIFY(open(SecretsHome::Keychain).error.contains(u"encrypted file"_s));
    }

private:
    struct Opened {
        QString error{};
    };

    Opened open(SecretsHome wanted)
    {
        Opened opened{.error = u"no answer"_s};
        openSecretStore(m_dir->path(), wanted, m_random, this,
                        [&opened](Result<std::shared_ptr<SecretStore>> store) { opened.error = store ? QString() : store.error().detail; });
        return opened;
    }

    QByteArray sealWith(const QByteArray &passphrase)
    {
        FileSecretStore store(m_dir->path(), passphrase, m_random);
        QSignalSpy unlocked(&store, &SecretStore::unlocked);
        store.start();
        if (unlocked.count() != 1)
            qFatal("not unlocked: %s", qPrintable(store.lockedReason()));
        return *store.seal(u"name"_s, "secret");
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    SystemRandom m_random;
};

ANTIPHON_TEST(FileSecretStoreTest)
#include "tst_filesecretstore.moc"
