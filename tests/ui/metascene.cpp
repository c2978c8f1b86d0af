#include "tests/ui/metascene.h"

#include "tests/ui/scene.h"

namespace antiphon::test {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Message with(Message message, const Attachment &file)
{
    message.attachments << file;
    return message;
}

Attachment lost(int id, Attachment::Kind kind, const QString &error)
{
    Attachment file = attachment(id, kind);
    file.state = Attachment::State::Failed;
    file.error = error;
    file.url.clear();
    return file;
}

} // namespace

QList<Message> whatsappStory()
{
    QList<Message> rows;
    int id = 2001;
    Message first = incoming(id++, u"Hello, I saw the oat jug. Is it still there?"_s, kNow - 26h);
    first.referral = {{u"source"_s, u"ad"_s}, {u"headline"_s, u"Stoneware for every day"_s}, {u"url"_s, u"https://fb.me/2kilnAd"_s}, {u"ad_id"_s, u"120"_s}};
    rows << first;
    Attachment voice = attachment(301, Attachment::Kind::Audio);
    voice.name.clear();
    voice.isVoice = true;
    voice.durationMs = 17'000;
    rows << with(incoming(id++, {}, kNow - 25h), voice);
    rows << outgoing(id++, u"Good morning Kofi! Yes, two of them. Which size?"_s, kNow - 25h + 4min, MessageStatus::Read);
    Attachment film = attachment(302, Attachment::Kind::Video);
    film.name = u"table.mp4"_s;
    film.durationMs = 42'000;
    film.size = 4'700'000;
    film.width = 720;
    film.height = 405;
    rows << with(incoming(id++, u"The one that stands here on the left."_s, kNow - 24h), film);
    Attachment sticker = attachment(303, Attachment::Kind::Sticker);
    sticker.width = 512;
    sticker.height = 512;
    Message stuck = with(incoming(id++, {}, kNow - 24h + 1min), sticker);
    stuck.contentType = Message::ContentType::Sticker;
    rows << stuck;
    Attachment place = attachment(304, Attachment::Kind::Location);
    place.name = u"Kasernenstraße 12, Basel"_s;
    place.title = u"Café Adjanor"_s;
    place.size.reset();
    place.latitude = 47.56187;
    place.longitude = 7.59074;
    Message where = with(incoming(id++, {}, kNow - 70min), place);
    where.contentType = Message::ContentType::Location;
    rows << where;
    Attachment card = attachment(305, Attachment::Kind::Contact);
    card.title = u"Ama Adjanor"_s;
    card.name = u"+41 61 555 01 00"_s;
    Message who = with(incoming(id++, {}, kNow - 69min), card);
    who.contentType = Message::ContentType::Contacts;
    rows << who;
    Message liked = outgoing(id++, u"Thank you! She gets the parcel tomorrow."_s, kNow - 60min, MessageStatus::Delivered);
    liked.reactions << Reaction{.emoji = u"🙏"_s, .sender = {.type = Sender::Type::Contact, .id = u"2"_s, .name = u"Kofi Adjanor"_s}};
    rows << liked;
    Message passed = with(incoming(id++, u"From my accountant, for the invoice."_s, kNow - 31min), attachment(306, Attachment::Kind::File));
    passed.isForwarded = true;
    passed.reactions << Reaction{.emoji = u"👍"_s, .sender = {.type = Sender::Type::Agent, .id = u"1"_s, .name = u"Ines Valtor"_s}};
    rows << passed;
    rows << with(incoming(id++, {}, kNow - 29min), lost(307, Attachment::Kind::Video, u"too_large"_s));
    rows << incoming(id++, u"Perfect. Same delivery address as last time, please."_s, kNow - 28min);
    for (Message &row : rows) {
        row.conversationId = ConversationId(2);
        row.inboxId = InboxId(2);
        if (row.sender.type == Sender::Type::Contact)
            row.sender.name = u"Kofi Adjanor"_s;
    }
    return rows;
}

QList<Message> instagramStory()
{
    QList<Message> rows;
    int id = 9001;
    Attachment story = attachment(401, Attachment::Kind::Image);
    story.title = u"Replied to your story"_s;
    story.width = 240;
    story.height = 320;
    rows << with(incoming(id++, u"Love this! ¿Hacéis envíos a Sevilla?"_s, kNow - 23h - 40min), story);
    Attachment mention = lost(402, Attachment::Kind::Image, u"expired"_s);
    mention.title = u"Mentioned you in a story"_s;
    rows << with(incoming(id++, {}, kNow - 23h - 30min), mention);
    Message echoed = echo(id++, u"Sí, claro. Dos o tres días."_s, kNow - 23h - 20min);
    rows << echoed;
    Message odd = incoming(id++, {}, kNow - 23h - 10min);
    odd.contentType = Message::ContentType::Unsupported;
    odd.rawType = u"template"_s;
    rows << odd;
    Message gone = incoming(id++, {}, kNow - 23h - 5min);
    gone.isDeleted = true;
    rows << gone;
    Message edited = incoming(id++, u"¿Y el azul?"_s, kNow - 23h);
    edited.editedAt = kNow - 22h;
    edited.reactions << Reaction{.emoji = u"❤️"_s, .sender = {.type = Sender::Type::Agent, .id = u"1"_s, .name = u"Ines Valtor"_s}};
    rows << edited;
    rows << outgoing(id++, u"También, desde el viernes."_s, kNow - 22h, MessageStatus::Delivered);
    for (Message &row : rows) {
        row.conversationId = ConversationId(9);
        row.inboxId = InboxId(3);
        if (row.sender.type == Sender::Type::Contact)
            row.sender.name = u"Lucía Barrenal"_s;
    }
    return rows;
}

} // namespace antiphon::test
