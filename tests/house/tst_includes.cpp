#include "tests/house/roomrules.h"
#include "tests/house/sourcetree.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QRegularExpression>
#include <QTest>

using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// Who may include whom. The first tests show that the judge sees what it should, the others put the tree before it.
class IncludesTest : public QObject {
    Q_OBJECT
private slots:
    void judgesAnInclude_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("include");
        QTest::addColumn<bool>("allowed");
        const auto row = [](const char *path, const char *include, bool allowed) {
            QTest::addRow("%s %s", path, include) << QString::fromLatin1(path) << QString::fromLatin1(include) << allowed;
        };
        row("core/domain/message.h", "\"core/base/id.h\"", true);
        row("core/domain/message.h", "\"core/domain/inbox.h\"", true);
        row("core/domain/message.h", "\"core/store/writer.h\"", false);
        row("core/base/json.cpp", "\"core/domain/message.h\"", false);
        row("core/store/database.cpp", "\"core/net/http.h\"", false);
        row("core/client/deskclient.cpp", "\"core/desk/desk.h\"", false);
        row("core/server/gate/gate.cpp", "\"core/store/writer.h\"", false);
        row("core/desk/desk.cpp", "\"ui/theme/theme.h\"", false);
        row("core/desk/desk.cpp", "\"app/host/host.h\"", false);
        row("core/desk/desk.cpp", "\"tests/support/fakeclock.h\"", false);
        row("core/desk/desk.cpp", "\"desk.h\"", false);
        row("core/desk/desk.cpp", "\"desk.moc\"", true);
        row("core/desk/desk.cpp", "\"core/telepathy/mind.h\"", false);
        row("core/telepathy/mind.cpp", "\"core/base/id.h\"", false);
        row("core/loose.cpp", "<QString>", false);
        row("core/channels/tiktok/tiktokadapter.cpp", "\"core/net/http.h\"", true);
        row("core/channels/tiktok/tiktokadapter.cpp", "\"core/net/httpclient.h\"", false);
        row("core/channels/tiktok/tiktokadapter.cpp", "\"core/channels/tiktok/tiktokevents.h\"", true);
        row("core/channels/tiktok/tiktokadapter.cpp", "\"core/channels/line/lineadapter.h\"", false);
        row("core/channels/whatsapp/whatsappadapter.cpp", "\"core/channels/meta/graph.h\"", true);
        row("core/channels/channelregistry.cpp", "\"core/channels/line/lineadapter.h\"", true);
        row("core/intake/splitter.cpp", "\"core/channels/tiktok/tiktokadapter.h\"", false);
        row("ui/models/messages.h", "\"core/client/deskclient.h\"", true);
        row("ui/models/messages.h", "\"ui/theme/theme.h\"", true);
        row("ui/models/messages.h", "\"core/store/database.h\"", false);
        row("ui/models/messages.h", "\"core/desk/sessiontransport.h\"", false);
        row("app/antiphon/main.cpp", "\"core/server/deskserver.h\"", true);
        row("core/base/clock.h", "<QObject>", true);
        row("core/base/clock.h", "<chrono>", true);
        row("core/base/clock.h", "<sys/random.h>", true);
        row("core/net/imageinfo.cpp", "<QImage>", false);
        row("core/client/deskclient.cpp", "<QApplication>", false);
        row("core/net/httpclient.cpp", "<QNetworkReply>", true);
        row("core/channels/webhook.cpp", "<QNetworkReply>", false);
        row("core/store/database.cpp", "<QSqlQuery>", true);
        row("core/desk/desk.cpp", "<QSqlQuery>", false);
        row("core/server/intakeserver.cpp", "<QHttpServer>", true);
        row("core/intake/journal.cpp", "<QHttpServer>", false);
        row("core/net/http.h", "<QtGlobal>", true);
        row("core/net/http.h", "<QtNetwork>", false);
        row("core/net/http.h", "<QtNetwork/QNetworkReply>", false);
        row("core/secrets/filesecretstore.cpp", "<openssl/evp.h>", true);
        row("core/store/database.cpp", "<sqlite3.h>", true);
        row("core/intake/journal.cpp", "<sqlite3.h>", false);
        row("core/accounts/oauthstate.cpp", "<jwt.h>", true);
        row("core/channels/webhook.cpp", "<jwt.h>", false);
        row("core/channels/telegram/telegrammarkup.cpp", "<cmark-gfm.h>", true);
        row("core/outbox/sendrun.cpp", "<cmark-gfm.h>", false);
        row("core/base/json.cpp", "<nlohmann/json.hpp>", false);
        row("ui/theme/icons.cpp", "<QSvgRenderer>", true);
        row("ui/theme/icons.cpp", "<QSqlDatabase>", false);
    }

    void judgesAnInclude()
    {
        QFETCH(QString, path);
        QFETCH(QString, include);
        const QStringList complaints = m_rules.judgeSource(path, u"#pragma once\n\n#include "_s + include + u'\n');
        QTEST(complaints.isEmpty(), "allowed");
    }

    void judgesALinkedLibrary_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QString>("text");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("as the table says") << u"core/net/CMakeLists.txt"_s
                                           << u"antiphon_room(net ROOMS base LIBRARIES Qt6::Network OpenSSL::Crypto SOURCES http.h)"_s << true;
        QTest::newRow("another room") << u"core/net/CMakeLists.txt"_s << u"antiphon_room(net ROOMS base store SOURCES http.h)"_s << false;
        QTest::newRow("another module") << u"core/net/CMakeLists.txt"_s << u"antiphon_room(net ROOMS base LIBRARIES Qt6::Gui)"_s << false;
        QTest::newRow("another library") << u"core/net/CMakeLists.txt"_s << u"antiphon_room(net LIBRARIES SQLite::SQLite3)"_s << false;
        QTest::newRow("around the function") << u"core/net/CMakeLists.txt"_s
                                             << u"antiphon_room(net ROOMS base)\ntarget_link_libraries(antiphon-net PUBLIC antiphon-store)"_s
                                             << false;
        QTest::newRow("another name") << u"core/net/CMakeLists.txt"_s << u"antiphon_room(network ROOMS base)"_s << false;
        QTest::newRow("only a comment") << u"core/net/CMakeLists.txt"_s << u"# not Qt6::Gui\nantiphon_room(net ROOMS base)"_s << true;
        QTest::newRow("window on the client") << u"ui/models/CMakeLists.txt"_s << u"antiphon_room(models ROOMS client theme)"_s << true;
        QTest::newRow("window on the store") << u"ui/models/CMakeLists.txt"_s << u"antiphon_room(models ROOMS store)"_s << false;
    }

    void judgesALinkedLibrary()
    {
        QFETCH(QString, path);
        QFETCH(QString, text);
        QTEST(m_rules.judgeBuild(path, text).isEmpty(), "allowed");
    }

    void everySourceKeepsTheTable()
    {
        const QStringList sources = sourcesOfRooms();
        QVERIFY(sources.size() > 10);
        QStringList complaints;
        for (const QString &path : sources)
            complaints += m_rules.judgeSource(path, QString::fromUtf8(SourceTree::read(path)));
        QVERIFY2(complaints.isEmpty(), qPrintable(u"\n  "_s + complaints.join(u"\n  "_s)));
    }

    void everyRoomLinksOnlyWhatItMayAndAllItIncludes()
    {
        QStringList complaints;
        for (const QString &room : RoomRules::roomNames()) {
            const QString folder = room == "ui"_L1 ? room : u"core/"_s + room;
            QSet<QString> linked;
            for (const QString &path : SourceTree::files(folder, {u"CMakeLists.txt"_s})) {
                const QString text = QString::fromUtf8(SourceTree::read(path));
                complaints += m_rules.judgeBuild(path, text);
                linked += RoomRules::linkedRooms(text);
            }
            // A room's libraries are passed on to who links it, so what a linked room may link counts as linked.
            QSet<QString> reached = linked;
            for (const QString &other : RoomRules::roomNames()) {
                for (const QString &direct : std::as_const(linked)) {
                    if (RoomRules::mayInclude(direct, other))
                        reached.insert(other);
                }
            }
            for (const QString &path : SourceTree::files(folder, {u".h"_s, u".cpp"_s})) {
                for (const QString &other : RoomRules::includedRooms(path, QString::fromUtf8(SourceTree::read(path)))) {
                    if (reached.contains(other))
                        continue;
                    reached.insert(other);   // told once
                    complaints.append(path + u": includes "_s + other + u", which the room doesn't link"_s);
                }
            }
        }
        QVERIFY2(complaints.isEmpty(), qPrintable(u"\n  "_s + complaints.join(u"\n  "_s)));
    }

    void everyFolderOfTheCoreIsARoom()
    {
        const QStringList folders = QDir(SourceTree::absolute(u"core"_s)).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
        for (const QString &folder : folders)
            QVERIFY2(RoomRules::roomNames().contains(folder), qPrintable(folder));
    }

    void theMapTellsEveryRoom()
    {
        const QString map = QString::fromUtf8(SourceTree::read(u"core/README.md"_s));
        for (const QString &room : RoomRules::roomNames()) {
            const QRegularExpression line(u"^\\| `%1` \\| ([^|]*) \\|"_s.arg(room), QRegularExpression::MultilineOption);
            const auto match = line.match(map);
            QVERIFY2(match.hasMatch(), qPrintable(room + u" has no line in core/README.md"_s));
            for (const QString &other : RoomRules::roomNames()) {
                const bool told = QRegularExpression(u"\\b%1\\b"_s.arg(other)).match(match.captured(1)).hasMatch();
                QVERIFY2(told == (other != room && RoomRules::mayInclude(room, other)),
                         qPrintable(u"core/README.md, line %1, word %2"_s.arg(room, other)));
            }
        }
    }

private:
    static QStringList sourcesOfRooms()
    {
        const QStringList suffixes{u".h"_s, u".cpp"_s};
        return SourceTree::files(u"core"_s, suffixes) + SourceTree::files(u"ui"_s, suffixes) + SourceTree::files(u"app"_s, suffixes);
    }

    RoomRules m_rules{QStringLiteral(ANTIPHON_QT_INCLUDES)};
};

ANTIPHON_TEST(IncludesTest)
#include "tst_includes.moc"
