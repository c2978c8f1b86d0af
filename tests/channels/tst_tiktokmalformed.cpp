#include "core/base/json.h"
#include "core/channels/tiktok/tiktokadapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/mutations.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class TiktokMalformedTest : public QObject {
    Q_OBJECT

    TiktokAdapter m_adapter;
    int m_tried = 0;
    int m_dead = 0;

    void tryBody(const QByteArray &body)
    {
        ++m_tried;
        const auto events = m_adapter.split({.body = body}, {});
        if (!events) {
            QCOMPARE(events.error().kind, Error::Kind::BadPayload);
            return;
        }
        QVERIFY(!events->isEmpty());
        for (const SplitEvent &event : *events) {
            QVERIFY(!event.dedupeKey.isEmpty());
            QVERIFY(!event.account.isEmpty());
            QVERIFY(!event.dedupeKey.contains(QChar(0)));
            QVERIFY(!event.lane.isEmpty() || !event.target.isEmpty());
            const auto read = m_adapter.read(event);
            if (!read) {
                ++m_dead;
                QCOMPARE(read.error().kind, Error::Kind::BadPayload);
                continue;
            }
            if (const auto *message = std::get_if<InboundMessage>(&*read)) {
                QVERIFY(!message->sourceId.isEmpty());
                QVERIFY(!message->customer.contactSourceId.isEmpty());
                QVERIFY(toUnixMs(message->platformAt) > 0);
                const bool isEmpty = message->content.isEmpty() && message->attachments.isEmpty();
                QCOMPARE(isEmpty, message->contentType == Message::ContentType::Unsupported);
            }
        }
    }

private slots:
    void everyFieldMayBeAbsentOrWrong()
    {
        const QJsonArray others{QJsonValue::Null, true, 0, -1, 1e300, 0.5, qint64(9007199254740993), u""_s, u"text"_s, u"99999999999999999999"_s, QString(u'a') + QChar(0) + u'b', QJsonArray{},
                                QJsonArray{1, u"x"_s}, QJsonObject{}, QJsonObject{{"a"_L1, 1}}};
        const QDir folder(QStringLiteral(ANTIPHON_FIXTURES "/tiktok"));
        const QStringList files = folder.entryList({u"*.json"_s});
        for (const QString &file : files) {
            const auto root = json::parseObject(fixture(u"tiktok/"_s + file));
            QVERIFY(root);
            if (!root->contains("event"_L1))
                continue;
            mutate(*root, others, [this](const QJsonValue &changed) { tryBody(json::toBytes(changed.toObject())); });
            const auto content = json::parseObject(root->value("content"_L1).toString().toUtf8());
            if (!content)
                continue;
            mutate(*content, others, [&](const QJsonValue &changed) {
                QJsonObject envelope = *root;
                envelope.insert("content"_L1, json::toText(changed.toObject()));
                tryBody(json::toBytes(envelope));
            });
        }
        QVERIFY2(m_tried > 5000, qPrintable(QString::number(m_tried)));
        QVERIFY(m_dead > 100);
    }

    void aCutBodyIsADeadLetter()
    {
        const QByteArray body = fixture(u"tiktok/text_in.json"_s);
        for (qsizetype length = 0; length < body.size(); ++length) {
            const auto events = m_adapter.split({.body = body.first(length)}, {});
            QVERIFY(!events);
            QCOMPARE(events.error().kind, Error::Kind::BadPayload);
        }
    }

    void surrogatesAndNulAreReplaced()
    {
        const QByteArray content = "{\\\"conversation_id\\\":\\\"c\\\",\\\"message_id\\\":\\\"m\\\",\\\"timestamp\\\":1700000000123,\\\"type\\\":\\\"text\\\",\\\"text\\\":{\\\"body\\\":\\\"a\\\\u0000b\\\\ud800c\\\"}}";
        const auto events = m_adapter.split({.body = "{\"event\":\"im_receive_msg\",\"user_openid\":\"b\",\"content\":\"" + content + "\"}"}, {});
        QVERIFY(events);
        const auto read = m_adapter.read(events->first());
        QVERIFY(read);
        QCOMPARE(std::get<InboundMessage>(*read).content, u"a\ufffdb\ufffdc"_s);
    }

    void keepsNumbersBeyondTheDoubles()
    {
        const auto events = m_adapter.split({.body = "{\"event\":\"im_receive_msg\",\"user_openid\":\"b\",\"content\":\"{\\\"conversation_id\\\":\\\"c\\\",\\\"message_id\\\":\\\"m\\\",\\\"timestamp\\\":9007199254740993}\"}"}, {});
        QVERIFY(!events->first().broken.isEmpty());
    }
};

ANTIPHON_TEST(TiktokMalformedTest)
#include "tst_tiktokmalformed.moc"
