#include "core/store/blobstore.h"
#include "core/store/filesthread.h"
#include "tests/support/testmain.h"

#include <QCryptographicHash>
#include <QDirIterator>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace antiphon;
using namespace Qt::StringLiterals;

class BlobStoreTest : public QObject {
    Q_OBJECT
private slots:
    void givesBackWhatWasPutByItsHash();
    void rangesEndWhereTheBlobEnds();
    void theSameBytesAreKeptOnce();
    void whatIsDroppedLeavesNothing();
    void whatACrashLeftGoesAway();
    void onlyTheOwnerMayRead();
    void removesAndForgets();
    void anUnknownOrImpossibleHashIsNotFound();
    void aFolderThatCantBeMadeIsAStorageError();
    void theFilesThreadAnswersInTheMailboxsThread();

private:
    static QStringList filesIn(const QString &folder)
    {
        QStringList files;
        for (QDirIterator it(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); it.hasNext();)
            files.append(it.next());
        return files;
    }
    static QByteArray put(BlobStore &blobs, const QList<QByteArray> &pieces)
    {
        auto writer = blobs.create();
        if (!writer)
            return {};
        for (const QByteArray &piece : pieces) {
            if (!(*writer)->append(piece))
                return {};
        }
        const auto sha256 = (*writer)->finish();
        return sha256 ? *sha256 : QByteArray();
    }
};

void BlobStoreTest::givesBackWhatWasPutByItsHash()
{
    QTemporaryDir folder;
    const auto blobs = BlobStore::inFolder(folder.filePath(u"files"_s));
    auto writer = blobs->create();
    QVERIFY(writer);
    QVERIFY((*writer)->append("hello "));
    QVERIFY((*writer)->append(QByteArray(10'000, 'x')));
    QCOMPARE((*writer)->size(), 10'006);
    QCOMPARE((*writer)->firstBytes().size(), 4096);
    QVERIFY((*writer)->firstBytes().startsWith("hello xxx"));
    const auto sha256 = (*writer)->finish();
    QVERIFY(sha256);
    const QByteArray whole = "hello " + QByteArray(10'000, 'x');
    QCOMPARE(*sha256, QCryptographicHash::hash(whole, QCryptographicHash::Sha256));
    QCOMPARE(*blobs->size(*sha256), 10'006);
    QCOMPARE(*blobs->read(*sha256, 0, 1 << 20), whole);
    const auto empty = put(*blobs, {});
    QCOMPARE(empty, QCryptographicHash::hash({}, QCryptographicHash::Sha256));
    QCOMPARE(*blobs->size(empty), 0);
}

void BlobStoreTest::rangesEndWhereTheBlobEnds()
{
    QTemporaryDir folder;
    const auto blobs = BlobStore::inFolder(folder.path());
    const QByteArray sha256 = put(*blobs, {"0123456789"});
    QCOMPARE(*blobs->read(sha256, 3, 4), "3456"_ba);
    QCOMPARE(*blobs->read(sha256, 8, 4), "89"_ba);
    QCOMPARE(*blobs->read(sha256, 10, 4), QByteArray());
    QCOMPARE(*blobs->read(sha256, 99, 4), QByteArray());
    QCOMPARE(blobs->read(sha256, -1, 4).error().kind, Error::Kind::Invalid);
}

void BlobStoreTest::theSameBytesAreKeptOnce()
{
    QTemporaryDir folder;
    const auto blobs = BlobStore::inFolder(folder.path());
    const QByteArray first = put(*blobs, {"same ", "bytes"});
    const QByteArray second = put(*blobs, {"same bytes"});
    QVERIFY(!first.isEmpty());
    QCOMPARE(first, second);
    QCOMPARE(filesIn(folder.path()).size(), 1);
}

void BlobStoreTest::whatIsDroppedLeavesNothing()
{
    QTemporaryDir folder;
    const auto blobs = BlobStore::inFolder(folder.path());
    {
        auto writer = blobs->create();
        QVERIFY((*writer)->append("half of it"));
        QCOMPARE(filesIn(folder.path()).size(), 1);
    }
    QCOMPARE(filesIn(folder.path()).size(), 0);
}

void BlobStoreTest::whatACrashLeftGoesAway()
{
    QTemporaryDir folder;
    const QByteArray kept = put(*BlobStore::inFolder(folder.path()), {"kept"});
    QFile left(folder.filePath(u"tmp/7"_s));
    QVERIFY(left.open(QIODevice::WriteOnly));
    left.write("half");
    left.close();
    const auto blobs = BlobStore::inFolder(folder.path());
    const QByteArray other = put(*blobs, {"other"});
    QCOMPARE(filesIn(folder.path()).size(), 2);
    QCOMPARE(*blobs->read(kept, 0, 10), "kept"_ba);
    QCOMPARE(*blobs->read(other, 0, 10), "other"_ba);
}

void BlobStoreTest::onlyTheOwnerMayRead()
{
    QTemporaryDir folder;
    const auto blobs = BlobStore::inFolder(folder.path());
    put(*blobs, {"private"});
    const QStringList files = filesIn(folder.path());
    QCOMPARE(files.size(), 1);
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(QFile::permissions(files.first()) & others));
    QVERIFY(!(QFile::permissions(QFileInfo(files.first()).path()) & others));
}

void BlobStoreTest::removesAndForgets()
{
    QTemporaryDir folder;
    const auto blobs = BlobStore::inFolder(folder.path());
    const QByteArray sha256 = put(*blobs, {"gone"});
    QVERIFY(blobs->remove(sha256));
    QCOMPARE(blobs->size(sha256).error().kind, Error::Kind::NotFound);
    QCOMPARE(blobs->remove(sha256).error().kind, Error::Kind::NotFound);
    QCOMPARE(put(*blobs, {"gone"}), sha256);
    QCOMPARE(*blobs->size(sha256), 4);
}

void BlobStoreTest::anUnknownOrImpossibleHashIsNotFound()
{
    QTemporaryDir folder;
    const auto blobs = BlobStore::inFolder(folder.path());
    QCOMPARE(blobs->size(QByteArray(32, '\0')).error().kind, Error::Kind::NotFound);
    QCOMPARE(blobs->read({}, 0, 1).error().kind, Error::Kind::NotFound);
    QCOMPARE(blobs->remove("../../etc").error().kind, Error::Kind::NotFound);
}

void BlobStoreTest::aFolderThatCantBeMadeIsAStorageError()
{
    QTemporaryDir folder;
    QFile file(folder.filePath(u"file"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    const auto blobs = BlobStore::inFolder(file.fileName() + u"/inside"_s);
    const auto writer = blobs->create();
    QVERIFY(!writer);
    QCOMPARE(writer.error().kind, Error::Kind::Storage);
}

void BlobStoreTest::theFilesThreadAnswersInTheMailboxsThread()
{
    QTemporaryDir folder;
    Mailbox mailbox;
    QList<QByteArray> read;
    QThread *answeredIn = nullptr;
    QThread *ranIn = nullptr;
    {
        FilesThread files(BlobStore::inFolder(folder.path()));
        for (int i = 0; i < 3; ++i) {
            files.run<QByteArray>(
                [&, i](BlobStore &blobs) -> Result<QByteArray> {
                    ranIn = QThread::currentThread();
                    return blobs.read(put(blobs, {QByteArray::number(i)}), 0, 9);
                },
                mailbox,
                [&](const Result<QByteArray> &bytes) {
                    answeredIn = QThread::currentThread();
                    read.append(bytes ? *bytes : QByteArray("failed"));
                });
        }
    }
    QTRY_COMPARE(read, (QList<QByteArray>{"0", "1", "2"}));
    QCOMPARE(answeredIn, QThread::currentThread());
    QVERIFY(ranIn != answeredIn);
}

ANTIPHON_TEST(BlobStoreTest)
#include "tst_blobstore.moc"
