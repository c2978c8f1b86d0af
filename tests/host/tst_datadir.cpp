#include "app/host/datadir.h"
#include "tests/support/testmain.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class DataDirTest : public QObject {
    Q_OBJECT
private slots:
    void makesAPrivateFolderAndToken()
    {
        const QTemporaryDir root;
        SystemRandom random;
        const auto dir = DataDir::open(root.filePath(u"a/b"_s));
        QVERIFY(dir);
        const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
        QCOMPARE(QFileInfo((*dir)->path()).permissions() & others, QFile::Permissions());
        const auto token = (*dir)->ownerToken(random);
        QVERIFY(token && token->size() >= 43);
        QCOMPARE(QFileInfo((*dir)->file(u"token"_s)).permissions() & others, QFile::Permissions());
        QCOMPARE(*(*dir)->ownerToken(random), *token);
    }

    void anExistingFolderIsMadePrivate()
    {
        const QTemporaryDir root;
        QVERIFY(QFile::setPermissions(root.path(), QFile::Permissions(0x7755)));
        QVERIFY(DataDir::open(root.path()));
        QCOMPARE(QFileInfo(root.path()).permissions() & QFile::Permissions(0x7077), QFile::Permissions(0x7000));
    }

    void isHeldByOneAtATime()
    {
        const QTemporaryDir root;
        auto first = DataDir::open(root.path());
        QVERIFY(first);
        const auto second = DataDir::open(root.path());
        QVERIFY(!second);
        QCOMPARE(second.error().kind, Error::Kind::Unavailable);
        QVERIFY(second.error().detail.contains(u"already running"_s));
        first = Error{};
        QVERIFY(DataDir::open(root.path()));
    }

    void aFileInItsPlaceIsSaid()
    {
        const QTemporaryDir root;
        QFile file(root.filePath(u"x"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        const auto dir = DataDir::open(root.filePath(u"x"_s));
        QVERIFY(!dir);
        QCOMPARE(dir.error().kind, Error::Kind::Storage);
    }

    void aDamagedTokenIsNotReplacedSilently()
    {
        const QTemporaryDir root;
        QFile file(root.filePath(u"token"_s));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write("short\n");
        file.close();
        SystemRandom random;
        const auto dir = DataDir::open(root.path());
        QVERIFY(dir);
        QVERIFY(!(*dir)->ownerToken(random));
    }
};

ANTIPHON_TEST(DataDirTest)
#include "tst_datadir.moc"
