#include "core/channels/meta/listedmessage.h"

#include "core/base/json.h"
#include "core/channels/meta/messagingvalues.h"

#include <QJsonArray>

namespace antiphon::meta {

using namespace Qt::StringLiterals;

namespace {

QJsonObject fileAt(const QString &type, const QString &url)
{
    return {{"type"_L1, type}, {"payload"_L1, QJsonObject{{"url"_L1, url}}}};
}

QString fileType(const QString &mime)
{
    for (const QLatin1StringView kind : {"image"_L1, "video"_L1, "audio"_L1}) {
        if (mime.startsWith(QString(kind) + u'/'))
            return kind;
    }
    return u"file"_s;
}

/// Of a file: pictures and videos stand in an object of their own, everything else as an address.
QJsonObject listedFile(const QJsonObject &item)
{
    const QString picture = json::string(item.value("image_data"_L1).toObject(), "url"_L1);
    if (!picture.isEmpty())
        return fileAt(u"image"_s, picture);
    const QString video = json::string(item.value("video_data"_L1).toObject(), "url"_L1);
    if (!video.isEmpty())
        return fileAt(u"video"_s, video);
    const QString mime = json::string(item, "mime_type"_L1);
    QJsonObject file = fileAt(fileType(mime), json::string(item, "file_url"_L1));
    file.insert("name"_L1, item.value("name"_L1));
    file.insert("mime_type"_L1, mime);
    return file;
}

QJsonArray listedAttachments(const QJsonObject &item)
{
    QJsonArray attachments;
    const QJsonArray files = item.value("attachments"_L1).toObject().value("data"_L1).toArray();
    for (const QJsonValue &file : files)
        attachments.append(listedFile(file.toObject()));
    const QString sticker = json::string(item, "sticker"_L1);
    if (!sticker.isEmpty() && attachments.isEmpty())
        attachments.append(fileAt(u"sticker"_s, sticker));
    const QJsonArray shares = item.value("shares"_L1).toObject().value("data"_L1).toArray();
    for (const QJsonValue &value : shares) {
        const QJsonObject share = value.toObject();
        attachments.append(
            QJsonObject{{"type"_L1, u"fallback"_s}, {"title"_L1, share.value("name"_L1)}, {"url"_L1, share.value("link"_L1)}});
    }
    const QJsonObject mention = item.value("story"_L1).toObject().value("mention"_L1).toObject();
    if (!mention.isEmpty())
        attachments.append(fileAt(u"story_mention"_s, json::string(mention, "link"_L1)));
    return attachments;
}

} // namespace

std::optional<QJsonObject> listedElement(const QJsonObject &item, const QString &account, const QString &customer)
{
    const QString from = partyId(item, "from"_L1);
    const QJsonArray to = item.value("to"_L1).toObject().value("data"_L1).toArray();
    bool isToCustomer = to.isEmpty() && from == account;
    for (const QJsonValue &receiver : to)
        isToCustomer = isToCustomer || idText(receiver.toObject(), "id"_L1) == customer;
    const bool isFromCustomer = from == customer;
    if (!isFromCustomer && !isToCustomer)
        return std::nullopt;
    QJsonObject message{{"mid"_L1, idText(item, "id"_L1)}, {"text"_L1, item.value("message"_L1)}, {"attachments"_L1, listedAttachments(item)}};
    if (item.value("is_unsupported"_L1).toBool())
        message.insert("is_unsupported"_L1, true);
    if (!isFromCustomer)
        message.insert("is_echo"_L1, true);
    const QJsonObject replied = item.value("story"_L1).toObject().value("reply_to"_L1).toObject();
    if (!replied.isEmpty())
        message.insert("reply_to"_L1, QJsonObject{{"story"_L1, QJsonObject{{"id"_L1, replied.value("id"_L1)}, {"url"_L1, replied.value("link"_L1)}}}});
    const auto at = graphTime(json::string(item, "created_time"_L1));
    return QJsonObject{{"sender"_L1, QJsonObject{{"id"_L1, isFromCustomer ? customer : account}}},
                       {"recipient"_L1, QJsonObject{{"id"_L1, isFromCustomer ? account : customer}}},
                       {"timestamp"_L1, at ? QJsonValue(toUnixMs(*at)) : QJsonValue()},
                       {"message"_L1, message}};
}

} // namespace antiphon::meta
