#include "tests/faults/faults.h"
#include "tests/flows/rawdesk.h"
#include "tests/support/testmain.h"

#include <QCryptographicHash>
#include <QDir>
#include <QDirIterator>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRandomGenerator>
#include <QTest>

#include <csignal>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// Bytes of the workspace's files change behind the server's back. It says so at its start, or where the bytes are read; it never shows less without a word.
class Damage : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        test::TiktokWorld world;
        QCOMPARE(world.startConnected(), QString());
        test::WebhookClient client(world.server().intakePort());
        for (int i = 0; i < 240; ++i) {
            const QString id = test::WebhookClient::newId();
            QCOMPARE(client.post(id, u"cnv-%1"_s.arg(i % 12)).status, 200);
            m_messages.append(id);
            if (i == 150)
                QTest::qWait(1500);                          // idle: the log goes into the database
        }
        QTRY_COMPARE_WITH_TIMEOUT(world.stat(u"pending"_s), 0, 30'000);
        m_file = QByteArray(70'000, 'x');
        const auto uploaded = test::http("POST", world.server().desk(u"/api/v1/attachments"_s), m_file,
                                         {{"Authorization", world.server().bearer()}, {"Content-Type", "text/plain"}, {"X-File-Name", "notes.txt"}});
        QCOMPARE(uploaded.status, 201);
        m_fileUrl = QJsonDocument::fromJson(uploaded.body).object().value(u"url"_s).toString();
        QVERIFY(!m_fileUrl.isEmpty());
        world.server().signal(SIGSTOP);                      // as a crash leaves it, with its log
        copy(world.server().dataDir(), m_crashed.path());
        world.server().signal(SIGCONT);
        QVERIFY(QFileInfo(m_crashed.filePath(u"antiphon.db-wal"_s)).size() > 100'000);
        QCOMPARE(world.server().terminate(), 0);
        copy(world.server().dataDir(), m_stopped.path());
    }

    void theDatabase() { damage(u"antiphon.db"_s, m_stopped.path(), test::times(6, 250)); }
    void theDatabaseAfterACrash() { damage(u"antiphon.db"_s, m_crashed.path(), test::times(3, 250)); }
    void theLog() { damage(u"antiphon.db-wal"_s, m_crashed.path(), test::times(5, 300)); }
    void theSearchIndex() { damage(u"search.db"_s, m_stopped.path(), test::times(3, 150)); }
    void aFile() { damage(u"blobs"_s, m_stopped.path(), test::times(2, 50)); }

private:
    enum class Verdict { RefusedAtStart, SaidOnRead, Whole };

    static void copy(const QString &from, const QString &to)
    {
        QDirIterator files(from, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            const QString target = to + path.mid(from.size());
            QDir().mkpath(QFileInfo(target).path());
            QFile::remove(target);
            QFile::copy(path, target);
        }
    }

    /// Between one byte and a page of a random place gets other bytes.
    static void scribble(const QString &path)
    {
        QFile file(path);
        if (!file.open(QIODevice::ReadWrite) || file.size() == 0)
            return;
        auto *random = QRandomGenerator::global();
        const qint64 length = std::min<qint64>(file.size(), QList<qint64>{1, 16, 512, 4096}.at(random->bounded(4)));
        const qint64 at = qint64(random->generateDouble() * double(file.size() - length + 1));
        file.seek(at);
        QByteArray bytes = file.read(length);
        for (char &byte : bytes)
            byte = char(byte ^ char(1 + random->bounded(255)));
        file.seek(at);
        file.write(bytes);
    }

    QString fileIn(const QString &folder) const
    {
        const QString hex = QString::fromLatin1(QCryptographicHash::hash(m_file, QCryptographicHash::Sha256).toHex());
        return u"%1/blobs/%2/%3/%4"_s.arg(folder, hex.left(2), hex.mid(2, 2), hex);
    }

    void damage(const QString &what, const QString &base, int rounds)
    {
        int counts[3] = {0, 0, 0};
        for (int round = 0; round < rounds; ++round) {
            test::ServerProcess server;
            copy(base, server.dataDir());
            scribble(what == u"blobs"_s ? fileIn(server.dataDir()) : server.dataDir() + u'/' + what);
            const Verdict verdict = judged(server);
            if (QTest::currentTestFailed())
                return;
            ++counts[int(verdict)];
        }
        qInfo("%s changed %d times: %d refused at the start, %d said on reading, %d times all was there", qPrintable(what), rounds, counts[0], counts[1], counts[2]);
    }

    Verdict judged(test::ServerProcess &server)
    {
        if (!server.start(20'000)) {
            [&] {
                QVERIFY(server.waitForExit(10'000));
                QCOMPARE(server.exitCode(), 1);
                QVERIFY2(server.standardError().contains(u"is damaged"_s) && server.standardError().contains(u"antiphon.db"_s), qPrintable(server.standardError()));
                QVERIFY2(server.standardError().contains(u"copy"_s), qPrintable(server.standardError()));
            }();
            return Verdict::RefusedAtStart;
        }
        bool isSaid = false;
        lists(server, &isSaid);
        if (!QTest::currentTestFailed())
            search(server, &isSaid);
        if (!QTest::currentTestFailed())
            file(server, &isSaid);
        if (server.terminate() != 0)
            isSaid = true;                                   // a checkpoint of damaged bytes may take its time; the log says so
        return isSaid ? Verdict::SaidOnRead : Verdict::Whole;
    }

    /// All twelve conversations with all their messages, or an error.
    void lists(test::ServerProcess &server, bool *isSaid)
    {
        test::RawDesk desk(server.deskPort());
        const QJsonObject opened = desk.open(server.token());
        if (opened.contains(u"error"_s)) {
            *isSaid = true;
            return;
        }
        const QJsonObject listed = desk.call(u"conversations.list"_s, {{u"limit"_s, 200}});
        if (!listed.contains(u"result"_s)) {
            *isSaid = true;
            return;
        }
        const QJsonArray items = listed.value(u"result"_s).toObject().value(u"items"_s).toArray();
        int messages = 0;
        for (const QJsonValue &item : items) {
            const QJsonObject page = desk.call(u"messages.list"_s, {{u"conversation_id"_s, item.toObject().value(u"id"_s)}, {u"limit"_s, 200}});
            if (!page.contains(u"result"_s)) {
                *isSaid = true;
                return;
            }
            messages += int(page.value(u"result"_s).toObject().value(u"items"_s).toArray().size());
        }
        QCOMPARE(items.size(), 12);
        QVERIFY2(messages >= m_messages.size() - 1, qPrintable(u"%1 of %2 messages, and not a word"_s.arg(messages).arg(m_messages.size())));
    }

    /// Found, or said to be incomplete, and complete in the end.
    void search(test::ServerProcess &server, bool *isSaid)
    {
        test::RawDesk desk(server.deskPort());
        desk.open(server.token());
        bool isComplete = false;
        qsizetype found = 0;
        QElapsedTimer timer;
        timer.start();
        while (!isComplete && timer.elapsed() < 15'000) {
            const QJsonObject answer = desk.call(u"search"_s, {{u"query"_s, u"hello"_s}, {u"kinds"_s, QJsonArray{u"message"_s}}, {u"limit"_s, 200}});
            const QJsonObject result = answer.value(u"result"_s).toObject();
            isComplete = result.value(u"complete"_s).toBool();
            found = result.value(u"items"_s).toArray().size();
            if (!isComplete) {
                *isSaid = true;
                QTest::qWait(50);
            }
        }
        if (!*isSaid || isComplete)
            QCOMPARE(found, 200);
    }

    void file(test::ServerProcess &server, bool *isSaid)
    {
        const auto answer = test::http("GET", server.desk(m_fileUrl), {}, {{"Authorization", server.bearer()}});
        if (answer.status == 200 && answer.body.size() == m_file.size())
            QCOMPARE(answer.body, m_file);
        else
            *isSaid = true;
    }

    QTemporaryDir m_stopped;
    QTemporaryDir m_crashed;
    QStringList m_messages;
    QByteArray m_file;
    QString m_fileUrl;
};

ANTIPHON_TEST(Damage)
#include "tst_damage.moc"
