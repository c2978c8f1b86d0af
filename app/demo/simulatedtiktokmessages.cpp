#include "app/demo/formparts.h"
#include "app/demo/simulatedpictures.h"
#include "app/demo/simulatedtiktok.h"
#include "core/base/json.h"

#include <QJsonDocument>

#include <algorithm>

/// Sending, files and lists.
namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kWindow = 48h;
constexpr auto kMediaLife = 30 * 24h;
constexpr auto kDownloadLife = 24h;
constexpr auto kListed = 90 * 24h;
constexpr qsizetype kLongestText = 6000;
constexpr qsizetype kLargestImage = 3 * 1024 * 1024;
constexpr qsizetype kMessagesListed = 20;

QString text(const QJsonObject &body, QLatin1StringView key) { return body.value(key).toString(); }

bool isPng(const QByteArray &bytes) { return bytes.startsWith("\x89PNG\r\n\x1a\n"); }
bool isJpeg(const QByteArray &bytes) { return bytes.startsWith("\xff\xd8\xff"); }

} // namespace

std::optional<SimulatedTikTok::Outcome> SimulatedTikTok::refusedContent(SceneConversation &to, const QJsonObject &body, SceneMessage &message)
{
    const QString type = text(body, "message_type"_L1);
    const QJsonObject words = body[u"text"_s].toObject();
    const QJsonObject image = body[u"image"_s].toObject();
    message.quotedId = body[u"referenced_message_info"_s][u"referenced_message_id"_s].toString();
    if (type == "TEXT"_L1) {
        const QString written = text(words, "body"_L1);
        if (!image.isEmpty() || written.isEmpty() || written.size() > kLongestText)
            return refused(40002, u"Param text is invalid."_s);
        message.content = {{u"text"_s, words}};
    } else if (type == "IMAGE"_L1) {
        if (!words.isEmpty() || !message.quotedId.isEmpty())
            return refused(40002, u"Param image is invalid: an image goes alone."_s);
        const auto media = m_media.constFind(text(image, "media_id"_L1));
        if (media == m_media.constEnd() || media->made + kMediaLife <= m_clock.now())
            return refused(40007, u"The media does not exist."_s);
        if (!to.canSendImages)
            return refused(40064, u"Message was blocked by direct message rules."_s);
        message.type = u"image"_s;
        message.content = {{u"image"_s, image}};
    } else if (type == "SHARE_POST"_L1) {
        const QString item = body[u"share_post"_s][u"item_id"_s].toString();
        if (item.isEmpty() || !message.quotedId.isEmpty())
            return refused(40002, u"Param share_post is invalid."_s);
        message.type = u"share_post"_s;
        message.content = {{u"share_post"_s, QJsonObject{{u"video_id"_s, item}, {u"embed_url"_s, u"https://www.tiktok.com/player/v1/"_s + item}}}};
    } else {
        return refused(40002, u"Param message_type is invalid."_s);
    }
    if (message.quotedId.isEmpty())
        return std::nullopt;
    static const QStringList quotable{u"text"_s, u"image"_s, u"share_post"_s};
    const SceneMessage *quoted = to.message(message.quotedId);
    if (!quoted || !quotable.contains(quoted->type))
        return refused(40002, u"Param referenced_message_id is invalid."_s);
    return std::nullopt;
}

SimulatedTikTok::Outcome SimulatedTikTok::sendMessage(const SimulatedHttp::Request &request)
{
    const auto parsed = json::parseObject(request.body);
    if (!parsed || !request.header("Content-Type").startsWith("application/json"))
        return badRequest(u"The body is not JSON."_s);
    const QJsonObject &body = *parsed;
    const QString businessId = text(body, "business_id"_L1);
    if (const auto no = refusedCall(request, businessId, u"message.list.send"_s))
        return *no;
    if (text(body, "recipient_type"_L1) != "CONVERSATION"_L1)
        return refused(40002, u"Param recipient_type is invalid."_s);
    SceneConversation *to = conversation(text(body, "recipient"_L1));
    if (!to || to->businessId != businessId)
        return refused(40002, u"Param recipient is invalid."_s);
    if (text(body, "message_type"_L1) == "SENDER_ACTION"_L1) {
        const QString action = text(body, "sender_action"_L1);
        if (action != "TYPING"_L1 && action != "MARK_READ"_L1)
            return refused(40002, u"Param sender_action is invalid."_s);
        return {.data = {{u"message"_s, QJsonObject{{u"message_id"_s, QString()}}}}};
    }
    SceneMessage message{.at = m_clock.now(), .fromBusiness = true, .source = u"API"_s};
    if (auto no = refusedContent(*to, body, message))
        return *no;
    const bool isOpen = to->lastFromCustomer && m_clock.now() - *to->lastFromCustomer <= kWindow;
    const bool isUsedUp = m_options.sendsPerWindow > 0 && to->sentInWindow >= m_options.sendsPerWindow;
    if (!isOpen || isUsedUp)
        return refused(40064, u"Message was blocked by direct message rules."_s);
    message.id = newId("msg");
    to->messages.append(message);
    to->updated = message.at;
    to->isAnswered = true;
    ++to->sentInWindow;
    return {.data = {{u"message"_s, QJsonObject{{u"message_id"_s, message.id}}}}, .sentConversation = to->id, .sentMessage = message.id};
}

SimulatedTikTok::Outcome SimulatedTikTok::uploadMedia(const SimulatedHttp::Request &request)
{
    const auto parts = formParts(request.header("Content-Type"), request.body);
    if (!parts)
        return badRequest(u"The body is not multipart/form-data."_s);
    QHash<QByteArray, FormPart> named;
    for (const FormPart &part : *parts)
        named.insert(part.name, part);
    if (const auto no = refusedCall(request, QString::fromUtf8(named.value("business_id").bytes), u"message.list.send"_s))
        return *no;
    if (named.value("media_type").bytes != "IMAGE")
        return refused(40002, u"Param media_type is invalid."_s);
    const FormPart file = named.value("file");
    if (file.fileName.isEmpty() || file.contentType.isEmpty())
        return badRequest(u"The part of the file lacks its name or type."_s);
    const QByteArray mime = isPng(file.bytes) ? "image/png" : isJpeg(file.bytes) ? "image/jpeg" : "";
    if (mime.isEmpty() || mime != file.contentType || file.bytes.size() > kLargestImage)
        return refused(40908, u"The file type or size is not supported."_s);
    const QString id = newId("media-out-");
    m_media.insert(id, {file.bytes, mime, m_clock.now()});
    return {.data = {{u"media_id"_s, id}}};
}

SimulatedTikTok::Outcome SimulatedTikTok::downloadMedia(const SimulatedHttp::Request &request)
{
    const auto parsed = json::parseObject(request.body);
    if (!parsed)
        return badRequest(u"The body is not JSON."_s);
    const QString businessId = text(*parsed, "business_id"_L1);
    if (const auto no = refusedCall(request, businessId, u"message.list.read"_s))
        return *no;
    const QString mediaType = text(*parsed, "media_type"_L1);
    if (mediaType != "IMAGE"_L1 && mediaType != "VIDEO"_L1)
        return refused(40002, u"Param media_type is invalid."_s);
    SceneConversation *in = conversation(text(*parsed, "conversation_id"_L1));
    if (!in || in->businessId != businessId)
        return refused(40002, u"Param conversation_id is invalid."_s);
    const SceneMessage *message = in->message(text(*parsed, "message_id"_L1));
    const QString mediaId = text(*parsed, "media_id"_L1);
    const auto media = m_media.constFind(mediaId);
    if (!message || media == m_media.constEnd() || message->content[mediaType.toLower()][u"media_id"_s].toString() != mediaId
        || media->made + kMediaLife <= m_clock.now())
        return refused(40007, u"The media does not exist."_s);
    const QString path = u"/obj/"_s + randomToken(m_random);
    const Timestamp expires = m_clock.now() + kDownloadLife;
    m_downloads.insert(path, {mediaId, expires});
    return {.data = {{u"download_url"_s, mediaUrl().toString() + path + u"?x-expires="_s + QString::number(toUnixMs(expires) / 1000)}}};
}

SimulatedTikTok::Outcome SimulatedTikTok::serveMedia(const SimulatedHttp::Request &request)
{
    const auto no = [](int status) { return Outcome{.raw = SimulatedHttp::Reply{.status = status, .contentType = "text/plain"}}; };
    const auto token = m_accessTokens.constFind(QString::fromLatin1(request.header("x-user")));
    if (token == m_accessTokens.constEnd() || token->expires <= m_clock.now())
        return no(401);
    // A token that also goes out under its API name is a leak to a media host.
    if (!request.header("Access-Token").isNull())
        return no(400);
    const auto download = m_downloads.constFind(QString::fromLatin1(request.path));
    if (download == m_downloads.constEnd())
        return no(404);
    if (download->second <= m_clock.now())
        return no(403);
    const SceneMedia &media = m_media[download->first];
    return {.raw = SimulatedHttp::Reply{.contentType = media.mime, .body = media.bytes}};
}

SimulatedTikTok::Outcome SimulatedTikTok::serveFile(const SimulatedHttp::Request &request)
{
    const QByteArray name = request.path.mid(7);
    const auto expires = request.query("x-expires");
    if (expires && expires->toLongLong() <= toUnixMs(m_clock.now()) / 1000)
        return {.raw = SimulatedHttp::Reply{.status = 403, .contentType = "text/plain"}};
    if (name.startsWith("profile/"))
        return {.raw = SimulatedHttp::Reply{.contentType = "image/png", .body = pictures::profilePng(name)}};
    if (name.startsWith("sticker/") || name.startsWith("emoji/"))
        return {.raw = SimulatedHttp::Reply{.contentType = "image/png", .body = pictures::stickerPng(int(qHash(name) % 7))}};
    if (name.startsWith("cover/"))
        return {.raw = SimulatedHttp::Reply{.contentType = "image/jpeg", .body = pictures::shelfJpeg(int(qHash(name) % 4), {360, 640})}};
    return {.raw = SimulatedHttp::Reply{.status = 404, .contentType = "text/plain"}};
}

SimulatedTikTok::Outcome SimulatedTikTok::describePost(const SimulatedHttp::Request &request)
{
    const QString address = request.query("url").value_or(QString());
    const QString videoId = QUrl(address).path().section(u'/', -1);
    if (videoId.isEmpty() || !std::all_of(videoId.begin(), videoId.end(), [](QChar c) { return c.isDigit(); })) {
        return {.raw = SimulatedHttp::Reply{.status = 400, .body = json::toBytes({{u"code"_s, 400}, {u"message"_s, u"Something went wrong"_s}})}};
    }
    const auto [title, author] = m_posts.value(videoId, {u"A video"_s, u"someone"_s});
    return {.raw = SimulatedHttp::Reply{.body = json::toBytes({{u"version"_s, u"1.0"_s},
                                                               {u"type"_s, u"video"_s},
                                                               {u"title"_s, title},
                                                               {u"author_url"_s, u"https://www.tiktok.com/@"_s + author},
                                                               {u"author_name"_s, author},
                                                               {u"author_unique_id"_s, author},
                                                               {u"width"_s, u"100%"_s},
                                                               {u"height"_s, u"100%"_s},
                                                               {u"thumbnail_width"_s, 360},
                                                               {u"thumbnail_height"_s, 640},
                                                               {u"thumbnail_url"_s, mediaUrl().toString() + u"/files/cover/"_s + videoId + u".jpg"_s},
                                                               {u"provider_url"_s, u"https://www.tiktok.com"_s},
                                                               {u"provider_name"_s, u"TikTok"_s}})}};
}

SimulatedTikTok::Outcome SimulatedTikTok::getCapabilities(const SimulatedHttp::Request &request)
{
    const QString businessId = request.query("business_id").value_or(QString());
    if (const auto no = refusedCall(request, businessId, u"message.list.read"_s))
        return *no;
    const SceneConversation *of = conversation(request.query("conversation_id").value_or(QString()));
    if (!of || of->businessId != businessId)
        return refused(40002, u"Param conversation_id is invalid."_s);
    const QString type = request.query("conversation_type").value_or(QString());
    if (type != "SINGLE"_L1 && type != "STRANGER"_L1)
        return refused(40002, u"Param conversation_type is invalid."_s);
    const QJsonArray asked = QJsonDocument::fromJson(request.query("capability_types").value_or(QString()).toUtf8()).array();
    if (asked != QJsonArray{u"IMAGE_SEND"_s})
        return refused(40002, u"Param capability_types is invalid."_s);
    const QJsonObject info{{u"capability_type"_s, u"IMAGE_SEND"_s}, {u"capability_result"_s, of->canSendImages}};
    return {.data = {{u"capability_infos"_s, QJsonArray{info}}}};
}

SimulatedTikTok::Outcome SimulatedTikTok::listConversations(const SimulatedHttp::Request &request)
{
    const QString businessId = request.query("business_id").value_or(QString());
    if (const auto no = refusedCall(request, businessId, u"message.list.read"_s))
        return *no;
    const QString type = request.query("conversation_type").value_or(QString());
    if (type != "SINGLE"_L1 && type != "STRANGER"_L1)
        return refused(40002, u"Param conversation_type is invalid."_s);
    bool isNumber = true;
    const int limit = request.query("limit") ? request.query("limit")->toInt(&isNumber) : 10;
    if (!isNumber || limit < 1 || limit > 100)
        return refused(40002, u"Param limit is invalid."_s);
    const QString cursor = request.query("cursor").value_or(QString());
    const int from = cursor.isEmpty() ? 0 : cursor.toInt(&isNumber);
    if (!isNumber || from < 0)
        return refused(40002, u"Param cursor is invalid."_s);

    QList<const SceneConversation *> found;
    for (const SceneConversation &one : std::as_const(m_conversations)) {
        const bool isListed = std::any_of(one.messages.begin(), one.messages.end(), [](const SceneMessage &message) { return message.isListed; });
        if (one.businessId == businessId && one.isAnswered == (type == "SINGLE"_L1) && isListed && m_clock.now() - one.updated < kListed)
            found.append(&one);
    }
    std::stable_sort(found.begin(), found.end(), [](auto *a, auto *b) { return a->updated > b->updated; });
    found = found.mid(0, m_options.threadsListed);
    QJsonArray page;
    for (qsizetype i = from; i < found.size() && page.size() < limit; ++i) {
        QJsonObject one{{u"conversation_id"_s, found[i]->id}, {u"update_time"_s, toUnixMs(found[i]->updated)}};
        if (!found[i]->referral.isEmpty())
            one.insert(u"referral"_s, found[i]->referral);
        page.append(one);
    }
    const qsizetype end = from + page.size();
    QJsonObject data{{u"conversations"_s, page}, {u"has_more"_s, end < found.size()}};
    if (end < found.size())
        data.insert(u"cursor"_s, qint64(end));
    return {.data = data};
}

SimulatedTikTok::Outcome SimulatedTikTok::listMessages(const SimulatedHttp::Request &request)
{
    const QString businessId = request.query("business_id").value_or(QString());
    if (const auto no = refusedCall(request, businessId, u"message.list.read"_s))
        return *no;
    const SceneConversation *of = conversation(request.query("conversation_id").value_or(QString()));
    if (!of || of->businessId != businessId)
        return refused(40002, u"Param conversation_id is invalid."_s);
    const BusinessAccount &owner = *account(businessId);
    QList<SceneMessage> listed;
    for (const SceneMessage &message : of->messages) {
        if (message.isListed)
            listed.append(message);
    }
    std::stable_sort(listed.begin(), listed.end(), [](const SceneMessage &a, const SceneMessage &b) { return a.at > b.at; });
    QJsonArray messages;
    for (const SceneMessage &message : listed.mid(0, kMessagesListed))
        messages.append(listedMessage(*of, owner, message, m_options.confusedRoles));
    const QJsonObject customer{{u"role"_s, u"PERSONAL_ACCOUNT"_s},
                               {u"id"_s, of->customer.id},
                               {u"display_name"_s, of->customer.displayName},
                               {u"profile_image"_s, profileImage(of->customer.username)},
                               {u"is_follower"_s, of->customer.isFollower}};
    const QJsonObject business{{u"role"_s, u"BUSINESS_ACCOUNT"_s},
                               {u"id"_s, businessId},
                               {u"display_name"_s, owner.displayName},
                               {u"profile_image"_s, profileImage(owner.username)}};
    return {.data = {{u"messages"_s, messages}, {u"participants"_s, QJsonArray{customer, business}}}};
}

} // namespace antiphon::demo
