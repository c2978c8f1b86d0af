#include "tests/faults/faults.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// Whoever started the server doesn't read what it says on standard error, and the pipe is full: it works all the same, and its file has every line.
class UnreadLog : public QObject {
    Q_OBJECT
private slots:
    void aFullPipeStopsNothing()
    {
        QTemporaryDir work;
        const QByteArray pipe = QFile::encodeName(work.filePath(u"pipe"_s));
        QCOMPARE(::mkfifo(pipe.constData(), 0600), 0);
        const int unread = ::open(pipe.constData(), O_RDWR | O_NONBLOCK);
        QVERIFY(unread >= 0);
        const QByteArray filling(4096, '.');
        while (::write(unread, filling.constData(), size_t(filling.size())) > 0) { }
        QFile wrapper(work.filePath(u"wrapper"_s));
        QVERIFY(wrapper.open(QIODevice::WriteOnly));
        wrapper.write("#!/bin/sh\nexec \"" ANTIPHON_SERVER_PROGRAM "\" \"$@\" 2>\"" + pipe + "\"\n");
        wrapper.close();
        QVERIFY(wrapper.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner));

        test::ServerProcess server;
        server.setProgram(wrapper.fileName());
        QVERIFY(server.start(20'000));
        QCOMPARE(test::http("GET", server.intake(u"/healthz"_s)).status, 200);
        QCOMPARE(server.terminate(), 0);
        QFile log(server.dataDir() + u"/antiphon.log"_s);
        QVERIFY(log.open(QIODevice::ReadOnly));
        QVERIFY(log.readAll().contains("the database has shape"));
        ::close(unread);
    }
};

ANTIPHON_TEST(UnreadLog)
#include "tst_unreadlog.moc"
