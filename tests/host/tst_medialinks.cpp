#include "app/host/medialinks.h"

#include "app/host/blobfilestore.h"
#include "tests/support/fakerandom.h"
#include "tests/support/temporarystore.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class MediaLinksTest : public QObject {
    Q_OBJECT
private slots:
    void isKnownForAQuarterOfAnHour()
    {
        FakeClock clock;
        FakeRandom random;
        MediaLinks links(clock, random, [] { return u"https://desk.example"_s; });
        const auto first = links.make({.sha256 = "a", .name = u"süß.png"_s, .mime = u"image/png"_s, .size = 7});
        const auto second = links.make({.sha256 = "a"});
        QVERIFY(first && second);
        QVERIFY(*first != *second);                  // whoever knows the one doesn't know the other
        QVERIFY(first->toString().startsWith(u"https://desk.example/media/"_s));
        const QByteArray token = first->fileName().toLatin1();
        QVERIFY(token.size() >= 22);                 // 128 random bits
        const auto found = links.find(token);
        QVERIFY(found);
        QCOMPARE(found->name, u"süß.png"_s);
        QCOMPARE(found->size, 7);
        QVERIFY(!links.find(token + 'x'));
        QVERIFY(!links.find({}));
        clock.advance(std::chrono::minutes(14));
        QVERIFY(links.find(token));
        clock.advance(std::chrono::minutes(1));
        QVERIFY(!links.find(token));
    }

    void needsAPublicAddress()
    {
        FakeClock clock;
        FakeRandom random;
        QString address;
        MediaLinks links(clock, random, [&address] { return address; });
        const auto none = links.make({.sha256 = "a"});
        QVERIFY(!none);
        QCOMPARE(none.error().kind, Error::Kind::Unavailable);
        address = u"https://desk.example"_s;
        QVERIFY(links.make({.sha256 = "a"}));
    }

    void theStoreGivesTheFileUnderItsToken()
    {
        TemporaryStore store;
        QTemporaryDir folder;
        FakeRandom random;
        Mailbox mailbox;
        FilesThread files(BlobStore::inFolder(folder.path()));
        MediaLinks links(store.clock(), random, [] { return u"https://desk.example"_s; });
        BlobFileStore fileStore(store.database(), files, links, mailbox);
        QByteArray sha;
        std::optional<Result<bool>> written;
        files.run<bool>(
            [&sha](BlobStore &blobs) -> Result<bool> {
                auto writer = blobs.create();
                if (!writer || !(*writer)->append("0123456789"))
                    return Error{Error::Kind::Storage};
                const auto finished = (*writer)->finish();
                if (finished)
                    sha = *finished;
                return bool(finished);
            },
            mailbox, [&written](const Result<bool> &done) { written = done; });
        QTRY_VERIFY(written.has_value());
        const auto link = links.make({.sha256 = sha, .name = u"a.txt"_s, .mime = u"text/plain"_s, .size = 10});
        std::shared_ptr<FileSource> source;
        fileStore.openMedia(link->fileName().toLatin1(), [&source](const Result<std::shared_ptr<FileSource>> &opened) { source = opened ? *opened : nullptr; });
        QTRY_VERIFY(source);
        QCOMPARE(source->fileName(), u"a.txt"_s);
        QCOMPARE(source->mimeType(), QByteArray("text/plain"));
        QCOMPARE(source->size(), 10);
        QByteArray piece;
        source->read(3, 4, [&piece](const Result<QByteArray> &bytes) { piece = bytes ? *bytes : QByteArray("?"); });
        QTRY_COMPARE(piece, QByteArray("3456"));
        std::optional<Error> error;
        fileStore.openMedia("unknown", [&error](const Result<std::shared_ptr<FileSource>> &opened) { error = opened ? std::optional<Error>() : opened.error(); });
        QTRY_VERIFY(error.has_value());
        QCOMPARE(error->kind, Error::Kind::NotFound);
    }
};

ANTIPHON_TEST(MediaLinksTest)
#include "tst_medialinks.moc"
