#include "tests/support/testmain.h"

#include "core/intake/deadletterreport.h"
#include "core/intake/redaction.h"

#include "core/base/json.h"

#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

/// JSON with single quotes written as it goes over the wire.
QByteArray quoted(const char *text)
{
    return QByteArray(text).replace('\'', '"');
}

} // namespace

class RedactionTest : public QObject {
    Q_OBJECT
private slots:
    void keepsTheShapeAndThePlatformsWords()
    {
        const QByteArray masked = redaction::body(quoted("{'event':'im_receive_msg','create_time':1763800000,'message_type':'text','count':3,'ok':true,'none':null}"));
        for (const QByteArray &kept : {QByteArray("\"im_receive_msg\""), QByteArray("1763800000"), QByteArray("\"count\": 3"), QByteArray("\"ok\": true"),
                                       QByteArray("\"none\": null"), QByteArray("\"message_type\": \"text\"")})
            QVERIFY2(masked.contains(kept), kept + " is missing in " + masked);
    }

    void nothingOfAPersonStays_data()
    {
        QTest::addColumn<QByteArray>("body");
        QTest::newRow("values") << quoted("{'text':{'body':'Can I still cancel?'},'from':'4915112345678','profile':{'name':'Ana Petrova'},'access_token':'EAAG-secret-99'}");
        QTest::newRow("numbers") << quoted("{'from':4915112345678,'name':['Ana Petrova'],'deep':[[['Can I still cancel?', 'EAAG-secret-99']]]}");
        QTest::newRow("json in a text")
            << quoted("{'content':'{\\'text\\':{\\'body\\':\\'Can I still cancel?\\'},\\'from\\':\\'4915112345678\\',\\'name\\':\\'Ana Petrova\\',\\'t\\':\\'EAAG-secret-99\\'}'}");
        QTest::newRow("under keys of words")
            << quoted("{'type':'Can I still cancel?','status':'4915112345678','role':'Ana Petrova','source':'EAAG-secret-99','event':'+49 151 12345678'}");
        QTest::newRow("as keys") << quoted("{'Ana Petrova':1,'4915112345678':2,'Can I still cancel?':{},'EAAG-secret-99':[]}");
        QTest::newRow("a number as a time") << quoted("{'timestamp':'4915112345678','time':4915112345678,'name':'Ana Petrova'}");
        QTest::newRow("no json") << quoted("{'text': 'Can I still cancel?', 'from': 4915112345678, 'name': Ana Petrova EAAG-secret-99");
        QTest::newRow("a list") << quoted("['Can I still cancel?', 4915112345678, 'Ana Petrova', 'EAAG-secret-99']");
        QTest::newRow("cut utf-8") << QByteArray("{\"name\":\"Ana Petrova \xd0\", \"EAAG-secret-99\" 4915112345678");
    }

    void nothingOfAPersonStays()
    {
        QFETCH(QByteArray, body);
        const deadletters::DeadLetter letter{.id = 3, .kind = u"delivery"_s, .channel = u"whatsapp"_s, .reason = u"bad \"Ana Petrova\" at 4915112345678"_s};
        const QJsonObject delivery{{u"headers"_s, QJsonArray{QJsonArray{u"x-hub-signature-256"_s, u"EAAG-secret-99"_s}}},
                                   {u"path"_s, u"/webhooks/whatsapp/4915112345678"_s},
                                   {u"query"_s, u"token=EAAG-secret-99"_s}};
        const QByteArray exported = antiphon::json::toBytes(deadletters::maskedItem(letter, body, delivery));
        for (const QByteArray &planted : {QByteArray("cancel"), QByteArray("4915112345678"), QByteArray("12345"), QByteArray("Ana"), QByteArray("Petrova"),
                                          QByteArray("EAAG"), QByteArray("secret-99")})
            QVERIFY2(!exported.contains(planted), planted + " is in " + exported);
        QVERIFY(exported.contains("x-hub-signature-256"));
        QVERIFY(exported.contains("/webhooks/whatsapp/<id>"));
    }

    void isBounded()
    {
        QVERIFY(redaction::body(QByteArray(1'000'000, 'x'), 1000).size() < 1100);
        QByteArray deep;
        for (int i = 0; i < 200; ++i)
            deep += "[";
        deep += "\"Ana\"";
        for (int i = 0; i < 200; ++i)
            deep += "]";
        QVERIFY(!redaction::body(deep).contains("Ana"));
    }
};

ANTIPHON_TEST(RedactionTest)
#include "tst_redaction.moc"
