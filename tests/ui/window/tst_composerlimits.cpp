#include "tests/support/testmain.h"
#include "ui/composer/composerstate.h"
#include "ui/composer/imagepreparer.h"
#include "ui/models/errortext.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using Unit = ComposerLimits::Unit;

/// What inboxes say of their channels: units, kinds of files, templates.
class ComposerLimitsTest : public QObject {
    Q_OBJECT
private slots:
    void readsTheInboxsOwnLimits();
    void countsInTheChannelsUnit_data();
    void countsInTheChannelsUnit();
    void splitsByTheChannelsUnit();
    void refusesBytesOverTheLimitAndOffersToSplit();
    void takesTextAndSeveralFilesTogetherWhereTheChannelDoes();
    void offersOnlyTemplatesWhereTheWindowIsClosed();
    void isOffWhereAnotherProgramHasTheThread();
    void takesTheKindsOfFilesThatTheChannelTakes_data();
    void takesTheKindsOfFilesThatTheChannelTakes();
};

void ComposerLimitsTest::readsTheInboxsOwnLimits()
{
    const Inbox inbox{.channel = Channel::Instagram,
                      .limits = {{u"text_limit"_s, 1000}, {u"text_unit"_s, u"bytes"_s}, {u"attachments"_s, 10}, {u"mimes"_s, QJsonArray{u"image/jpeg"_s}},
                                 {u"attachment_bytes"_s, 25'000'000}, {u"bytes_by_mime"_s, QJsonObject{{u"image/jpeg"_s, 8'000'000}}}, {u"templates"_s, true}}};
    const ComposerLimits limits = composerLimits(inbox);
    QCOMPARE(limits.text, 1000);
    QCOMPARE(limits.unit, Unit::Bytes);
    QCOMPARE(limits.attachments, 10);
    QCOMPARE(limits.bytesFor(u"image/jpeg"_s), 8'000'000);
    QCOMPARE(limits.bytesFor(u"video/mp4"_s), 25'000'000);
    QVERIFY(limits.hasTemplates);
    QCOMPARE(composerLimits(Inbox{.channel = Channel::Whatsapp, .limits = {{u"text_limit"_s, 4096}, {u"text_unit"_s, u"code_points"_s}}}).unit, Unit::CodePoints);
    QVERIFY(!composerLimits(Channel::Tiktok).hasTemplates);
}

void ComposerLimitsTest::countsInTheChannelsUnit_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("utf16");
    QTest::addColumn<int>("codePoints");
    QTest::addColumn<int>("bytes");
    QTest::newRow("plain") << u"abc"_s << 3 << 3 << 3;
    QTest::newRow("accent") << u"é"_s << 1 << 1 << 2;
    QTest::newRow("emoji") << u"😀"_s << 2 << 1 << 4;
    QTest::newRow("Arabic") << u"مرحبا"_s << 5 << 5 << 10;
}

void ComposerLimitsTest::countsInTheChannelsUnit()
{
    QFETCH(QString, text);
    QFETCH(int, utf16);
    QCOMPARE(textLength(text, Unit::Utf16), utf16);
    QFETCH(int, codePoints);
    QFETCH(int, bytes);
    QCOMPARE(textLength(text, Unit::CodePoints), codePoints);
    QCOMPARE(textLength(text, Unit::Bytes), bytes);
}

void ComposerLimitsTest::splitsByTheChannelsUnit()
{
    const QString text = u"Größe zwölf 😀😀😀 und mehr Wörter für später"_s.repeated(20);
    for (const Unit unit : {Unit::Utf16, Unit::CodePoints, Unit::Bytes}) {
        const QStringList pieces = splitText(text, 40, unit);
        QVERIFY(pieces.size() > 10);
        for (const QString &piece : pieces) {
            QVERIFY2(textLength(piece, unit) <= 40, qPrintable(piece));
            QVERIFY(!piece.isEmpty() && !piece.front().isLowSurrogate() && !piece.back().isHighSurrogate());
        }
        QCOMPARE(pieces.join(QString()).remove(u' '), QString(text).remove(u' '));     // nothing is lost
    }
    QCOMPARE(splitText(u"😀😀😀"_s, 4, Unit::Bytes).size(), 3);
    QCOMPARE(splitText(u"😀"_s, 1, Unit::Bytes).isEmpty(), false);                      // it ends, whatever the limit
}

void ComposerLimitsTest::refusesBytesOverTheLimitAndOffersToSplit()
{
    const ComposerLimits limits{.text = 1000, .unit = Unit::Bytes};
    QVERIFY(sendPlan(QString(1000, u'a'), 0, false, limits).reason.isEmpty());
    QVERIFY(sendPlan(QString(500, u'é'), 0, false, limits).reason.isEmpty());
    const SendPlan plan = sendPlan(QString(501, u'é'), 0, false, limits);
    QCOMPARE(plan.over, 2);
    QCOMPARE(plan.messages, 2);
    QVERIFY(plan.reason.contains(u"byte"_s));
    QVERIFY(sendPlan(QString(5000, u'é'), 0, true, limits).reason.isEmpty());           // a note isn't sent
}

void ComposerLimitsTest::takesTextAndSeveralFilesTogetherWhereTheChannelDoes()
{
    const ComposerLimits limits{.text = 4096, .attachments = 10, .textWithAttachment = true};
    QCOMPARE(sendPlan(u"here"_s, 10, false, limits).messages, 1);
    QCOMPARE(sendPlan(u"here"_s, 11, false, limits).messages, 2);
}

void ComposerLimitsTest::offersOnlyTemplatesWhereTheWindowIsClosed()
{
    const Timestamp now = fromUnixMs(1'763'373'900'000);
    const Inbox whatsapp{.channel = Channel::Whatsapp, .limits = {{u"templates"_s, true}}};
    Conversation conversation{.contact = {.name = u"Kofi"_s}};
    conversation.replyWindow = ReplyWindow{.rule = u"whatsapp_24h"_s, .isOpen = false, .closesAt = now - 1h};
    ComposerState state = composerState(conversation, &whatsapp, now);
    QVERIFY(state.onlyTemplates && !state.mustBeNote && state.replyReason.isEmpty());
    QVERIFY(!state.attachReason.isEmpty() && !state.placeholder.isEmpty());
    conversation.replyWindow->closesAt.reset();                                         // never wrote
    QVERIFY(composerState(conversation, &whatsapp, now).onlyTemplates);
    conversation.replyWindow->closesAt = now + 1h;
    QVERIFY(!composerState(conversation, &whatsapp, now).onlyTemplates);
    const Inbox off{.channel = Channel::Whatsapp, .state = Inbox::State::Disabled};
    conversation.replyWindow->closesAt = now - 1h;
    state = composerState(conversation, &off, now);
    QVERIFY(!state.onlyTemplates && state.mustBeNote);
    const Inbox instagram{.channel = Channel::Instagram};
    state = composerState(conversation, &instagram, now);
    QVERIFY(!state.onlyTemplates && state.mustBeNote);
}

void ComposerLimitsTest::isOffWhereAnotherProgramHasTheThread()
{
    const Timestamp now = fromUnixMs(1'763'373'900'000);
    const Inbox page{.channel = Channel::Messenger};
    Conversation conversation{};
    conversation.replyWindow = ReplyWindow{.rule = u"messenger_24h"_s, .isOpen = true, .closesAt = now + 1h};
    QVERIFY(!composerState(conversation, &page, now).mustBeNote);
    conversation.attributes = {{u"handled_elsewhere"_s, true}};
    QVERIFY(composerState(conversation, &page, now).mustBeNote);
    conversation.attributes = {{u"handled_elsewhere"_s, QJsonValue::Null}};
    QVERIFY(!composerState(conversation, &page, now).mustBeNote);
}

void ComposerLimitsTest::takesTheKindsOfFilesThatTheChannelTakes_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QStringList>("mimes");
    QTest::addColumn<QString>("mime");       // empty: refused
    QTest::addColumn<QString>("field");
    const QByteArray pdf = "%PDF-1.4\n%%EOF\n";
    QTest::newRow("document") << u"note.pdf"_s << pdf << QStringList{u"image/jpeg"_s, u"application/pdf"_s} << u"application/pdf"_s << QString();
    QTest::newRow("anything goes") << u"note.pdf"_s << pdf << QStringList() << u"application/pdf"_s << QString();
    QTest::newRow("no documents") << u"note.pdf"_s << pdf << QStringList{u"image/jpeg"_s} << QString() << u"attachment_kind"_s;
    QTest::newRow("voice") << u"note.ogg"_s << QByteArray("OggS\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\x13OpusHead\1\1", 46) << QStringList{u"audio/ogg"_s} << u"audio/ogg"_s
                           << QString();
    QTest::newRow("too large") << u"note.pdf"_s << pdf + QByteArray(3000, 'x') << QStringList{u"application/pdf"_s} << QString() << u"attachment_size"_s;
}

void ComposerLimitsTest::takesTheKindsOfFilesThatTheChannelTakes()
{
    QFETCH(QString, name);
    QFETCH(QByteArray, bytes);
    QFETCH(QStringList, mimes);
    QFETCH(QString, mime);
    QFETCH(QString, field);
    const QTemporaryDir place;
    QFile file(place.filePath(name));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
    file.close();
    const ComposerLimits limits{.attachmentMimes = mimes, .attachmentBytes = 1'000'000, .bytesByMime = {{u"application/pdf"_s, 2000}}};
    QFuture<Result<PreparedFile>> future = prepareFile(file.fileName(), limits);
    QTRY_VERIFY(future.isFinished());
    const Result<PreparedFile> prepared = future.result();
    QCOMPARE(bool(prepared), !mime.isEmpty());
    if (prepared) {
        QCOMPARE(prepared->mime, mime);
    } else {
        QCOMPARE(prepared.error().field, field);
        QVERIFY(errorText(prepared.error()) != errorText(Error{Error::Kind::Invalid}));
    }
}

ANTIPHON_TEST(ComposerLimitsTest)

} // namespace antiphon::test

#include "tst_composerlimits.moc"
