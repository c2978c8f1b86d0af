#include "core/secrets/sealedbox.h"
#include "tests/support/fakerandom.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class SealedBoxTest : public QObject {
    Q_OBJECT
private slots:
    void opensWhatItSealed()
    {
        const SealedBox box(QByteArray(32, 'k'));
        for (const QByteArray &plain : {QByteArray("act.token"), QByteArray(), QByteArray(5000, '\0')}) {
            const auto sealed = box.seal(u"inbox:7:access_token"_s, plain, m_random);
            QVERIFY(sealed);
            QVERIFY(plain.isEmpty() || !sealed->contains(plain));
            const auto opened = box.open(u"inbox:7:access_token"_s, *sealed);
            QVERIFY(opened);
            QCOMPARE(*opened, plain);
        }
    }

    void givesAnotherSealEachTime()
    {
        const SealedBox box(QByteArray(32, 'k'));
        QVERIFY(*box.seal(u"a"_s, "x", m_random) != *box.seal(u"a"_s, "x", m_random));
    }

    void refusesOtherNamesKeysAndAlteredBytes()
    {
        const SealedBox box(QByteArray(32, 'k'));
        const QByteArray sealed = *box.seal(u"inbox:7:access_token"_s, "secret", m_random);
        QVERIFY(!box.open(u"inbox:8:access_token"_s, sealed));
        QVERIFY(!SealedBox(QByteArray(32, 'l')).open(u"inbox:7:access_token"_s, sealed));
        for (qsizetype i = 0; i < sealed.size(); ++i) {
            QByteArray altered = sealed;
            altered[i] = char(altered.at(i) ^ 1);
            const auto opened = box.open(u"inbox:7:access_token"_s, altered);
            QVERIFY2(!opened, qPrintable(QString::number(i)));
            QCOMPARE(opened.error().kind, Error::Kind::BadPayload);
            QVERIFY(!box.open(u"inbox:7:access_token"_s, sealed.left(i)));
        }
    }

    void derivesOneKeyAPassphraseAndSalt()
    {
        const auto first = keyFromPassphrase("pleaseletmein", "SodiumChloride01");
        QVERIFY(first);
        QCOMPARE(first->size(), qsizetype(32));
        QCOMPARE(*keyFromPassphrase("pleaseletmein", "SodiumChloride01"), *first);
        QVERIFY(*keyFromPassphrase("pleaseletmeout", "SodiumChloride01") != *first);
        QVERIFY(*keyFromPassphrase("pleaseletmein", "SodiumChloride02") != *first);
    }

private:
    test::FakeRandom m_random;
};

ANTIPHON_TEST(SealedBoxTest)
#include "tst_sealedbox.moc"
