#include "app/host/blobfilestore.h"

#include "core/base/json.h"
#include "tests/support/fakerandom.h"
#include "tests/support/temporarystore.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class BlobFileStoreTest : public QObject {
    Q_OBJECT
private slots:
    void anUploadIsWhatItsBytesAre_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("claimed");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("mime");
        QTest::addColumn<QString>("kind");
        const QString word = u"application/vnd.openxmlformats-officedocument.wordprocessingml.document"_s;
        QTest::newRow("a picture, whatever it is called") << QByteArray("\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\2\0\0\0\3", 24) << QByteArray("text/plain") << u"a.txt"_s
                                                          << u"image/png"_s << u"image"_s;
        QTest::newRow("no picture, whatever it is called") << QByteArray("hello") << QByteArray("image/png") << u"a.png"_s << u"application/octet-stream"_s << u"file"_s;
        QTest::newRow("a document, as its sender says") << QByteArray("PK\3\4....") << word.toLatin1() << u"a"_s << word << u"file"_s;
        QTest::newRow("a document, as it is called") << QByteArray("PK\3\4....") << QByteArray("application/octet-stream") << u"a.docx"_s << word << u"file"_s;
        QTest::newRow("words") << QByteArray("a,b") << QByteArray("text/csv; charset=utf-8") << u"a"_s << u"text/csv"_s << u"file"_s;
        QTest::newRow("a page") << QByteArray("<html>") << QByteArray("text/html") << u"a.html"_s << u"application/octet-stream"_s << u"file"_s;
        QTest::newRow("an evil type") << QByteArray("a") << QByteArray("text/x\r\nSet-Cookie: a") << u"a"_s << u"application/octet-stream"_s << u"file"_s;
        QTest::newRow("nothing said") << QByteArray("\1\2") << QByteArray() << QString() << u"application/octet-stream"_s << u"file"_s;
    }

    void anUploadIsWhatItsBytesAre()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, claimed);
        QFETCH(QString, name);
        const QJsonObject made = upload(bytes, {.agent = AgentId(1), .fileName = name, .mimeType = claimed});
        QTEST(made.value("mime"_L1).toString(), "mime");
        QTEST(made.value("kind"_L1).toString(), "kind");
    }

    void aRecordingIsAVoiceNoteWithItsLength()
    {
        const QByteArray film = QByteArray("\0\0\0\x10" "ftypisom\0\0\0\0\0\0\0\x6c" "mvhd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\3\xe8\0\0\7\xd0", 44) + QByteArray(80, '\0');
        const QJsonObject voice = upload(film, {.agent = AgentId(1), .fileName = u"a.m4a"_s, .isVoice = true});
        QCOMPARE(voice.value("kind"_L1), u"audio"_s);
        QCOMPARE(voice.value("mime"_L1), u"audio/mp4"_s);
        QCOMPARE(voice.value("duration_ms"_L1).toInt(), 2000);
        QCOMPARE(m_store.integer(u"SELECT voice FROM attachment ORDER BY id DESC LIMIT 1"_s), 1);
        QCOMPARE(upload(film, {.agent = AgentId(1)}).value("kind"_L1), u"video"_s);
        QCOMPARE(m_store.integer(u"SELECT voice FROM attachment ORDER BY id DESC LIMIT 1"_s), 0);
        QCOMPARE(upload("a,b", {.agent = AgentId(1), .isVoice = true}).value("kind"_L1), u"file"_s);
        QCOMPARE(m_store.integer(u"SELECT voice FROM attachment ORDER BY id DESC LIMIT 1"_s), 0);
    }

private:
    QJsonObject upload(const QByteArray &bytes, NewAttachment attachment)
    {
        std::shared_ptr<FileSink> sink;
        m_fileStore.create([&sink](const Result<std::shared_ptr<FileSink>> &made) { sink = made ? *made : nullptr; });
        if (!TemporaryStore::waitFor([&sink] { return sink != nullptr; }))
            return {};
        sink->append(bytes, [](const Result<void> &) {});
        std::optional<QByteArray> json;
        sink->finish([&](const Result<StoredFile> &file) {
            attachment.file = file ? *file : StoredFile();
            m_fileStore.addAttachment(attachment, [&json](const Result<QByteArray> &made) { json = made ? *made : QByteArray("{}"); });
        });
        const bool isDone = TemporaryStore::waitFor([&json] { return json.has_value(); });
        const auto object = isDone ? json::parseObject(*json) : Result<QJsonObject>(QJsonObject());
        return object ? *object : QJsonObject();
    }

    TemporaryStore m_store;
    QTemporaryDir m_folder;
    FakeRandom m_random;
    Mailbox m_mailbox;
    FilesThread m_files{BlobStore::inFolder(m_folder.path())};
    MediaLinks m_links{{.database = m_store.database(),
                        .files = m_files,
                        .clock = m_store.clock(),
                        .random = m_random,
                        .mailbox = m_mailbox,
                        .publicUrl = [] { return QString(); }}};
    BlobFileStore m_fileStore{m_store.database(), m_files, m_links, m_mailbox};
};

ANTIPHON_TEST(BlobFileStoreTest)
#include "tst_blobfilestore.moc"
