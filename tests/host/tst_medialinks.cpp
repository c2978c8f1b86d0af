#include "app/host/medialinks.h"

#include "app/host/blobfilestore.h"
#include "app/host/preview.h"
#include "core/store/inboxrepository.h"
#include "core/store/messagerepository.h"
#include "tests/support/fakerandom.h"
#include "tests/support/temporarystore.h"
#include "tests/support/testmain.h"

#include <QBuffer>
#include <QColor>
#include <QImage>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class MediaLinksTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_store = std::make_unique<TemporaryStore>();
        m_folder = std::make_unique<QTemporaryDir>();
        m_files = std::make_unique<FilesThread>(BlobStore::inFolder(m_folder->path()));
        m_address = u"https://desk.example"_s;
        const auto inbox = m_store->write<InboxId>([](WriteTransaction &tx) {
            return inboxes::insert(tx, {.channel = Channel::Line, .name = u"Shop"_s, .externalId = u"2000000001"_s});
        });
        QVERIFY(inbox);
        m_store->run(u"INSERT INTO contact (id, name, created_at) VALUES (1, 'Mira', 1);"
                     "INSERT INTO contact_inbox (id, inbox_id, contact_id, source_id, created_at) VALUES (1, 1, 1, 'U1', 1);"
                     "INSERT INTO conversation (id, inbox_id, contact_id, contact_inbox_id, status, last_activity_at, created_at) VALUES (1, 1, 1, 1, 'open', 1, 1)"_s);
        const auto made = m_store->write<MessageId>([](WriteTransaction &tx) -> Result<MessageId> {
            const auto id = messages::insert(tx, {.conversationId = ConversationId(1), .inboxId = InboxId(1), .direction = Message::Direction::Outgoing,
                                                  .createdAt = tx.now(), .receivedAt = tx.now()});
            return id ? Result<MessageId>(**id) : Result<MessageId>(id.error());
        });
        QVERIFY(made);
        m_message = *made;
        makeLinks();
    }
    void cleanup()
    {
        m_fileStore.reset();
        m_links.reset();
        m_files.reset();
        m_store.reset();
    }

    void isKnownForAQuarterOfAnHour()
    {
        const auto links = make({file(std::chrono::minutes(15)), file(std::chrono::minutes(15))});
        QVERIFY(links && links->size() == 2);
        QVERIFY(links->at(0).file != links->at(1).file);       // whoever knows the one doesn't know the other
        QVERIFY(links->at(0).file.toString().startsWith(u"https://desk.example/media/"_s));
        QVERIFY(links->at(0).preview.isEmpty());
        const QByteArray token = tokenOf(links->at(0).file);
        QVERIFY(token.size() >= 22);                           // 128 random bits
        const auto found = find(token);
        QVERIFY(found);
        QCOMPARE(found->name, u"süß.png"_s);
        QCOMPARE(found->size, 7);
        QVERIFY(!find(token + 'x'));
        QVERIFY(!find({}));
        QCOMPARE(m_store->integer(u"SELECT count(*) FROM media_link"_s), 0);
        m_store->clock().advance(std::chrono::minutes(14));
        QVERIFY(find(token));
        m_store->clock().advance(std::chrono::minutes(1));
        QVERIFY(!find(token));
    }

    void whatIsFetchedLaterOutlivesARestart()
    {
        const auto links = make({file(std::chrono::hours(30 * 24))});
        QVERIFY(links);
        const QByteArray token = tokenOf(links->constFirst().file);
        makeLinks();
        m_store->clock().advance(std::chrono::hours(30 * 24) - std::chrono::minutes(1));
        const auto found = find(token);
        QVERIFY(found);
        QCOMPARE(found->sha256, QByteArray("a"));
        m_store->clock().advance(std::chrono::minutes(1));
        QVERIFY(!find(token));
        QVERIFY(make({file(std::chrono::hours(24))}));
        QCOMPARE(m_store->integer(u"SELECT count(*) FROM media_link"_s), 1);      // the one that is over went
    }

    void endsWithItsMessage()
    {
        const auto links = make({file(std::chrono::hours(24))});
        QVERIFY(find(tokenOf(links->constFirst().file)));
        m_store->run(u"UPDATE message SET deleted = TRUE"_s);
        QVERIFY(!find(tokenOf(links->constFirst().file)));
    }

    void needsAPublicAddress()
    {
        m_address.clear();
        const auto none = make({file(std::chrono::minutes(15))});
        QVERIFY(!none);
        QCOMPARE(none.error().kind, Error::Kind::Unavailable);
        m_address = u"https://desk.example"_s;
        QVERIFY(make({file(std::chrono::minutes(15))}));
    }

    void theStoreGivesTheFileUnderItsToken()
    {
        const QByteArray sha = stored("0123456789");
        const auto links = make({{.sha256 = sha, .name = u"a.txt"_s, .mime = u"text/plain"_s, .size = 10, .message = m_message, .life = std::chrono::minutes(15)}});
        const auto source = open(tokenOf(links->constFirst().file));
        QVERIFY(source);
        QCOMPARE(source->fileName(), u"a.txt"_s);
        QCOMPARE(source->mimeType(), QByteArray("text/plain"));
        QCOMPARE(source->size(), 10);
        QCOMPARE(read(source, 3, 4), QByteArray("3456"));
        std::optional<Error> error;
        m_fileStore->openMedia("unknown", [&error](const Result<std::shared_ptr<FileSource>> &opened) { error = opened ? std::optional<Error>() : opened.error(); });
        QTRY_VERIFY(error.has_value());
        QCOMPARE(error->kind, Error::Kind::NotFound);
    }

    void aPictureGoesWithASmallOne_data()
    {
        QTest::addColumn<bool>("isKept");
        QTest::newRow("for minutes") << false;
        QTest::newRow("for days") << true;
    }

    void aPictureGoesWithASmallOne()
    {
        QFETCH(bool, isKept);
        const QByteArray picture = png(QSize(900, 300), Qt::red);
        LinkedFile file{.sha256 = stored(picture), .name = u"a.png"_s, .mime = u"image/png"_s, .size = picture.size(), .message = m_message, .needsPreview = true};
        file.life = isKept ? std::chrono::minutes(std::chrono::hours(30 * 24)) : std::chrono::minutes(15);
        const auto links = make({file});
        QVERIFY(links && links->constFirst().preview.isValid());
        const auto source = open(tokenOf(links->constFirst().preview));
        QVERIFY(source);
        QCOMPARE(source->mimeType(), QByteArray("image/jpeg"));
        const QImage image = QImage::fromData(read(source, 0, source->size()), "JPEG");
        QCOMPARE(image.size(), QSize(240, 80));
        QVERIFY(image.pixelColor(120, 40).red() > 200 && image.pixelColor(120, 40).blue() < 60);
    }

    void aLostFileIsNotWaitedFor()
    {
        LinkedFile lost = file(std::chrono::minutes(15));
        lost.sha256 = QByteArray(32, 'x');
        lost.needsPreview = true;
        const auto links = make({lost});
        QVERIFY(!links);
        QVERIFY(links.error().kind != Error::Kind::Unavailable);
    }

    void smallPicturesAreSmallWhateverTheyWereMadeOf()
    {
        const auto sizeOf = [](const QByteArray &bytes) { return QImage::fromData(bytes, "JPEG").size(); };
        QCOMPARE(sizeOf(smallPicture(png(QSize(100, 50), Qt::green))), QSize(100, 50));       // never larger than it was
        QCOMPARE(sizeOf(smallPicture(png(QSize(10, 4000), Qt::green))).height(), 240);
        QCOMPARE(sizeOf(smallPicture("no picture")), QSize(240, 135));
        QCOMPARE(sizeOf(smallPicture(png(QSize(900, 900), Qt::green).first(200))), QSize(240, 135));
        QCOMPARE(sizeOf(videoTile()), QSize(240, 135));
        const QImage clear = QImage::fromData(smallPicture(png(QSize(50, 50), Qt::transparent)), "JPEG");
        QVERIFY(clear.pixelColor(25, 25).lightness() > 250);      // on white, not on black
        QVERIFY(smallPicture(png(QSize(3000, 2000), Qt::blue)).size() < 100'000);
    }

private:
    static QByteArray png(QSize size, const QColor &color)
    {
        QImage image(size, QImage::Format_ARGB32);
        image.fill(color);
        QByteArray bytes;
        QBuffer buffer(&bytes);
        buffer.open(QIODevice::WriteOnly);
        image.save(&buffer, "PNG");
        return bytes;
    }
    static QByteArray tokenOf(const QUrl &link) { return link.fileName().toLatin1(); }

    LinkedFile file(std::chrono::seconds life) const
    {
        return {.sha256 = "a", .name = u"süß.png"_s, .mime = u"image/png"_s, .size = 7, .message = m_message, .life = life};
    }
    void makeLinks()
    {
        m_fileStore.reset();
        m_links = std::make_unique<MediaLinks>(MediaLinks::Surroundings{.database = m_store->database(),
                                                                        .files = *m_files,
                                                                        .clock = m_store->clock(),
                                                                        .random = m_random,
                                                                        .mailbox = m_mailbox,
                                                                        .publicUrl = [this] { return m_address; }});
        m_fileStore = std::make_unique<BlobFileStore>(m_store->database(), *m_files, *m_links, m_mailbox);
    }
    Result<QList<FileLink>> make(const QList<LinkedFile> &files)
    {
        std::optional<Result<QList<FileLink>>> made;
        m_links->make(files, [&made](const Result<QList<FileLink>> &links) { made = links; });
        return TemporaryStore::waitFor([&made] { return made.has_value(); }) ? *made : Result<QList<FileLink>>(Error{Error::Kind::Timeout});
    }
    std::optional<medialinks::Row> find(const QByteArray &token)
    {
        std::optional<Result<std::optional<medialinks::Row>>> found;
        m_links->find(token, [&found](const Result<std::optional<medialinks::Row>> &row) { found = row; });
        const bool isAnswered = TemporaryStore::waitFor([&found] { return found.has_value(); });
        return isAnswered && *found ? **found : std::nullopt;
    }
    QByteArray stored(const QByteArray &content)
    {
        QByteArray sha;
        std::optional<Result<bool>> written;
        m_files->run<bool>(
            [&sha, content](BlobStore &blobs) -> Result<bool> {
                auto writer = blobs.create();
                if (!writer || !(*writer)->append(content))
                    return Error{Error::Kind::Storage};
                const auto finished = (*writer)->finish();
                if (finished)
                    sha = *finished;
                return bool(finished);
            },
            m_mailbox, [&written](const Result<bool> &done) { written = done; });
        return TemporaryStore::waitFor([&written] { return written.has_value(); }) ? sha : QByteArray();
    }
    std::shared_ptr<FileSource> open(const QByteArray &token)
    {
        std::shared_ptr<FileSource> source;
        m_fileStore->openMedia(token, [&source](const Result<std::shared_ptr<FileSource>> &opened) { source = opened ? *opened : nullptr; });
        return TemporaryStore::waitFor([&source] { return source != nullptr; }) ? source : nullptr;
    }
    static QByteArray read(const std::shared_ptr<FileSource> &source, qint64 offset, qint64 length)
    {
        std::optional<QByteArray> piece;
        source->read(offset, length, [&piece](const Result<QByteArray> &bytes) { piece = bytes ? *bytes : QByteArray("?"); });
        return TemporaryStore::waitFor([&piece] { return piece.has_value(); }) ? *piece : QByteArray();
    }

    std::unique_ptr<TemporaryStore> m_store;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<FilesThread> m_files;
    std::unique_ptr<MediaLinks> m_links;
    std::unique_ptr<BlobFileStore> m_fileStore;
    FakeRandom m_random;
    Mailbox m_mailbox;
    QString m_address;
    MessageId m_message;
};

ANTIPHON_TEST(MediaLinksTest)
#include "tst_medialinks.moc"
