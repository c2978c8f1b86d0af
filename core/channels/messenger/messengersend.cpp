#include "core/channels/messenger/messengersend.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/meta/graphaccess.h"
#include "core/channels/meta/messagingevents.h"
#include "core/channels/meta/messagingsend.h"

#include <QCryptographicHash>

namespace antiphon::messenger {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMegabyte = 1024 * 1024;
constexpr qint64 kPictureLimit = 8 * kMegabyte;
constexpr qint64 kFileLimit = 25 * kMegabyte;
constexpr int kMostAttachments = 10;
/// A file takes its time on the way, and Facebook reads it before it answers.
constexpr std::chrono::milliseconds kFilePatience{80'000};

bool isPicture(const OutboundAttachment &file)
{
    return file.kind == Attachment::Kind::Image || file.kind == Attachment::Kind::Sticker;
}

Result<void> checkFile(const OutboundAttachment &file)
{
    const QString field = u"attachment_ids"_s;
    if (isPicture(file) && !meta::bareMime(file.mime).startsWith("image/"_L1))
        return meta::overLimit(field, u"a picture that is none by its bytes"_s);
    if (qMax<qint64>(file.size, file.bytes.size()) > (isPicture(file) ? kPictureLimit : kFileLimit))
        return meta::overLimit(field, isPicture(file) ? u"a picture over 8 MB"_s : u"over 25 MB"_s);
    return {};
}

QJsonObject messageOf(const OutboundMessage &message, const QString &key)
{
    QJsonObject content;
    if (message.attachments.isEmpty()) {
        content.insert("text"_L1, message.content);
    } else {
        content.insert("attachment"_L1, QJsonObject{{"type"_L1, meta::attachmentType(message.attachments.constFirst().kind)},
                                                    {"payload"_L1, QJsonObject{{"is_reusable"_L1, true}}}});
    }
    if (!key.isEmpty())
        content.insert("metadata"_L1, QLatin1StringView(meta::kSendTag) + key);
    return content;
}

HttpRequest withFile(HttpRequest request, const QJsonObject &body, const OutboundAttachment &file)
{
    // A hash of the bytes can't stand in them, so no generator of random numbers is needed here.
    FormData form("antiphon" + QCryptographicHash::hash(file.bytes, QCryptographicHash::Sha256).toHex().first(32));
    const QStringList names = body.keys();
    for (const QString &name : names) {
        const QJsonValue value = body.value(name);
        form.addField(name.toLatin1(), value.isObject() ? json::toBytes(value.toObject()) : value.toString().toUtf8());
    }
    const QString mime = meta::bareMime(file.mime);
    form.addFile("filedata", file.name.isEmpty() ? u"file"_s : file.name, mime.isEmpty() ? QByteArray("application/octet-stream") : mime.toLatin1(), file.bytes);
    request.headers = {{"Content-Type", form.contentType()}};
    request.body = std::move(form).body();
    request.timeout = kFilePatience;
    return request;
}

} // namespace

ChannelLimits limits()
{
    ChannelLimits limits{.textLimit = int(kTextLimit),
                         .textUnit = ChannelLimits::TextUnit::CodePoints,
                         .attachmentsPerMessage = kMostAttachments,
                         .textWithAttachment = true,
                         .attachmentBytes = kFileLimit,
                         .canQuote = false,
                         .reportsDelivered = true,
                         .reportsRead = true,
                         .canReact = true,
                         .sendsPerSecond = 300,
                         .filesPerSecond = 10};
    for (const QString &mime : {u"image/jpeg"_s, u"image/png"_s, u"image/gif"_s, u"image/webp"_s})
        limits.bytesByMime.insert(mime, kPictureLimit);
    return limits;
}

Result<void> check(const OutboundMessage &message)
{
    const QString text = meta::renderedText(message.content);
    if (text.isEmpty() && message.attachments.isEmpty())
        return meta::overLimit(u"content"_s, u"neither text nor file"_s);
    if (text.toUcs4().size() > kTextLimit)
        return meta::overLimit(u"content"_s, u"over %1 characters"_s.arg(kTextLimit));
    if (message.attachments.size() > kMostAttachments)
        return meta::overLimit(u"attachment_ids"_s, u"over %1 files"_s.arg(kMostAttachments));
    for (const OutboundAttachment &file : message.attachments) {
        if (const auto checked = checkFile(file); !checked)
            return checked;
    }
    return meta::checkWriter(message);
}

OperationPtr<SendReceipt> send(const OutboundPart &part, const InboxCredentials &inbox, const ChannelEndpoints &endpoints, const QString &idempotencyKey)
{
    const OutboundMessage &message = part.message;
    if (const auto checked = check(message); !checked)
        return knownAnswer<SendReceipt>(checked.error());
    QJsonObject body = meta::addressed(message.contactSourceId);
    body.insert("message"_L1, messageOf(message, idempotencyKey));
    meta::addMessagingType(body, message, inbox.settings, true);
    if (!message.quotedSourceId.isEmpty() && inbox.settings.value("reply_to"_L1).toBool())
        body.insert("reply_to"_L1, QJsonObject{{"mid"_L1, message.quotedSourceId}});
    const HttpRequest request = meta::GraphAccess(inbox, endpoints, true).postJson(inbox.account + "/messages"_L1, body);
    if (message.attachments.isEmpty())
        return singleCall<SendReceipt>(request, meta::readReceipt);
    return singleCall<SendReceipt>(withFile(request, body, message.attachments.constFirst()), meta::readReceipt);
}

} // namespace antiphon::messenger
