#include "app/host/showrequest.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <thread>

using namespace antiphon;
using namespace Qt::StringLiterals;

class ShowRequestTest : public QObject {
    Q_OBJECT
private slots:
    void asksTheRunningOne_data()
    {
        QTest::addColumn<QString>("sub");
        QTest::newRow("short path") << QString();
        QTest::newRow("path too long for a socket") << QString(120, u'd');
    }

    void asksTheRunningOne()
    {
        QFETCH(QString, sub);
        const QTemporaryDir root;
        const QString folder = sub.isEmpty() ? root.path() : root.filePath(sub);
        QVERIFY(QDir().mkpath(folder));
        ShowRequest running(folder);
        QVERIFY(running.listen());
        QSignalSpy requested(&running, &ShowRequest::requested);
        bool sent = false;
        std::thread second([&] { sent = ShowRequest::send(folder); });
        QTRY_COMPARE(requested.count(), 1);
        second.join();
        QVERIFY(sent);
    }

    void saysSoWhereNobodyIs()
    {
        const QTemporaryDir root;
        QVERIFY(!ShowRequest::send(root.path()));
    }
};

ANTIPHON_TEST(ShowRequestTest)
#include "tst_showrequest.moc"
