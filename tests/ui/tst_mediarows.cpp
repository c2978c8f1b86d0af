#include "tests/support/fakeclock.h"
#include "tests/support/testmain.h"
#include "tests/ui/metascene.h"
#include "tests/ui/scene.h"
#include "ui/conversationview/bubbles/rowlayout.h"
#include "ui/conversationview/conversationview.h"
#include "ui/conversationview/videoviewer.h"
#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"
#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QMenu>
#include <QSignalSpy>
#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

QStringList textsOf(const RowGeometry &row)
{
    QStringList texts;
    for (const TextBlock &block : row.texts)
        texts.append(block.layout->text());
    return texts;
}

const HitArea *hitOf(const RowGeometry &row, HitAction action)
{
    const auto it = std::find_if(row.hits.begin(), row.hits.end(), [action](const HitArea &hit) { return hit.action == action; });
    return it == row.hits.end() ? nullptr : &*it;
}

Message carrying(const Attachment &file)
{
    Message message = incoming(1, {});
    message.attachments << file;
    return message;
}

/// The view with some rows, and a desk that hands out `bytes` as every file.
struct Scene {
    Theme theme{};
    FakeClock clock{kNow};
    MessageListModel model{[](ConversationId, const MessageAnchor &, int) { return readyFuture(Result<MessagePage>(MessagePage{})); }};
    ConversationView view{model, nullptr, theme, clock};
    QByteArray bytes{};
    QStringList fetched{};

    explicit Scene(const QList<Message> &rows)
    {
        view.resize(600, 700);
        view.setTraits({.channel = Channel::Whatsapp, .contactName = u"Kofi Adjanor"_s, .canReact = true});
        view.setMediaFetch([this](const QString &url, const QString &path) {
            fetched.append(url);
            QFile file(path);
            if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
                return readyFuture(Result<void>(Error{Error::Kind::Storage, u"no file"_s}));
            return readyFuture(bytes.isEmpty() ? Result<void>(Error{Error::Kind::NotFound, u"gone"_s}) : Result<void>());
        });
        model.setPage(ConversationId(1), {.items = rows});
        view.show();
    }

    void press(int row, HitAction action)
    {
        const auto shape = view.geometry(row);
        const HitArea *hit = hitOf(*shape, action);
        QVERIFY(hit);
        view.activate(row, *hit);
    }
};

} // namespace

/// Sounds, films, files, places, cards, stories: what stands in a row, and what a click does there.
class MediaRowsTest : public QObject {
    Q_OBJECT
private slots:
    void everyRowFitsItsWidth_data();
    void everyRowFitsItsWidth();
    void aSoundHasItsPartsBesideEachOther();
    void nothingIsMadeForSoundBeforePlayIsPressed();
    void aSoundThatCannotBeFetchedSaysSoAndOffersToSave();
    void aSoundThatCannotBeDecodedSaysSo();
    void oneSoundEndsWhereAnotherBegins();
    void theRateGoesRound();
    void aFilmOpensAWindowThatSaysWhatIsWrong();
    void aFileNamesItsType();
    void aPlaceOpensAMap();
    void aCardGivesItsNumber();
    void aStoryIsNamedAndMayHaveExpired();
    void aLostFileSaysWhy_data();
    void aLostFileSaysWhy();
    void aDoubtfulFileSaysSoAndIsThere_data();
    void aDoubtfulFileSaysSoAndIsThere();
    void aVideoShowsItsNameLengthAndSize();
    void numbersOfACardAreWrittenAsPeopleDo();
    void anAdStandsBeforeItsMessage();
    void aForwardedMessageSaysSo();
    void ourOwnReactionIsTakenBackByItsChip();
    void playTimesAreShort();
};

void MediaRowsTest::everyRowFitsItsWidth_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<bool>("isMirrored");
    for (const int width : {260, 320, 480, 900}) {
        QTest::addRow("%d", width) << width << false;
        QTest::addRow("%d mirrored", width) << width << true;
    }
}

void MediaRowsTest::everyRowFitsItsWidth()
{
    QFETCH(int, width);
    QFETCH(bool, isMirrored);
    const Theme theme;
    for (const Message &message : whatsappStory() + instagramStory()) {
        const RowGeometry row = layoutRow(message, {.isRightToLeft = isMirrored}, {.channel = Channel::Whatsapp, .canReact = true}, theme, width);
        const QRect room(0, 0, width, row.height);
        for (const Shape &shape : row.shapes)
            QVERIFY2(room.contains(shape.rect), qPrintable(message.id.toString()));
        for (const MediaBox &box : row.media)
            QVERIFY2(room.contains(box.rect), qPrintable(message.id.toString()));
        for (const TextBlock &text : row.texts)
            QVERIFY2(room.contains(text.rect), qPrintable(message.id.toString() + u": "_s + text.layout->text()));
        for (const SoundBox &sound : row.sounds) {
            for (const QRect &part : {sound.button, sound.bar, sound.time, sound.rate})
                QVERIFY2(room.contains(part), qPrintable(message.id.toString()));
        }
    }
}

void MediaRowsTest::aSoundHasItsPartsBesideEachOther()
{
    const Theme theme;
    Attachment voice = attachment(1, Attachment::Kind::Audio);
    voice.durationMs = 17'000;
    const RowGeometry row = layoutRow(carrying(voice), {}, {}, theme, 600);
    QCOMPARE(row.sounds.size(), 1);
    const SoundBox &sound = row.sounds.first();
    QCOMPARE(sound.durationMs, 17'000);
    QVERIFY(sound.button.right() < sound.bar.left() && sound.bar.right() < sound.time.left() && sound.time.right() < sound.rate.left());
    QVERIFY(row.bubble.contains(sound.button) && row.bubble.contains(sound.rate));
    voice.state = Attachment::State::Pending;
    QVERIFY(layoutRow(carrying(voice), {}, {}, theme, 600).sounds.isEmpty());
}

void MediaRowsTest::nothingIsMadeForSoundBeforePlayIsPressed()
{
    Scene scene({carrying(attachment(1, Attachment::Kind::Audio))});
    QVERIFY(!scene.view.sounds().hasPlayer());
    QVERIFY(scene.fetched.isEmpty());
    scene.press(0, HitAction::ChangeRate);
    QVERIFY(!scene.view.sounds().hasPlayer());
}

void MediaRowsTest::aSoundThatCannotBeFetchedSaysSoAndOffersToSave()
{
    Scene scene({carrying(attachment(1, Attachment::Kind::Audio))});
    scene.press(0, HitAction::PlaySound);
    QTRY_VERIFY(hitOf(*scene.view.geometry(0), HitAction::SaveFile));
    QVERIFY(textsOf(*scene.view.geometry(0)).contains(u"It is no longer there."_s));
    QVERIFY(!scene.view.sounds().hasPlayer());
    QSignalSpy saved(&scene.view, &ConversationView::saveRequested);
    scene.press(0, HitAction::SaveFile);
    QCOMPARE(saved.size(), 1);
}

void MediaRowsTest::aSoundThatCannotBeDecodedSaysSo()
{
    Scene scene({carrying(attachment(1, Attachment::Kind::Audio))});
    scene.bytes = "this is no sound at all";
    scene.press(0, HitAction::PlaySound);
    QTRY_VERIFY_WITH_TIMEOUT(textsOf(*scene.view.geometry(0)).contains(u"This computer can't play this kind of file."_s), 20'000);
    QVERIFY(!scene.view.sounds().hasPlayer());
}

void MediaRowsTest::oneSoundEndsWhereAnotherBegins()
{
    Scene scene({carrying(attachment(1, Attachment::Kind::Audio)), carrying(attachment(2, Attachment::Kind::Audio))});
    scene.bytes = "this is no sound at all";
    scene.press(0, HitAction::PlaySound);
    scene.press(1, HitAction::PlaySound);
    QCOMPARE(scene.view.sounds().current(), u"/api/v1/attachments/2"_s);
    QCOMPARE(scene.view.sounds().status(u"/api/v1/attachments/1"_s).state, VoicePlayer::State::Idle);
    scene.view.setUnreadAtOpening(0);                        // another conversation is opened
    QVERIFY(!scene.view.sounds().hasPlayer());
    QVERIFY(scene.view.sounds().current().isEmpty());
}

void MediaRowsTest::theRateGoesRound()
{
    VoicePlayer player;
    QList<double> rates;
    for (int i = 0; i < 4; ++i) {
        rates.append(player.status(u"x"_s).rate);
        player.changeRate(u"x"_s);
    }
    QCOMPARE(rates, (QList<double>{1.0, 1.5, 2.0, 1.0}));
}

void MediaRowsTest::aFilmOpensAWindowThatSaysWhatIsWrong()
{
    Scene scene({carrying(attachment(1, Attachment::Kind::Video))});
    scene.bytes = "this is no film at all";
    QCOMPARE(scene.view.geometry(0)->media.size(), 1);
    QVERIFY(scene.view.geometry(0)->media.first().isVideo);
    scene.press(0, HitAction::OpenVideo);
    auto *viewer = scene.view.window()->findChild<VideoViewer *>();
    QVERIFY(viewer);
    QTRY_VERIFY_WITH_TIMEOUT(!viewer->problem().isEmpty(), 20'000);
    QSignalSpy saved(&scene.view, &ConversationView::saveRequested);
    for (QAbstractButton *button : viewer->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && button->text() == u"Save …"_s)
            button->click();
    }
    QCOMPARE(saved.size(), 1);
    viewer->close();
}

void MediaRowsTest::aFileNamesItsType()
{
    const Theme theme;
    Attachment file = attachment(1, Attachment::Kind::File);
    QVERIFY(textsOf(layoutRow(carrying(file), {}, {}, theme, 600)).contains(u"PDF"_s));
    file.name = u"no type"_s;
    const RowGeometry plain = layoutRow(carrying(file), {}, {}, theme, 600);
    QVERIFY(std::any_of(plain.icons.begin(), plain.icons.end(), [](const IconBox &icon) { return icon.icon == "file"_L1; }));
    QVERIFY(hitOf(plain, HitAction::SaveFile));
}

void MediaRowsTest::aPlaceOpensAMap()
{
    const Theme theme;
    const Message place = whatsappStory().at(5);
    const RowGeometry row = layoutRow(place, {}, {}, theme, 600);
    const QStringList texts = textsOf(row);
    QVERIFY(texts.contains(u"Café Adjanor"_s) && texts.contains(u"Kasernenstraße 12, Basel"_s) && texts.contains(u"47.56187, 7.59074"_s));
    const HitArea *hit = hitOf(row, HitAction::OpenMap);
    QVERIFY(hit);
    QVERIFY(hit->argument.startsWith(u"https://www.openstreetmap.org/"_s));
}

void MediaRowsTest::aCardGivesItsNumber()
{
    const Message card = whatsappStory().at(6);
    Scene scene({card});
    QVERIFY(textsOf(*scene.view.geometry(0)).contains(u"Ama Adjanor"_s));
    scene.press(0, HitAction::CopyText);
    QCOMPARE(QGuiApplication::clipboard()->text(), u"+41 61 555 01 00"_s);
}

void MediaRowsTest::aStoryIsNamedAndMayHaveExpired()
{
    const Theme theme;
    const QList<Message> rows = instagramStory();
    const RowGeometry reply = layoutRow(rows.at(0), {}, {.channel = Channel::Instagram}, theme, 600);
    QVERIFY(textsOf(reply).contains(u"Replied to your story"_s));
    const auto words = std::find_if(reply.texts.begin(), reply.texts.end(), [](const TextBlock &block) { return block.isSelectable; });
    QVERIFY(reply.media.first().rect.bottom() < words->rect.top());            // the story first, what is said of it below
    const RowGeometry mention = layoutRow(rows.at(1), {}, {.channel = Channel::Instagram}, theme, 600);
    QVERIFY(textsOf(mention).contains(u"Mentioned you in a story"_s));
    QVERIFY(textsOf(mention).contains(u"The story is no longer available"_s));
    QVERIFY(mention.media.isEmpty());
    QCOMPARE(messagePreview(rows.at(1), Channel::Instagram).text, u"Mentioned you in a story"_s);
}

void MediaRowsTest::aLostFileSaysWhy_data()
{
    QTest::addColumn<QString>("error");
    QTest::addColumn<QString>("words");
    QTest::newRow("too large") << u"too_large"_s << u"The file is too large to be fetched"_s;
    QTest::newRow("refused") << u"refused"_s << u"The platform does not hand the file over"_s;
    QTest::newRow("expired") << u"expired"_s << u"It has expired at the platform"_s;
    QTest::newRow("unavailable") << u"unavailable"_s << u"The file is not available"_s;
    QTest::newRow("unknown") << u"something new"_s << u"The file is not available"_s;
}

void MediaRowsTest::aLostFileSaysWhy()
{
    QFETCH(QString, error);
    QFETCH(QString, words);
    const Theme theme;
    for (const Attachment::Kind kind : {Attachment::Kind::Image, Attachment::Kind::Video, Attachment::Kind::Audio, Attachment::Kind::File}) {
        Attachment file = attachment(1, kind);
        file.state = Attachment::State::Failed;
        file.error = error;
        const RowGeometry row = layoutRow(carrying(file), {}, {}, theme, 600);
        QVERIFY(textsOf(row).contains(words));
        QVERIFY(!hitOf(row, HitAction::SaveFile) && !hitOf(row, HitAction::PlaySound) && !hitOf(row, HitAction::OpenVideo));
    }
}

void MediaRowsTest::aDoubtfulFileSaysSoAndIsThere_data()
{
    QTest::addColumn<Attachment::Kind>("kind");
    QTest::addColumn<HitAction>("action");
    QTest::newRow("picture") << Attachment::Kind::Image << HitAction::OpenImage;
    QTest::newRow("video") << Attachment::Kind::Video << HitAction::OpenVideo;
    QTest::newRow("sound") << Attachment::Kind::Audio << HitAction::PlaySound;
    QTest::newRow("file") << Attachment::Kind::File << HitAction::SaveFile;
}

void MediaRowsTest::aDoubtfulFileSaysSoAndIsThere()
{
    QFETCH(Attachment::Kind, kind);
    QFETCH(HitAction, action);
    const Theme theme;
    Attachment file = attachment(1, kind);
    QVERIFY(attachmentDoubt(file).isEmpty());
    file.error = u"corrupt"_s;
    const RowGeometry row = layoutRow(carrying(file), {}, {}, theme, 600);
    QVERIFY(textsOf(row).contains(attachmentDoubt(file)));
    QVERIFY(attachmentDoubt(file).contains(u"damaged"_s));
    QVERIFY(hitOf(row, action));
    QVERIFY(attachmentProblem(file).isEmpty());
    file.error = u"odd_colour"_s;
    QVERIFY(attachmentDoubt(file).contains(u"odd colour"_s));
}

void MediaRowsTest::aVideoShowsItsNameLengthAndSize()
{
    const Theme theme;
    Attachment film = attachment(1, Attachment::Kind::Video);
    film.name = u"packing the bowls.mp4"_s;
    film.durationMs = 42'000;
    film.size = 4'700'000;
    const RowGeometry row = layoutRow(carrying(film), {}, {}, theme, 600);
    QVERIFY(textsOf(row).contains(u"packing the bowls.mp4"_s));
    QVERIFY(textsOf(row).filter(u"0:42"_s).value(0).contains(u"MB"_s));
    QVERIFY(row.media.first().isVideo);
    QVERIFY(row.bubble.contains(row.media.first().rect));
    film.state = Attachment::State::Pending;
    const RowGeometry coming = layoutRow(carrying(film), {}, {}, theme, 600);
    QVERIFY(!coming.media.first().isVideo);                               // nothing to play yet
    QVERIFY(!hitOf(coming, HitAction::OpenVideo));
    QCOMPARE(coming.height, row.height);                                  // and nothing moves once it is there
}

void MediaRowsTest::numbersOfACardAreWrittenAsPeopleDo()
{
    const Theme theme;
    Attachment card = attachment(1, Attachment::Kind::Contact);
    card.title = u"Ama Adjanor"_s;
    card.name = u"+41615550100\n12 rue du Lac"_s;
    const RowGeometry row = layoutRow(carrying(card), {}, {}, theme, 600);
    QVERIFY(textsOf(row).contains(u"+41 61 555 01 00"_s));
    QVERIFY(textsOf(row).contains(u"12 rue du Lac"_s));
}

void MediaRowsTest::anAdStandsBeforeItsMessage()
{
    const Theme theme;
    const RowGeometry row = layoutRow(whatsappStory().at(0), {}, {}, theme, 600);
    const HitArea *link = hitOf(row, HitAction::OpenLink);
    QVERIFY(link);
    QCOMPARE(link->argument, u"https://fb.me/2kilnAd"_s);
    QVERIFY(link->rect.bottom() < row.bubble.top());
    QVERIFY(referralText({{u"headline"_s, u"Stoneware"_s}}).contains(u"Stoneware"_s));
    QCOMPARE(referralText({{u"ad_id"_s, u"1"_s}}), u"Came by an ad"_s);
    QCOMPARE(referralText({}), QString());
    Message trick = incoming(1, u"x"_s);
    trick.referral = {{u"headline"_s, u"x"_s}, {u"url"_s, u"javascript:alert(1)"_s}};
    QVERIFY(!hitOf(layoutRow(trick, {}, {}, theme, 600), HitAction::OpenLink));
}

void MediaRowsTest::aForwardedMessageSaysSo()
{
    const Theme theme;
    Message message = incoming(1, u"look"_s);
    QVERIFY(!textsOf(layoutRow(message, {}, {}, theme, 600)).contains(u"Forwarded"_s));
    message.isForwarded = true;
    QVERIFY(textsOf(layoutRow(message, {}, {}, theme, 600)).contains(u"Forwarded"_s));
}

void MediaRowsTest::ourOwnReactionIsTakenBackByItsChip()
{
    Message message = incoming(1, u"Thank you"_s);
    message.reactions << Reaction{.emoji = u"👍"_s, .sender = {.type = Sender::Type::Agent, .id = u"1"_s, .name = u"Ines"_s}};
    message.reactions << Reaction{.emoji = u"🎉"_s, .sender = {.type = Sender::Type::Contact, .id = u"2"_s, .name = u"Kofi"_s}};
    QVERIFY(hasOwnReaction(message));
    Scene scene({message});
    QSignalSpy reacted(&scene.view, &ConversationView::reactionRequested);
    const auto shape = scene.view.geometry(0);
    QCOMPARE(std::count_if(shape->hits.begin(), shape->hits.end(), [](const HitArea &hit) { return hit.action == HitAction::React; }), 1);
    scene.press(0, HitAction::React);
    QCOMPARE(reacted.size(), 1);
    message.reactions.removeFirst();
    QVERIFY(!hasOwnReaction(message));
    QVERIFY(rowActions(message).react);
    message.isDeleted = true;
    QVERIFY(!rowActions(message).react);
}

void MediaRowsTest::playTimesAreShort()
{
    QCOMPARE(playTime(0), u"0:00"_s);
    QCOMPARE(playTime(-5), u"0:00"_s);
    QCOMPARE(playTime(7'999), u"0:07"_s);
    QCOMPARE(playTime(754'000), u"12:34"_s);
    QCOMPARE(playTime(3'723'000), u"1:02:03"_s);
}

ANTIPHON_TEST(MediaRowsTest)

} // namespace antiphon::test

#include "tst_mediarows.moc"
