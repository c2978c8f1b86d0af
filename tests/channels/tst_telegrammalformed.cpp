#include "core/base/json.h"
#include "core/channels/telegram/telegramadapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/mutations.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class TelegramMalformedTest : public QObject {
    Q_OBJECT

    TelegramAdapter m_adapter;
    int m_tried = 0;
    int m_dead = 0;
    const QJsonObject m_settings{{"business_connections"_L1, QJsonObject{{"6600000001"_L1, QJsonObject{{"id"_L1, u"bc_AQ1"_s}}}}}};

    void checkMessage(const InboundMessage &message)
    {
        QVERIFY(!message.sourceId.isEmpty());
        QVERIFY(!message.customer.contactSourceId.isEmpty());
        QVERIFY(toUnixMs(message.platformAt) > 0);
        QVERIFY(!message.content.contains(QChar(0)));
        const bool isEmpty = message.content.isEmpty() && message.attachments.isEmpty();
        QCOMPARE(isEmpty, message.contentType == Message::ContentType::Unsupported);
        const qsizetype length = message.content.toUcs4().size();
        for (const TextEntity &entity : message.entities)
            QVERIFY(entity.offset >= 0 && entity.length > 0 && entity.offset + entity.length <= length);
        for (const InboundAttachment &file : message.attachments) {
            QVERIFY(!file.name.contains(u'/') || file.kind == Attachment::Kind::Contact);
            QVERIFY(!file.latitude || qAbs(*file.latitude) <= 90);
            QVERIFY(!file.durationMs || *file.durationMs >= 0);
        }
    }

    void tryBody(const QByteArray &body)
    {
        ++m_tried;
        const auto events = m_adapter.split({.body = body, .path = "/webhooks/telegram/7", .receivedAt = fromUnixMs(1'760'000'000'000)}, {});
        if (!events) {
            QCOMPARE(events.error().kind, Error::Kind::BadPayload);
            return;
        }
        QVERIFY(!events->isEmpty());
        QSet<QString> keys;
        for (SplitEvent event : *events) {
            QVERIFY(!event.dedupeKey.isEmpty());
            QVERIFY(!event.dedupeKey.contains(QChar(0)));
            QVERIFY(!keys.contains(event.dedupeKey) || events->size() > 1);
            keys.insert(event.dedupeKey);
            QVERIFY(!event.lane.isEmpty() || !event.target.isEmpty());
            event.account = u"7000000001"_s;
            event.inboxSettings = m_settings;
            const auto read = m_adapter.read(event);
            if (!read) {
                ++m_dead;
                const bool isUnknownOwner = read.error().kind == Error::Kind::Unavailable && read.error().field == "business_connection"_L1;
                QVERIFY(isUnknownOwner || read.error().kind == Error::Kind::BadPayload);
            } else if (const auto *message = std::get_if<InboundMessage>(&*read)) {
                checkMessage(*message);
            } else if (const auto *edit = std::get_if<InboundEdit>(&*read)) {
                checkMessage(*edit->whole);
            }
        }
    }

private slots:
    void everyFieldMayBeAbsentOrWrong()
    {
        const QJsonArray others{QJsonValue::Null, true, -1, 1e300, 0.5, qint64(9007199254740993), u""_s, u"text"_s, QString(u'a') + QChar(0) + u'b', QJsonArray{},
                                QJsonArray{1, u"x"_s}, QJsonObject{}, QJsonObject{{"a"_L1, 1}}};
        const QDir folder(QStringLiteral(ANTIPHON_FIXTURES "/telegram"));
        const QStringList files = folder.entryList({u"*.json"_s});
        QVERIFY(files.size() > 35);
        for (const QString &file : files) {
            const auto root = json::parseObject(fixture(u"telegram/"_s + file));
            QVERIFY(root);
            mutate(*root, others, [this](const QJsonValue &changed) { tryBody(json::toBytes(changed.toObject())); });
        }
        QVERIFY2(m_tried > 8000, qPrintable(QString::number(m_tried)));
        QVERIFY2(m_dead > 200, qPrintable(QString::number(m_dead)));
    }

    void aCutBodyIsADeadLetter_data()
    {
        QTest::addColumn<QString>("file");
        for (const QString &file : {u"text_reply.json"_s, u"album_photo.json"_s, u"business_deleted.json"_s})
            QTest::newRow(qPrintable(file)) << file;
    }

    void aCutBodyIsADeadLetter()
    {
        QFETCH(QString, file);
        const QByteArray body = fixture(u"telegram/"_s + file).trimmed();
        for (qsizetype length = 0; length < body.size(); ++length) {
            const auto events = m_adapter.split({.body = body.first(length)}, {});
            QVERIFY(!events);
            QCOMPARE(events.error().kind, Error::Kind::BadPayload);
        }
    }

    void surrogatesAndNulAreReplaced()
    {
        QByteArray body = fixture(u"telegram/document.json"_s);
        const auto events = m_adapter.split({.body = body.replace("the invoice", "a\\u0000b\\ud800c")}, {});
        QVERIFY(events);
        const auto read = m_adapter.read(events->first());
        QVERIFY(read);
        QCOMPARE(std::get<InboundMessage>(*read).content, u"a\ufffdb\ufffdc"_s);
    }

    void anUpdateWithoutNumberIsADeadLetter()
    {
        for (const QByteArray &body : {QByteArray("{}"), QByteArray("{\"message\":{}}"), QByteArray("{\"update_id\":\"x\"}"), QByteArray("[]"), QByteArray()}) {
            const auto events = m_adapter.split({.body = body}, {});
            QVERIFY(!events);
            QCOMPARE(events.error().kind, Error::Kind::BadPayload);
        }
    }

    void anUpdateOfNothingIsOnlyNumbered()
    {
        const auto events = m_adapter.split({.body = "{\"update_id\":5}"}, {});
        QVERIFY(events);
        QCOMPARE(events->first().kind, u"unknown"_s);
        QCOMPARE(events->first().dedupeKey, u"u:5"_s);
    }
};

ANTIPHON_TEST(TelegramMalformedTest)
#include "tst_telegrammalformed.moc"
