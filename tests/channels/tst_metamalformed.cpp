#include "core/base/json.h"
#include "core/channels/instagram/instagramadapter.h"
#include "core/channels/messenger/messengeradapter.h"
#include "tests/support/fixtures.h"
#include "tests/support/mutations.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class MetaMalformedTest : public QObject {
    Q_OBJECT

    InstagramAdapter m_instagram;
    MessengerAdapter m_messenger;
    const AppCredentials m_app{.appId = u"1517776481860111"_s};
    int m_tried = 0;
    int m_dead = 0;

    void tryBody(const ChannelAdapter &adapter, const QByteArray &body)
    {
        ++m_tried;
        const auto events = adapter.split({.body = body}, m_app);
        if (!events) {
            QCOMPARE(events.error().kind, Error::Kind::BadPayload);
            return;
        }
        for (const SplitEvent &event : *events) {
            QVERIFY(!event.dedupeKey.isEmpty());
            QVERIFY(!event.dedupeKey.contains(QChar(0)));
            const auto read = adapter.read(event);
            if (!read) {
                ++m_dead;
                QCOMPARE(read.error().kind, Error::Kind::BadPayload);
                continue;
            }
            if (event.lane.isEmpty())
                QVERIFY(!event.target.isEmpty() || event.account.isEmpty());
            if (const auto *message = std::get_if<InboundMessage>(&*read)) {
                QVERIFY(!message->sourceId.isEmpty());
                QVERIFY(!message->customer.contactSourceId.isEmpty());
                QVERIFY(toUnixMs(message->platformAt) > 0);
                const bool isEmpty = message->content.isEmpty() && message->attachments.isEmpty();
                QCOMPARE(isEmpty, message->contentType == Message::ContentType::Unsupported);
            }
        }
    }

    void tryAll(const ChannelAdapter &adapter, const QString &folder)
    {
        const QJsonArray others{QJsonValue::Null, true, 0, -1, 1e300, 0.5, qint64(9007199254740993), u""_s, u"text"_s, u"99999999999999999999"_s, QString(u'a') + QChar(0) + u'b', QJsonArray{},
                                QJsonArray{1, u"x"_s}, QJsonObject{}, QJsonObject{{"a"_L1, 1}}};
        const QStringList files = QDir(QStringLiteral(ANTIPHON_FIXTURES "/") + folder).entryList({u"*.json"_s});
        QVERIFY(files.size() > 20);
        for (const QString &file : files) {
            const auto root = json::parseObject(fixture(folder + u'/' + file));
            if (!root)               // the wrapped one
                continue;
            mutate(*root, others, [&](const QJsonValue &changed) { tryBody(adapter, json::toBytes(changed.toObject())); });
        }
    }

private slots:
    void everyFieldMayBeAbsentOrWrong()
    {
        tryAll(m_instagram, u"instagram"_s);
        tryAll(m_messenger, u"messenger"_s);
        QVERIFY2(m_tried > 5000, qPrintable(QString::number(m_tried)));
        QVERIFY(m_dead > 100);
    }

    void aCutBodyIsADeadLetter()
    {
        for (const QString &name : {u"instagram/shared_post_twin.json"_s, u"instagram/wrapped.json"_s}) {
            const QByteArray body = fixture(name);
            for (qsizetype length = 0; length < body.size(); ++length) {
                const auto events = m_instagram.split({.body = body.first(length)}, {});
                QVERIFY(!events);
                QCOMPARE(events.error().kind, Error::Kind::BadPayload);
            }
        }
        const QByteArray body = fixture(u"messenger/echo_template.json"_s);
        for (qsizetype length = 0; length < body.size(); ++length)
            QVERIFY(!m_messenger.split({.body = body.first(length)}, {}));
    }

    void surrogatesAndNulAreReplaced()
    {
        const QByteArray body = fixture(u"messenger/vector_escaped.json"_s).replace("caf\\u00e9", "a\\u0000b\\ud800c");
        const auto events = m_messenger.split({.body = body}, {});
        QVERIFY(events);
        const auto read = m_messenger.read(events->first());
        QCOMPARE(std::get<InboundMessage>(*read).content, u"a\ufffdb\ufffdc"_s);
    }

    void aHugeBatchIsSplitWhole()
    {
        QJsonArray elements;
        for (int i = 0; i < 1000; ++i) {
            elements.append(QJsonObject{{u"sender"_s, QJsonObject{{u"id"_s, QString::number(1000 + i % 7)}}},
                                        {u"recipient"_s, QJsonObject{{u"id"_s, u"300000000000001"_s}}},
                                        {u"timestamp"_s, qint64(1760000100000) + i},
                                        {u"message"_s, QJsonObject{{u"mid"_s, u"m_%1"_s.arg(i)}, {u"text"_s, u"x"_s}}}});
        }
        const QJsonObject body{{u"object"_s, u"page"_s}, {u"entry"_s, QJsonArray{QJsonObject{{u"id"_s, u"300000000000001"_s}, {u"messaging"_s, elements}}}}};
        const auto events = m_messenger.split({.body = json::toBytes(body)}, {});
        QCOMPARE(events->size(), 1000);
        QCOMPARE(events->last().dedupeKey, u"m:m_999"_s);
    }
};

ANTIPHON_TEST(MetaMalformedTest)
#include "tst_metamalformed.moc"
