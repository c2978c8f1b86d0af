#include "core/store/database.h"
#include "tests/faults/diskreplay.h"
#include "tests/faults/faults.h"
#include "tests/support/testmain.h"

#include <QCryptographicHash>
#include <QDir>
#include <QTest>

#include <atomic>
#include <mutex>
#include <thread>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// The power fails at any moment: what the server did to its disk is recorded, and cut off around every sync and between.
class PowerLoss : public QObject {
    Q_OBJECT
private slots:
    void nothingAcknowledgedIsLost()
    {
        QTemporaryDir work;
        const QString trace = work.filePath(u"trace"_s);
        record(trace);
        test::DiskReplay disk;
        QCOMPARE(disk.load(trace), QString());
        QList<qint64> points = chosen(disk);
        qInfo("%lld bytes of trace, %lld syncs' edges, %lld cut points, %lld acknowledged, %lld files", disk.length(), qlonglong(disk.syncPoints().size()),
              qlonglong(points.size()), qlonglong(m_acknowledged.size()), qlonglong(m_uploads.size()));
        QVERIFY(m_acknowledged.size() > 100);
        const QString image = work.filePath(u"image"_s);
        int started = 0;
        for (qsizetype i = 0; i < points.size(); ++i) {
            disk.advanceTo(points.at(i), m_random);
            const double survives = QList<double>{0, 0.1, 0.5, 0.9, 1}.at(m_random.bounded(5));
            QCOMPARE(disk.cut(image, survives, m_random), QString());
            const QByteArray where = QByteArray::number(i) + " at " + QByteArray::number(points.at(i));
            checkFiles(image, points.at(i), where);
            if (QTest::currentTestFailed())
                return;
            if (i % 25 == 24) {
                startOn(image, where);
                ++started;
            } else {
                openOn(image, points.at(i), where);
            }
            if (QTest::currentTestFailed())
                return;
            checkStored(image, points.at(i), where);
            if (QTest::currentTestFailed())
                return;
        }
        qInfo("%lld cut points, %d of them with a whole server on them", qlonglong(points.size()), started);
    }

private:
    struct Acknowledged {
        qint64 position = 0;
        QString id{};
    };
    struct Upload {
        qint64 position = 0;
        QByteArray bytes{};
    };

    /// Webhooks by four clients and uploads beside them, with pauses in which the log is put into the database.
    void record(const QString &trace)
    {
        test::FaultWorld world;
        QCOMPARE(world.start(trace), QString());
        m_token = world.server().token();
        m_ready = world.layer->position;
        const int bursts = test::times(3, 12);
        for (int burst = 0; burst < bursts; ++burst) {
            std::atomic<bool> stops{false};
            std::vector<std::thread> clients;
            for (int c = 0; c < 4; ++c) {
                clients.emplace_back([&, c] {
                    test::WebhookClient client(world.server().intakePort());
                    while (!stops) {
                        const QString id = test::WebhookClient::newId();
                        if (client.post(id, u"cnv-%1"_s.arg(c)).status != 200)
                            continue;
                        const qint64 position = world.layer->position;
                        const std::lock_guard lock(m_mutex);
                        m_acknowledged.append({position, id});
                    }
                });
            }
            const QByteArray bytes(20'000 + burst, char('a' + burst % 26));
            const auto answer = test::http("POST", world.server().desk(u"/api/v1/attachments"_s), bytes,
                                           {{"Authorization", world.server().bearer()}, {"Content-Type", "text/plain"}, {"X-File-Name", "notes.txt"}});
            if (answer.status == 201)
                m_uploads.append({world.layer->position, bytes});
            QTest::qWait(250);
            stops = true;
            for (std::thread &client : clients)
                client.join();
            QTest::qWait(1300);                              // idle: the log goes into the database
        }
        QCOMPARE(m_uploads.size(), bursts);
        world.server().kill();
    }

    QList<qint64> chosen(const test::DiskReplay &disk)
    {
        const int wanted = test::times(60, 1000);
        QList<qint64> points;
        const QList<qint64> syncs = disk.syncPoints();
        for (int i = 0; i < wanted; ++i) {
            // Two of three at the edges of syncs, where most is at stake; the rest anywhere.
            points.append(i % 3 < 2 ? syncs.at(m_random.bounded(syncs.size())) : qint64(m_random.generateDouble() * double(disk.length())));
        }
        points.append(disk.length());
        std::sort(points.begin(), points.end());
        return points;
    }

    void openOn(const QString &image, qint64 position, const QByteArray &where)
    {
        if (position < m_ready && !QFile::exists(image + u"/antiphon.db"_s))
            return;
        SystemClock clock;
        const auto opened = Database::open({.path = image + u"/antiphon.db"_s}, clock);
        QVERIFY2(opened, qPrintable(QString::fromLatin1(where) + u": "_s + (opened ? QString() : describe(opened.error()))));
        (*opened)->close();
    }

    void startOn(const QString &image, const QByteArray &where)
    {
        test::ServerProcess server;
        server.setFolder(image);
        QVERIFY2(server.start(20'000), (where + ": " + server.standardError().toUtf8()).constData());
        QCOMPARE(server.terminate(), 0);
    }

    /// What is beside the database: without the token nobody gets in, without the key no secret is read.
    void checkFiles(const QString &image, qint64 position, const QByteArray &where)
    {
        if (position < m_ready)
            return;
        QFile token(image + u"/token"_s);
        QVERIFY2(token.open(QIODevice::ReadOnly), where.constData());
        QCOMPARE(QString::fromLatin1(token.readAll().trimmed()), m_token);
        QFile key(image + u"/secrets.key"_s);
        QVERIFY2(key.open(QIODevice::ReadOnly) && key.size() > 40, where.constData());
        for (const Upload &upload : std::as_const(m_uploads)) {
            if (upload.position > position)
                continue;
            const QString hex = QString::fromLatin1(QCryptographicHash::hash(upload.bytes, QCryptographicHash::Sha256).toHex());
            QFile blob(u"%1/blobs/%2/%3/%4"_s.arg(image, hex.left(2), hex.mid(2, 2), hex));
            QVERIFY2(blob.open(QIODevice::ReadOnly), (where + ": an uploaded file is gone").constData());
            QCOMPARE(blob.readAll(), upload.bytes);
        }
    }

    void checkStored(const QString &image, qint64 position, const QByteArray &where)
    {
        QStringList due;
        for (const Acknowledged &acknowledged : std::as_const(m_acknowledged)) {
            if (acknowledged.position <= position)
                due.append(acknowledged.id);
        }
        if (due.isEmpty())
            return;
        const test::Stored stored = test::stored(image);
        QString missing;
        QVERIFY2(!stored.lacks(due, &missing), (where + ": " + missing.toLatin1() + " is missing; " + stored.error.toUtf8()).constData());
        QVERIFY2(stored.integrity == u"ok"_s, (where + ": " + stored.integrity.toUtf8()).constData());
        QCOMPARE(stored.doubled(), 0);
    }

    QRandomGenerator m_random{QRandomGenerator::securelySeeded()};
    std::mutex m_mutex;
    QList<Acknowledged> m_acknowledged;
    QList<Upload> m_uploads;
    QString m_token;
    qint64 m_ready = 0;
};

ANTIPHON_TEST(PowerLoss)
#include "tst_powerloss.moc"
