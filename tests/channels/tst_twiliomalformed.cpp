#include "core/base/json.h"
#include "core/channels/twilio/twilioadapter.h"
#include "core/channels/twilio/twilioform.h"
#include "tests/support/mutations.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QStringList kBodies{
    u"AccountSid=AC01&MessageSid=SM11&From=%2B15005550001&To=%2B15005550006&Body=Hello&NumMedia=0&SmsStatus=received&FromCity=X&OptOutType=STOP"_s,
    u"AccountSid=AC01&MessageSid=MM21&From=%2B15005550001&To=%2B15005550006&Body=&NumMedia=2&MediaUrl0=https%3A%2F%2Fapi.twilio.com%2Fa&MediaContentType0=image%2Fjpeg&MediaUrl1=https%3A%2F%2Fapi.twilio.com%2Fb&MediaContentType1=text%2Fvcard&SmsStatus=received"_s,
    u"AccountSid=AC01&MessageSid=SM22&From=whatsapp%3A%2B34600000001&To=whatsapp%3A%2B14155238886&ProfileName=Ana&WaId=34600000001&MessageType=location&Latitude=40.4&Longitude=-3.7&Label=Sol&SmsStatus=received"_s,
    u"AccountSid=AC01&MessageSid=SM24&From=whatsapp%3A%2B34600000001&To=whatsapp%3A%2B14155238886&MessageType=button&ButtonText=Yes&ButtonPayload=c&Body=Yes&OriginalRepliedMessageSid=SM23&ExternalUserId=ES.1&ListTitle=t&SmsStatus=received"_s,
    u"AccountSid=AC01&MessageSid=SM31&MessageStatus=undelivered&ErrorCode=30003&From=%2B15005550006&To=%2B15005550001&SmsStatus=undelivered"_s,
};

} // namespace

class TwilioMalformedTest : public QObject {
    Q_OBJECT

    TwilioAdapter m_adapter;
    int m_tried = 0;
    int m_dead = 0;

    void tryBody(const QByteArray &body)
    {
        ++m_tried;
        const auto events = m_adapter.split({.body = body, .path = "/twilio/callback", .query = "inbox=7", .receivedAt = fromUnixMs(1760000000000)}, {});
        if (!events) {
            ++m_dead;
            QCOMPARE(events.error().kind, Error::Kind::BadPayload);
            return;
        }
        for (const SplitEvent &event : *events) {
            QVERIFY(!event.dedupeKey.isEmpty() && !event.dedupeKey.contains(QChar(0)));
            const auto read = m_adapter.read(event);
            if (!read) {
                QCOMPARE(read.error().kind, Error::Kind::BadPayload);
            } else if (const auto *message = std::get_if<InboundMessage>(&*read)) {
                QVERIFY(!message->sourceId.isEmpty() && !message->customer.contactSourceId.isEmpty());
                QVERIFY(!message->content.contains(QChar(0)));
                QVERIFY(!message->customer.aliases.contains(message->customer.contactSourceId));
                QCOMPARE(message->content.isEmpty() && message->attachments.isEmpty(), message->contentType == Message::ContentType::Unsupported);
                for (const InboundAttachment &file : message->attachments)
                    QVERIFY(!file.name.contains(u'/') && (!file.latitude || qAbs(*file.latitude) <= 90));
            }
        }
    }

private slots:
    void everyFieldMayBeAbsentOrWrong()
    {
        const QJsonArray others{u""_s, u"0"_s, u"-1"_s, u"99999999999999999999"_s, u"1e400"_s, u"nan"_s, u"whatsapp:"_s, u"whatsapp:+"_s, u"+"_s, u"received"_s, u"read"_s, u"%"_s, u"../x"_s,
                                QString(u'a') + QChar(0) + u'b', QString(QChar(0xd800)), QString(5000, u'x')};
        for (const QString &body : kBodies) {
            mutate(twilio::toObject(twilio::parseForm(body.toLatin1())), others, [this](const QJsonValue &changed) {
                QList<QPair<QString, QString>> fields;
                const QJsonObject object = changed.toObject();
                for (auto it = object.begin(); it != object.end(); ++it)
                    fields.append({it.key(), it.value().toString()});
                tryBody(twilio::toForm(fields));
            });
        }
        QVERIFY2(m_tried > 700, qPrintable(QString::number(m_tried)));
        QVERIFY(m_dead > 5);
    }

    void aCutBodyIsStillAForm()
    {
        for (const QString &body : kBodies) {
            for (qsizetype length = 0; length < body.size(); ++length)
                tryBody(body.first(length).toLatin1());
        }
        QVERIFY(m_dead > 50);
    }

    void bytesThatAreNoTextBecomeText()
    {
        const auto events = m_adapter.split({.body = "AccountSid=AC01&MessageSid=SM1&From=%2B15005550001&To=1&Body=a%FF%00b%", .receivedAt = fromUnixMs(1)}, {});
        QVERIFY(events);
        QCOMPARE(std::get<InboundMessage>(*m_adapter.read(events->first())).content, u"a\ufffdb%"_s);
    }

    void whatNamesNoMessageIsADeadLetter()
    {
        QVERIFY(!m_adapter.split({.body = {}}, {}));
        QVERIFY(!m_adapter.split({.body = "Body=hello"}, {}));
    }

    void jsonIsIgnored()
    {
        const auto events = m_adapter.split({.headers = {{"Content-Type", "application/json"}}, .body = "{\"AccountSid\":\"AC01\",\"x\":1}", .query = "inbox=7&bodySHA256=00"}, {});
        QVERIFY(events);
        QVERIFY(std::holds_alternative<InboundIgnored>(*m_adapter.read(events->first())));
    }
};

ANTIPHON_TEST(TwilioMalformedTest)
#include "tst_twiliomalformed.moc"
