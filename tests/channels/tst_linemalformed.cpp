#include "core/base/json.h"
#include "core/channels/line/lineadapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/mutations.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class LineMalformedTest : public QObject {
    Q_OBJECT

    LineAdapter m_adapter;
    int m_tried = 0;
    int m_dead = 0;
    int m_ignored = 0;

    void checkMessage(const InboundMessage &message)
    {
        QVERIFY(!message.sourceId.isEmpty());
        QVERIFY(!message.customer.contactSourceId.isEmpty());
        QVERIFY(!message.content.contains(QChar(0)));
        const bool isEmpty = message.content.isEmpty() && message.attachments.isEmpty();
        QCOMPARE(isEmpty, message.contentType == Message::ContentType::Unsupported);
        const int length = int(message.content.toUcs4().size());
        for (const TextEntity &entity : message.entities)
            QVERIFY(entity.offset >= 0 && entity.length > 0 && entity.offset + entity.length <= length);
        for (const InboundAttachment &file : message.attachments) {
            QVERIFY(!file.name.contains(u'/'));
            QVERIFY(!file.latitude || qAbs(*file.latitude) <= 90);
            QVERIFY(!file.durationMs || *file.durationMs >= 0);
        }
    }

    void tryBody(const QByteArray &body)
    {
        ++m_tried;
        const auto events = m_adapter.split({.body = body, .path = "/webhooks/line/1600000001", .receivedAt = fromUnixMs(1760000000000)}, {});
        if (!events) {
            QCOMPARE(events.error().kind, Error::Kind::BadPayload);
            return;
        }
        for (const SplitEvent &event : *events) {
            QVERIFY(!event.dedupeKey.isEmpty());
            QVERIFY(!event.dedupeKey.contains(QChar(0)));
            QVERIFY(!event.lane.isEmpty() || !event.target.isEmpty());
            const auto read = m_adapter.read(event);
            if (!read) {
                ++m_dead;
                QCOMPARE(read.error().kind, Error::Kind::BadPayload);
            } else if (const auto *message = std::get_if<InboundMessage>(&*read)) {
                checkMessage(*message);
            } else {
                m_ignored += std::holds_alternative<InboundIgnored>(*read);
            }
        }
    }

private slots:
    void whatIsNoEventIsSetAsideAlone()
    {
        const QByteArray good = R"({"type":"message","timestamp":1760000200020,"source":{"type":"user","userId":"U000000000000000000000000000000f1"},"webhookEventId":"e1","message":{"type":"text","id":"1","text":"x"}})";
        const auto events = LineAdapter().split({.body = R"({"events":[7,"x",null,[],)" + good + "]}", .path = "/webhooks/line/1650000001"}, {});
        QVERIFY(events);
        QCOMPARE(events->size(), 5);
        for (int i = 0; i < 4; ++i)
            QVERIFY(!events->at(i).broken.isEmpty());
        QVERIFY(events->at(4).broken.isEmpty());
    }

    void everyFieldMayBeAbsentOrWrong()
    {
        const QJsonArray others{QJsonValue::Null, true, -1, 1e300, 0.5, qint64(9007199254740993), u""_s, u"text"_s, QString(u'a') + QChar(0) + u'b', QJsonArray{},
                                QJsonArray{1, u"x"_s}, QJsonObject{}, QJsonObject{{"a"_L1, 1}}};
        const QStringList files = QDir(QStringLiteral(ANTIPHON_FIXTURES "/line")).entryList({u"*.json"_s});
        QVERIFY(files.size() >= 5);
        for (const QString &file : files) {
            const auto root = json::parseObject(fixture(u"line/"_s + file));
            QVERIFY(root);
            mutate(*root, others, [this](const QJsonValue &changed) { tryBody(json::toBytes(changed.toObject())); });
        }
        QVERIFY2(m_tried > 4000, qPrintable(QString::number(m_tried)));
        QVERIFY2(m_dead > 50, qPrintable(QString::number(m_dead)));
        QVERIFY(m_ignored > 100);
    }

    void aCutBodyIsADeadLetter()
    {
        const QByteArray body = fixture(u"line/vector_b.json"_s);
        for (qsizetype length = 0; length < body.size(); ++length) {
            const auto events = m_adapter.split({.body = body.first(length)}, {});
            QVERIFY(!events);
            QCOMPARE(events.error().kind, Error::Kind::BadPayload);
        }
    }

    void surrogatesAndNulAreReplaced()
    {
        QByteArray body = fixture(u"line/vector_b.json"_s);
        const auto events = m_adapter.split({.body = body.replace("Hello", "a\\u0000b\\ud800c")}, {});
        QVERIFY(events);
        QCOMPARE(std::get<InboundMessage>(*m_adapter.read(events->at(1))).content, u"a\ufffdb\ufffdc"_s);
    }

    void anEventWithoutTimeHasItsDeliverys()
    {
        QByteArray body = fixture(u"line/vector_b.json"_s);
        body.replace("\"timestamp\":1760000000000,", "\"timestamp\":17,");
        const auto events = m_adapter.split({.body = body, .receivedAt = fromUnixMs(1760000000123)}, {});
        QCOMPARE(std::get<InboundMessage>(*m_adapter.read(events->first())).platformAt, fromUnixMs(1760000000123));
    }

    void anotherPlatformsBodyIsNone()
    {
        QVERIFY(!m_adapter.split({.body = "{\"object\":\"page\",\"entry\":[]}"}, {}));
        QVERIFY(!m_adapter.split({.body = "[]"}, {}));
    }
};

ANTIPHON_TEST(LineMalformedTest)
#include "tst_linemalformed.moc"
