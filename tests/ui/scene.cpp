#include "tests/ui/scene.h"

#include <QBuffer>
#include <QDir>
#include <QImage>
#include <QLinearGradient>
#include <QPainter>
#include <QPixmap>
#include <QWidget>

namespace antiphon::test {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

Message base(int id, const QString &text, Timestamp at)
{
    Message message;
    message.id = MessageId(id);
    message.conversationId = ConversationId(1);
    message.inboxId = InboxId(1);
    message.content = text;
    message.createdAt = at;
    message.updatedAt = at;
    message.sourceId = u"src-%1"_s.arg(id);
    return message;
}

} // namespace

Message incoming(int id, const QString &text, Timestamp at)
{
    Message message = base(id, text, at);
    message.sender = {.type = Sender::Type::Contact, .id = u"11"_s, .name = u"Mira Solvang"_s};
    return message;
}

Message outgoing(int id, const QString &text, Timestamp at, MessageStatus status)
{
    Message message = base(id, text, at);
    message.direction = Message::Direction::Outgoing;
    message.contentFormat = Message::ContentFormat::Markdown;
    message.status = status;
    message.sender = {.type = Sender::Type::Agent, .id = u"3"_s, .name = u"Deniz Aksoylu"_s};
    return message;
}

Message echo(int id, const QString &text, Timestamp at)
{
    Message message = base(id, text, at);
    message.direction = Message::Direction::Outgoing;
    message.status = MessageStatus::Delivered;
    message.externalEcho = true;
    message.sender = {.type = Sender::Type::NativeApp};
    return message;
}

Message bot(int id, const QString &text, Timestamp at)
{
    Message message = outgoing(id, text, at, MessageStatus::Delivered);
    message.sender = {.type = Sender::Type::Bot};
    return message;
}

Message note(int id, const QString &text, Timestamp at)
{
    Message message = outgoing(id, text, at);
    message.isPrivate = true;
    return message;
}

Message failed(int id, const QString &text, const QString &code, Timestamp at)
{
    Message message = outgoing(id, text, at, MessageStatus::Failed);
    message.externalError = ExternalError{.code = code, .text = u"raw words of the platform"_s, .retryable = true};
    return message;
}

Message activity(int id, const QJsonObject &what, Timestamp at)
{
    Message message = base(id, {}, at);
    message.direction = Message::Direction::Activity;
    message.activity = what;
    return message;
}

Attachment attachment(int id, Attachment::Kind kind)
{
    return {.id = AttachmentId(id), .kind = kind, .name = u"delivery note 0977.pdf"_s, .size = 182'000, .state = Attachment::State::Ready,
            .url = u"/api/v1/attachments/%1"_s.arg(id)};
}

QList<Message> everyKind()
{
    QList<Message> rows;
    int id = 1;
    rows << incoming(id++, u"Hi! Is the speckled blue mug from this video coming back?"_s, kNow - 66h);
    Message post = incoming(id++, {}, kNow - 66h);
    post.contentType = Message::ContentType::Embed;
    Attachment embed = attachment(100, Attachment::Kind::Embed);
    embed.url.clear();
    embed.embedUrl = u"https://www.tiktok.com/@tidewick/video/7301"_s;
    embed.title = u"Opening kiln 14: speckled blue, oat and one surprise"_s;
    post.attachments << embed;
    rows << post;
    Message photo = incoming(id++, {}, kNow - 46h);
    Attachment image = attachment(101, Attachment::Kind::Image);
    image.width = 640;
    image.height = 480;
    photo.attachments << image;
    rows << photo;
    rows << incoming(id++, u"This is the shelf. Would four of them fit beside the oat jug? See https://tidewick.example/shelf."_s, kNow - 46h);
    rows << activity(id++, {{u"kind"_s, u"assignee"_s}, {u"actor_name"_s, u"Deniz Aksoylu"_s}, {u"to_name"_s, u"Ines Valtor"_s}}, kNow - 3h);
    rows << outgoing(id++, u"Good morning **Mira**! Four fit well. 28 € each, shipping is 6 €."_s, kNow - 50min, MessageStatus::Read);
    rows << outgoing(id++, u"- `oat` in stock\n- *blue* next week"_s, kNow - 50min, MessageStatus::Delivered);
    rows << failed(id++, u"You can pay here: pay.tidewick.example/1207"_s, u"40002"_s, kNow - 44min);
    rows << failed(id++, u"One more try"_s, u"outcome_unknown"_s, kNow - 43min);
    rows << bot(id++, u"We answer within a few hours."_s, kNow - 40min);
    rows << note(id++, u"Replacement saucer is packed, leaves at noon."_s, kNow - 39min);
    rows << echo(id++, u"The payment link is in our profile, at the very top."_s, kNow - 35min);
    Message strange = incoming(id++, {}, kNow - 30min);
    strange.contentType = Message::ContentType::Unsupported;
    strange.rawType = u"sticker"_s;
    rows << strange;
    Message gone = incoming(id++, {}, kNow - 29min);
    gone.isDeleted = true;
    rows << gone;
    Message file = incoming(id++, u"Here is the note."_s, kNow - 28min);
    file.attachments << attachment(102, Attachment::Kind::File);
    rows << file;
    Message quoting = incoming(id++, u"And this one?"_s, kNow - 20min);
    quoting.inReplyTo = MessageId(4);
    quoting.reactions << Reaction{.emoji = u"❤️"_s, .sender = {.type = Sender::Type::Agent, .id = u"3"_s, .name = u"Deniz Aksoylu"_s}};
    quoting.editedAt = kNow - 19min;
    rows << quoting;
    rows << incoming(id++, u"👍🏽🎉"_s, kNow - 15min);
    rows << outgoing(id++, u"On its way."_s, kNow - 1min, MessageStatus::Queued);
    return rows;
}

QList<Message> everyKindArabic()
{
    QList<Message> rows = everyKind();
    const QStringList texts{u"مرحبًا، هل الإبريق الأزرق متوفر؟ رأيته في هذا الفيديو"_s, u"أريده بجانب هذا الكوب، Speckled Blue 0.35 L"_s,
                            u"نعم، بقي منه قطعتان بالأزرق"_s, u"رابط الدفع: pay.khazaf.example/1207"_s};
    int next = 0;
    for (Message &row : rows) {
        if (!row.content.isEmpty() && row.content != u"👍🏽🎉"_s)
            row.content = texts.at(next++ % texts.size());
        if (row.sender.type == Sender::Type::Contact)
            row.sender.name = u"سلمى الدوري"_s;
    }
    return rows;
}

QList<Message> awkward()
{
    QList<Message> rows;
    int id = 1;
    rows << incoming(id++, QString(400, u'w'), kNow - 30min);
    rows << incoming(id++, u"<b>not bold</b> <img src='file:///etc/passwd'> &amp; <a href=\"javascript:alert(1)\">x</a>"_s, kNow - 29min);
    Message many = incoming(id++, u"All of them"_s, kNow - 28min);
    for (int i = 0; i < 15; ++i)
        many.attachments << attachment(200 + i, i % 3 == 0 ? Attachment::Kind::Image : Attachment::Kind::File);
    many.attachments[1].name = QString(300, u'n') + u".pdf"_s;
    rows << many;
    rows << incoming(id++, QString(u"long text "_s).repeated(900), kNow - 27min);
    Message named = outgoing(id++, u"Hello"_s, kNow - 26min);
    named.sender.type = Sender::Type::Bot;
    named.sender.name = u"An assistant with a very long name that nobody would give it but somebody did anyway"_s;
    rows << named;
    rows << incoming(id++, u"e"_s + QString(4096, QChar(0x0301)), kNow - 25min);
    Message loved = outgoing(id++, u"Ok"_s, kNow - 24min);
    for (const auto &emoji : {u"👍"_s, u"🎉"_s, u"❤️"_s, u"😀"_s, u"😢"_s, u"🙏"_s, u"🔥"_s, u"👏"_s, u"🫶"_s, u"🍵"_s, u"🫖"_s, u"🎁"_s, u"⭐"_s, u"<b>"_s}) {
        loved.reactions << Reaction{.emoji = emoji, .sender = {.type = Sender::Type::Contact, .id = u"11"_s, .name = u"<i>Mira</i>"_s}};
        loved.reactions << loved.reactions.last();
    }
    rows << loved;
    return rows;
}

QByteArray picture(int width, int height)
{
    QImage image(width, height, QImage::Format_RGB32);
    QPainter painter(&image);
    QLinearGradient fill(0, 0, width, height);
    fill.setColorAt(0, QColor(226, 210, 180));
    fill.setColorAt(1, QColor(60, 90, 140));
    painter.fillRect(image.rect(), fill);
    painter.end();
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    image.save(&buffer, "PNG");
    return bytes;
}

ImageCache::Download pictures()
{
    return [](const QString &, qint64) { return readyFuture(Result<QByteArray>(picture(640, 480))); };
}

void keep(const QWidget &widget, const QString &name)
{
    const QString folder = qEnvironmentVariable("ANTIPHON_GRABS");
    if (!folder.isEmpty())
        const_cast<QWidget &>(widget).grab().save(QDir(folder).filePath(name + u".png"_s));
}

} // namespace antiphon::test
