#include "core/channels/instagram/instagramsend.h"

#include "core/channels/calls.h"
#include "core/channels/instagram/instagramaccess.h"
#include "core/channels/meta/messagingsend.h"

namespace antiphon::instagram {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMegabyte = 1024 * 1024;
constexpr qint64 kPictureLimit = 8 * kMegabyte;
constexpr qint64 kFileLimit = 25 * kMegabyte;
constexpr int kMostAttachments = 10;
/// Instagram waits 75 s for a video of ours before it answers.
constexpr std::chrono::milliseconds kFetchPatience{80'000};

QStringList pictureMimes()
{
    return {u"image/jpeg"_s, u"image/png"_s, u"image/gif"_s};
}

QStringList mimesOf(Attachment::Kind kind)
{
    switch (kind) {
    case Attachment::Kind::Image:
    case Attachment::Kind::Sticker: return pictureMimes();
    case Attachment::Kind::Audio:
        return {u"audio/aac"_s, u"audio/x-aac"_s, u"audio/mp4"_s, u"audio/m4a"_s, u"audio/x-m4a"_s, u"audio/wav"_s, u"audio/x-wav"_s, u"audio/vnd.wave"_s};
    case Attachment::Kind::Video:
        return {u"video/mp4"_s, u"video/ogg"_s, u"video/x-msvideo"_s, u"video/avi"_s, u"video/quicktime"_s, u"video/webm"_s};
    case Attachment::Kind::File: return {u"application/pdf"_s};
    case Attachment::Kind::Embed:
    case Attachment::Kind::Location:
    case Attachment::Kind::Contact: return {};
    }
    Q_UNREACHABLE();
}

QString takenText(Attachment::Kind kind)
{
    switch (kind) {
    case Attachment::Kind::Image:
    case Attachment::Kind::Sticker: return u"pictures only as JPEG, PNG or GIF"_s;
    case Attachment::Kind::Audio: return u"audio only as AAC, M4A or WAV"_s;
    case Attachment::Kind::Video: return u"videos only as MP4, OGG, AVI, MOV or WebM"_s;
    case Attachment::Kind::File: return u"of other files only PDF"_s;
    case Attachment::Kind::Embed:
    case Attachment::Kind::Location:
    case Attachment::Kind::Contact: return u"only pictures, audio, videos and PDF"_s;
    }
    Q_UNREACHABLE();
}

Result<void> checkFile(const OutboundAttachment &file)
{
    const QString field = u"attachment_ids"_s;
    if (!mimesOf(file.kind).contains(meta::bareMime(file.mime)))
        return meta::overLimit(field, takenText(file.kind));
    const bool isPicture = file.kind == Attachment::Kind::Image || file.kind == Attachment::Kind::Sticker;
    if (file.size > (isPicture ? kPictureLimit : kFileLimit))
        return meta::overLimit(field, isPicture ? u"a picture over 8 MB"_s : u"over 25 MB"_s);
    return {};
}

QJsonObject messageOf(const OutboundMessage &message)
{
    if (message.attachments.isEmpty())
        return {{"text"_L1, message.content}};
    const OutboundAttachment &file = message.attachments.constFirst();
    const QJsonObject payload{{"url"_L1, file.link.toString(QUrl::FullyEncoded)}};
    return {{"attachment"_L1, QJsonObject{{"type"_L1, meta::attachmentType(file.kind)}, {"payload"_L1, payload}}}};
}

} // namespace

ChannelLimits limits()
{
    ChannelLimits limits{.textLimit = int(kTextLimit),
                         .textUnit = ChannelLimits::TextUnit::Bytes,
                         .attachmentsPerMessage = kMostAttachments,
                         .textWithAttachment = true,
                         .attachmentBytes = kFileLimit,
                         .canQuote = false,
                         .reportsDelivered = false,
                         .hasDelivered = false,
                         .reportsRead = true,
                         .fetchesByLink = true,
                         .canReact = true,
                         .sendsPerSecond = 300,
                         .filesPerSecond = 10};
    for (const auto kind : {Attachment::Kind::Image, Attachment::Kind::Audio, Attachment::Kind::Video, Attachment::Kind::File})
        limits.attachmentMimes += mimesOf(kind);
    for (const QString &mime : pictureMimes())
        limits.bytesByMime.insert(mime, kPictureLimit);
    return limits;
}

Result<void> check(const OutboundMessage &message)
{
    const QString text = meta::renderedText(message.content);
    if (text.isEmpty() && message.attachments.isEmpty())
        return meta::overLimit(u"content"_s, u"neither text nor file"_s);
    if (text.toUtf8().size() > kTextLimit)
        return meta::overLimit(u"content"_s, u"over %1 bytes"_s.arg(kTextLimit));
    if (message.attachments.size() > kMostAttachments)
        return meta::overLimit(u"attachment_ids"_s, u"over %1 files"_s.arg(kMostAttachments));
    for (const OutboundAttachment &file : message.attachments) {
        if (const auto checked = checkFile(file); !checked)
            return checked;
    }
    return meta::checkWriter(message);
}

OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    const OutboundMessage &message = part.message;
    if (const auto checked = check(message); !checked)
        return knownAnswer<SendReceipt>(checked.error());
    const bool hasFile = !message.attachments.isEmpty();
    if (hasFile && message.attachments.constFirst().link.isEmpty())
        return knownAnswer<SendReceipt>(meta::overLimit(u"attachment_ids"_s, u"Instagram fetches files by a public address, and there is none"_s));
    QJsonObject body = meta::addressed(message.contactSourceId);
    body.insert("message"_L1, messageOf(message));
    meta::addMessagingType(body, message, inbox.settings, false);
    HttpRequest request = Access(inbox, endpoints).postMessage(body);
    if (hasFile)
        request.timeout = kFetchPatience;
    return singleCall<SendReceipt>(request, meta::readReceipt);
}

} // namespace antiphon::instagram
