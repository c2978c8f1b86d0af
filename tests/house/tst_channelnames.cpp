#include "tests/house/channelnames.h"
#include "tests/house/sourcetree.h"
#include "tests/support/testmain.h"

#include <QHash>
#include <QTest>

using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// What belongs to one platform is said by its adapter: rooms that serve all of them name none, so that another one needs no change there.
class ChannelNamesTest : public QObject {
    Q_OBJECT
private slots:
    void knowsTheEnum()
    {
        QVERIFY(m_names.names().size() >= 7);
        QVERIFY(m_names.names().contains(u"Tiktok"_s) && m_names.names().contains(u"Line"_s));
    }

    void seesAName_data()
    {
        QTest::addColumn<QString>("source");
        QTest::addColumn<bool>("found");
        const auto row = [](const char *source, bool found) { QTest::newRow(source) << QString::fromLatin1(source) << found; };
        row("if (channel == Channel::Telegram)", true);
        row("case Channel::Line: return 1;", true);
        row("Channel channel{};", false);
        row("Channel::fromName(x)", false);
        row("u\"whatsapp:\"_s", true);
        row("\"x-twilio-signature\"", true);
        row("\"x-line-signature\"", true);
        row("\"/webhooks/line/{channel_id}\"", true);
        row("u\"LINE can't deliver\"_s", true);
        row("u\"ANTIPHON_LINE_API\"_s", false);       // that is told by the enum's name beside it
        row("u\"another line\"_s", false);
        row("name == \"line\"_L1", true);
        row("u\"https://www.tiktok.com/@_\"_s", true);
        row("\"tiktok.signature_tolerance_s\"", true);
        row("// WhatsApp does \"so\"\n", false);
        row("/* Channel::Line\n \"TikTok\" */ int x;", false);
        row("const char *url = \"https://example.com\"; // \"TikTok\"", false);
        row("#include \"core/channels/tiktok/tiktokadapter.h\"", false);
        row("R\"({\"channel\":\"messenger\"})\"", true);
        row("u'\"'; int telegram = 0; u'\"';", false);
        row("\"a \\\" quote\"; Channel::Instagram", true);
        row("\"messengers\"", false);
    }

    void seesAName()
    {
        QFETCH(QString, source);
        QTEST(!m_names.placesIn(source).isEmpty(), "found");
    }

    void saysWhere()
    {
        QCOMPARE(m_names.placesIn(u"int a;\n\nreturn Channel::Twilio;\n"_s), QStringList{u"3: Channel::Twilio"_s});
    }

    void roomsOfAllChannelsNameNone()
    {
        QStringList found;
        QStringList unused = allowed().keys();
        for (const QString &path : sources()) {
            const QStringList places = m_names.placesIn(QString::fromUtf8(SourceTree::read(path)));
            if (places.isEmpty())
                continue;
            if (allowed().contains(path))
                unused.removeAll(path);
            else
                found.append(path + u":"_s + places.join(u", "_s));
        }
        QVERIFY2(found.isEmpty(), qPrintable(u"\n  "_s + found.join(u"\n  "_s)));
        QVERIFY2(unused.isEmpty(), qPrintable(u"allowed, and not needed any more: "_s + unused.join(u", "_s)));
    }

private:
    /// Who may, and why.
    static const QHash<QString, QString> &allowed()
    {
        static const QHash<QString, QString> files{
            {u"core/domain/channel.cpp"_s, u"the names of the enum"_s},
            {u"app/host/serverhost.cpp"_s, u"variables for a platform's second address"_s},
            {u"app/host/servermodule.cpp"_s, u"a setting that has had this name from the start"_s},
            {u"app/host/demorun.cpp"_s, u"the simulated platforms of the demo"_s},
        };
        return files;
    }

    /// Everything but the platforms' own folders (with what several share), the simulated ones and the looks in the window.
    static QStringList sources()
    {
        const QStringList suffixes{u".h"_s, u".cpp"_s};
        QStringList found = SourceTree::files(u"core"_s, suffixes) + SourceTree::files(u"app"_s, suffixes);
        found.removeIf([](const QString &path) {
            return (path.startsWith("core/channels/"_L1) && path.count(u'/') > 2) || path.startsWith("app/demo/"_L1);
        });
        return found;
    }

    const ChannelNames m_names{QString::fromUtf8(SourceTree::read(u"core/domain/channel.h"_s))};
};

ANTIPHON_TEST(ChannelNamesTest)
#include "tst_channelnames.moc"
