#include "core/base/json.h"
#include "core/channels/whatsapp/whatsappadapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/mutations.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class WhatsappMalformedTest : public QObject {
    Q_OBJECT

    WhatsappAdapter m_adapter;
    int m_tried = 0;
    int m_dead = 0;

    void checkMessage(const InboundMessage &message)
    {
        QVERIFY(!message.sourceId.isEmpty());
        QVERIFY(!message.customer.contactSourceId.isEmpty());
        QVERIFY(!message.customer.aliases.contains(message.customer.contactSourceId));
        QVERIFY(toUnixMs(message.platformAt) > 0);
        QVERIFY(!message.content.contains(QChar(0)));
        const bool isEmpty = message.content.isEmpty() && message.attachments.isEmpty();
        QCOMPARE(isEmpty, message.contentType == Message::ContentType::Unsupported);
        for (const InboundAttachment &file : message.attachments) {
            QVERIFY(!file.name.contains(u'/') || file.kind == Attachment::Kind::Contact);
            QVERIFY(!file.latitude || qAbs(*file.latitude) <= 90);
        }
    }

    void tryBody(const QByteArray &body)
    {
        ++m_tried;
        const auto events = m_adapter.split({.body = body}, {});
        if (!events) {
            QCOMPARE(events.error().kind, Error::Kind::BadPayload);
            return;
        }
        for (const SplitEvent &event : *events) {
            QVERIFY(!event.dedupeKey.isEmpty());
            QVERIFY(!event.dedupeKey.contains(QChar(0)));
            QVERIFY(!event.lane.isEmpty() || !event.target.isEmpty());
            QVERIFY(event.account.isEmpty() || event.accountGroup.isEmpty());
            const auto read = m_adapter.read(event);
            if (!read) {
                ++m_dead;
                QCOMPARE(read.error().kind, Error::Kind::BadPayload);
            } else if (const auto *message = std::get_if<InboundMessage>(&*read)) {
                checkMessage(*message);
            }
        }
    }

private slots:
    void everyFieldMayBeAbsentOrWrong()
    {
        const QJsonArray others{QJsonValue::Null, true, -1, 1e300, 0.5, qint64(9007199254740993), u""_s, u"text"_s, u"nan"_s, QString(u'a') + QChar(0) + u'b', QJsonArray{},
                                QJsonArray{1, u"x"_s}, QJsonObject{}, QJsonObject{{"a"_L1, 1}}};
        const QDir folder(QStringLiteral(ANTIPHON_FIXTURES "/whatsapp"));
        const QStringList files = folder.entryList({u"*.json"_s});
        QVERIFY(files.size() > 50);
        for (const QString &file : files) {
            const auto root = json::parseObject(fixture(u"whatsapp/"_s + file));
            QVERIFY(root);
            mutate(*root, others, [this](const QJsonValue &changed) { tryBody(json::toBytes(changed.toObject())); });
        }
        QVERIFY2(m_tried > 10'000, qPrintable(QString::number(m_tried)));
        QVERIFY(m_dead > 1000);
    }

    void aCutBodyIsADeadLetter_data()
    {
        QTest::addColumn<QString>("file");
        for (const QString &file : {u"vector_wa1.json"_s, u"history.json"_s, u"echoes.json"_s})
            QTest::newRow(qPrintable(file)) << file;
    }

    void aCutBodyIsADeadLetter()
    {
        QFETCH(QString, file);
        const QByteArray body = fixture(u"whatsapp/"_s + file).trimmed();
        for (qsizetype length = 0; length < body.size(); ++length) {
            const auto events = m_adapter.split({.body = body.first(length)}, {});
            QVERIFY(!events);
            QCOMPARE(events.error().kind, Error::Kind::BadPayload);
        }
    }

    void surrogatesAndNulAreReplaced()
    {
        QByteArray body = fixture(u"whatsapp/vector_wa1.json"_s);
        const auto events = m_adapter.split({.body = body.replace("ping", "a\\u0000b\\ud800c")}, {});
        QVERIFY(events);
        const auto read = m_adapter.read(events->first());
        QVERIFY(read);
        QCOMPARE(std::get<InboundMessage>(*read).content, u"a\ufffdb\ufffdc"_s);
    }

    void aMessageWithoutTimeHasItsDeliverys()
    {
        QByteArray body = fixture(u"whatsapp/vector_wa1.json"_s);
        body.replace("\"timestamp\":\"1760000000\",", "");
        const auto events = m_adapter.split({.body = body, .receivedAt = fromUnixMs(1760000000123)}, {});
        QCOMPARE(std::get<InboundMessage>(*m_adapter.read(events->first())).platformAt, fromUnixMs(1760000000123));
        const auto unknown = m_adapter.split({.body = body}, {});
        QVERIFY(!unknown->first().broken.isEmpty());
    }

    void anotherPlatformsBodyIsNone()
    {
        QVERIFY(!m_adapter.split({.body = "{\"object\":\"page\",\"entry\":[]}"}, {}));
        QVERIFY(!m_adapter.split({.body = "{\"object\":\"whatsapp_business_account\"}"}, {}));
        const auto empty = m_adapter.split({.body = "{\"object\":\"whatsapp_business_account\",\"entry\":[]}"}, {});
        QVERIFY(empty);
        QVERIFY(empty->isEmpty());
    }
};

ANTIPHON_TEST(WhatsappMalformedTest)
#include "tst_whatsappmalformed.moc"
