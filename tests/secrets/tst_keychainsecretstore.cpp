#include "core/secrets/keychainsecretstore.h"
#include "tests/support/testmain.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace antiphon;
using namespace Qt::StringLiterals;

class KeychainSecretStoreTest : public QObject {
    Q_OBJECT
private slots:
    void staysLockedWithoutAKeychain()
    {
        if (hasKeyring())
            QSKIP("this run has a keychain");
        if (!qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS"))
            QSKIP("a session bus of the machine is here: what stands behind it isn't ours to touch");
        KeychainSecretStore store(u"workspace-test"_s, false, m_random);
        QSignalSpy locked(&store, &SecretStore::locked);
        store.start();
        QTRY_COMPARE(locked.count(), 1);
        QVERIFY(!store.isUnlocked());
        QCOMPARE(store.seal(u"a"_s, "b").error().kind, Error::Kind::Unavailable);
    }

    void withoutASessionBusNothingIsAsked()
    {
#ifndef Q_OS_LINUX
        QSKIP("other systems' keychains need no session bus");
#endif
        const QTemporaryDir empty;
        const Variable bus("DBUS_SESSION_BUS_ADDRESS", {});
        const Variable runtimeDir("XDG_RUNTIME_DIR", empty.path().toLocal8Bit());
        const Variable display("DISPLAY", ":99");   // what makes libsecret start a bus of its own
        std::optional<bool> works;
        KeychainSecretStore::probe(this, [&works](bool found) { works = found; });
        QCOMPARE(works, std::optional(false));
        KeychainSecretStore store(u"workspace-test"_s, false, m_random);
        QSignalSpy locked(&store, &SecretStore::locked);
        store.start();
        QCOMPARE(locked.count(), 1);
        QVERIFY2(store.lockedReason().contains(u"session bus"_s), qPrintable(store.lockedReason()));
    }

    void keepsTheKeyInAnOpenKeychain()
    {
        if (!hasKeyring())
            QSKIP("no keychain in this run: secrets.keychain_unlocked brings one where dbus-run-session and gnome-keyring are installed");
        QByteArray sealed;
        {
            KeychainSecretStore store(u"workspace-test"_s, false, m_random);
            store.start();
            QTRY_VERIFY(store.isUnlocked());
            QVERIFY(!store.wasReset());
            sealed = *store.seal(u"name"_s, "secret");
        }
        KeychainSecretStore again(u"workspace-test"_s, true, m_random);
        again.start();
        QTRY_VERIFY(again.isUnlocked());
        QCOMPARE(*again.open(u"name"_s, sealed), QByteArray("secret"));
        QVERIFY(!again.wasReset());
    }

    void saysSoWhenTheKeyIsGone()
    {
        if (!hasKeyring())
            QSKIP("no keychain in this run");
        KeychainSecretStore store(u"workspace-never-seen"_s, true, m_random);
        store.start();
        QTRY_VERIFY(store.isUnlocked());
        QVERIFY(store.wasReset());
    }

private:
    /// An environment variable for as long as this lives; empty unsets it.
    class Variable {
    public:
        Variable(const char *name, const QByteArray &value) : m_name(name), m_wasSet(qEnvironmentVariableIsSet(name)), m_before(qgetenv(name))
        {
            value.isEmpty() ? qunsetenv(name) : qputenv(name, value);
        }
        ~Variable() { m_wasSet ? qputenv(m_name, m_before) : qunsetenv(m_name); }
        Q_DISABLE_COPY_MOVE(Variable)

    private:
        const char *m_name;
        bool m_wasSet;
        QByteArray m_before;
    };

    static bool hasKeyring() { return qEnvironmentVariableIsSet("ANTIPHON_TEST_KEYRING"); }
    SystemRandom m_random;
};

ANTIPHON_TEST(KeychainSecretStoreTest)
#include "tst_keychainsecretstore.moc"
