#include "core/store/connection.h"
#include "core/store/walcheck.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

/// A log that ends is not one that was changed.
class WalCheckTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        const QString path = m_folder->filePath(u"a.db"_s);
        auto connection = Connection::open(path, Connection::Mode::Write, Milliseconds(1000));
        QVERIFY(connection);
        QVERIFY((*connection)->execute(u"CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)"_s));
        for (int i = 0; i < 20; ++i)
            QVERIFY((*connection)->query(u"INSERT INTO t (text) VALUES (:text)"_s).bind(":text"_L1, QString(3000, QChar(u'a' + i))).exec());
        m_wal = m_folder->filePath(u"copy-wal"_s);
        QFile::remove(m_wal);
        QVERIFY(QFile::copy(path + u"-wal"_s, m_wal));
        m_frames = (QFileInfo(m_wal).size() - kHeader) / kFrame;
        QVERIFY(m_frames > 20);
    }

    void whatSqliteWroteIsSound() { QVERIFY(walcheck::check(m_wal)); }

    void noLogAndAnEmptyOneAreSound()
    {
        QVERIFY(walcheck::check(m_folder->filePath(u"none"_s)));
        QVERIFY(QFile::resize(m_wal, 0));
        QVERIFY(walcheck::check(m_wal));
    }

    void aLogThatIsCutOffAnywhereIsSound()
    {
        for (qint64 size = QFileInfo(m_wal).size(); size > kHeader; size -= 1500) {
            QVERIFY(QFile::resize(m_wal, size));
            QVERIFY2(walcheck::check(m_wal), qPrintable(QString::number(size)));
        }
    }

    void aTornLastTransactionIsSound()
    {
        change(kHeader + (m_frames - 1) * kFrame + 700);
        QVERIFY(walcheck::check(m_wal));
    }

    void aChangedByteBeforeOthersIsDamage_data()
    {
        QTest::addColumn<qint64>("at");
        QTest::newRow("magic") << qint64(1);
        QTest::newRow("salt of the head") << qint64(18);
        QTest::newRow("checksum of the head") << qint64(30);
        QTest::newRow("page number of the first frame") << kHeader + 2;
        QTest::newRow("content of the first frame") << kHeader + 24 + 100;
        QTest::newRow("salt of a frame") << kHeader + 5 * kFrame + 10;
        QTest::newRow("checksum of a frame") << kHeader + 5 * kFrame + 20;
        QTest::newRow("content in the middle") << kHeader + 9 * kFrame + 2000;
    }

    void aChangedByteBeforeOthersIsDamage()
    {
        QFETCH(qint64, at);
        change(at);
        const auto checked = walcheck::check(m_wal);
        QVERIFY(!checked);
        QVERIFY2(checked.error().detail.contains(m_wal), qPrintable(checked.error().detail));
    }

    /// A commit that failed leaves its frames; a shorter one is written over their beginning.
    void whatAFailedCommitLeftBehindIsSound()
    {
        QFile file(m_wal);
        QVERIFY(file.open(QIODevice::ReadWrite));
        const QByteArray all = file.readAll();
        // The frames from the 10th on come again behind the 4th: none of them fits there, one transaction of them is a chain.
        const QByteArray left = all.mid(kHeader + (m_frames - 1) * kFrame, kFrame);
        file.resize(kHeader + 4 * kFrame);
        file.seek(file.size());
        file.write(left);
        file.close();
        QVERIFY(walcheck::check(m_wal));
    }

private:
    static constexpr qint64 kHeader = 32;
    static constexpr qint64 kFrame = 24 + 4096;

    void change(qint64 at)
    {
        QFile file(m_wal);
        QVERIFY(file.open(QIODevice::ReadWrite));
        file.seek(at);
        const char was = file.read(1).at(0);
        file.seek(at);
        file.write(QByteArray(1, char(was ^ 0x55)));
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_wal;
    qint64 m_frames = 0;
};

ANTIPHON_TEST(WalCheckTest)
#include "tst_walcheck.moc"
