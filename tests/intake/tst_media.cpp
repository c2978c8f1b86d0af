#include "tests/intake/spokenchannel.h"
#include "tests/support/testmain.h"

#include <QJsonDocument>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

const QString kFile = u"https://media.example/7"_s;
constexpr auto kState = "SELECT state || '/' || COALESCE(error, '-') FROM attachment"_L1;

/// An inbox whose files have addresses at once, with one message that has one.
class OneFile {
public:
    explicit OneFile(Channel channel, QJsonObject settings = {}) : f(channel)
    {
        if (!settings.isEmpty())
            f.fixture().store().run(u"UPDATE inbox SET settings = '%1' WHERE external_id = 'spoken'"_s.arg(QString::fromUtf8(QJsonDocument(settings).toJson())));
        f.channel().fetchesMedia = [this](const QJsonObject &, const InboxCredentials &) -> OperationPtr<HttpRequest> {
            ++asked;
            return std::make_unique<Settled<HttpRequest>>(HttpRequest{.url = QUrl(kFile)});
        };
    }
    void come()
    {
        InboundMessage message = said(u"m1"_s, {});
        message.attachments = {{.kind = Attachment::Kind::File, .name = u"invoice.pdf"_s, .mime = u"application/pdf"_s, .remote = {{u"id"_s, u"7"_s}}}};
        f.tell(message);
    }
    FakeSafeFetch &fetch() { return f.fixture().fetch(); }
    /// When the file is asked for next, from now on.
    qint64 pause()
    {
        const qint64 next = f.fixture().store().integer(u"SELECT next_at FROM job WHERE kind = 'media' AND state = 'pending'"_s).value_or(0);
        return next == 0 ? -1 : next - toUnixMs(f.fixture().store().clock().now());
    }
    bool waitsAfter(int attempts)
    {
        return QTest::qWaitFor([&] { return f.count(u"job WHERE kind = 'media' AND state = 'pending' AND attempts = %1"_s.arg(attempts)) == 1; }, 20'000);
    }

    SpokenInbox f;
    int asked = 0;
};

} // namespace

class MediaTest : public QObject {
    Q_OBJECT
private slots:
    void aFileThatIsBeingPreparedIsAskedForUntilItIsThere()
    {
        OneFile one(Channel::Line);
        one.fetch().notReady = 7;
        one.fetch().files.insert(kFile, "%PDF-1.4 words");
        one.come();
        for (int i = 0; i < 7; ++i) {
            QVERIFY(one.waitsAfter(i + 1));
            QCOMPARE(one.pause(), (QList<qint64>{1000, 2000, 4000, 8000, 16'000, 30'000, 30'000}.at(i)));
            QCOMPARE(one.f.text(kState), u"pending/-"_s);
            one.f.fixture().advance(Milliseconds(one.pause()));
        }
        QTRY_COMPARE(one.f.text(kState), u"ready/-"_s);
        QCOMPARE(one.f.text(u"SELECT size FROM attachment"_s), u"14"_s);       // nothing of the answers before
    }

    void aPictureIsNamedAfterItsBytes()
    {
        OneFile one(Channel::Line);
        one.fetch().files.insert(kFile, QByteArray::fromHex("89504e470d0a1a0a0000000d4948445200000280000001e00802000000"));
        InboundMessage message = said(u"m1"_s, {});
        message.attachments = {{.kind = Attachment::Kind::Image, .name = u"line-1.jpg"_s, .mime = u"image/jpeg"_s, .remote = {{u"id"_s, u"1"_s}}}};
        one.f.tell(message);
        QTRY_COMPARE(one.f.text(u"SELECT name || '/' || mime || '/' || state FROM attachment"_s), u"line-1.png/image/png/ready"_s);
    }

    void itIsGivenUpAfterTenMinutes()
    {
        OneFile one(Channel::Line);
        one.fetch().notReady = 1000;
        one.come();
        qint64 waited = 0;
        for (int i = 1; i < 40 && one.f.text(kState) == "pending/-"_L1; ++i) {
            if (!QTest::qWaitFor([&] { return one.fetch().requests.size() == i && (one.pause() > 0 || one.f.text(kState) != "pending/-"_L1); }, 20'000))
                break;
            if (one.pause() < 0)
                break;
            waited += one.pause();
            one.f.fixture().advance(Milliseconds(one.pause()));
        }
        QTRY_COMPARE(one.f.text(kState), u"failed/unavailable"_s);
        QVERIFY2(waited >= 590'000 && waited <= 610'000, qPrintable(QString::number(waited)));
    }

    void whatIsNotFoundIsAskedForAsThePlatformsAre_data()
    {
        QTest::addColumn<Channel>("channel");
        QTest::addColumn<QList<qint64>>("pauses");
        QTest::newRow("gone for good") << Channel::Line << QList<qint64>();
        QTest::newRow("not everywhere yet") << Channel::Twilio << QList<qint64>{1000, 3000, 10'000, 30'000};
        QTest::newRow("for a while perhaps") << Channel::Telegram << QList<qint64>{1000, 5000, 30'000};
    }

    void whatIsNotFoundIsAskedForAsThePlatformsAre()
    {
        QFETCH(Channel, channel);
        QFETCH(QList<qint64>, pauses);
        OneFile one(channel);
        one.come();
        for (int i = 0; i < pauses.size(); ++i) {
            QVERIFY(one.waitsAfter(i + 1));
            QCOMPARE(one.pause(), pauses.at(i));
            one.f.fixture().advance(Milliseconds(pauses.at(i)));
        }
        QTRY_COMPARE(one.f.text(kState), u"failed/gone"_s);
        QCOMPARE(one.asked, int(pauses.size()) + 1);                           // its address is asked for anew each time
        QCOMPARE(one.fetch().requests.size(), pauses.size() + 1);
    }

    void theServerOfAnOwnersOwnIsAcceptedForFiles()
    {
        OneFile one(Channel::Telegram, {{u"api_url"_s, u"http://192.168.1.5:8081"_s}});
        one.fetch().files.insert(kFile, "%PDF-1.4 words");
        one.come();
        QTRY_COMPARE(one.f.text(kState), u"ready/-"_s);
        QCOMPARE(one.fetch().policies.constFirst().overrideOrigin, std::optional(QUrl(u"http://192.168.1.5:8081"_s)));
        QCOMPARE(one.fetch().policies.constFirst().hosts, QStringList{u"media.example"_s});
    }

    void aSettingOfThatNameOpensNothingOnOtherChannels()
    {
        OneFile one(Channel::Twilio, {{u"api_url"_s, u"http://192.168.1.5:8081"_s}});
        one.fetch().files.insert(kFile, "%PDF-1.4 words");
        one.come();
        QTRY_COMPARE(one.f.text(kState), u"ready/-"_s);
        QVERIFY(!one.fetch().policies.constFirst().overrideOrigin);
    }

    void whatIsTooLargeIsSaidAtOnce()
    {
        OneFile one(Channel::Telegram);
        one.fetch().failures = {Error{Error::Kind::ChannelLimit, u"too many bytes"_s}};
        one.come();
        QTRY_COMPARE(one.f.text(kState), u"failed/too_large"_s);
        QCOMPARE(one.fetch().requests.size(), 1);
    }
};

ANTIPHON_TEST(MediaTest)
#include "tst_media.moc"
