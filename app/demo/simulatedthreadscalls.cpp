#include "app/demo/formparts.h"
#include "app/demo/simulatedthreads.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QNetworkRequest>

#include <algorithm>

/// Sends and lists.
namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr auto kWindow = 24h;
constexpr auto kHumanWindow = 7 * 24h;
constexpr qsizetype kMessagesListed = 20;

QString graphTime(Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(toUnixMs(at), Qt::UTC).toString(u"yyyy-MM-dd'T'hh:mm:ss'+0000'"_s);
}

QByteArray plainMime(const QByteArray &mime) { return mime.split(';').first().trimmed().toLower(); }

} // namespace

std::optional<SimulatedGraph::Outcome> SimulatedThreads::readSend(const SimulatedHttp::Request &request, Asked &asked)
{
    if (request.header("Content-Type").startsWith("multipart/form-data")) {
        const auto parts = formParts(request.header("Content-Type"), request.body);
        if (!parts)
            return refused(100, u"The body is not multipart/form-data"_s);
        for (const FormPart &part : *parts) {
            const QString name = QString::fromLatin1(part.name);
            if (name == "filedata"_L1) {
                if (part.fileName.isEmpty() || part.contentType.isEmpty())
                    return refused(100, u"filedata lacks its name or type"_s);
                asked.file = part.bytes;
                asked.mime = part.contentType;
            } else if (name == "message"_L1 || name == "recipient"_L1) {
                asked.body.insert(name, QJsonDocument::fromJson(part.bytes).object());
            } else {
                asked.body.insert(name, QString::fromUtf8(part.bytes));
            }
        }
        if (asked.file.isEmpty())
            return refused(100, u"filedata is missing"_s);
    } else {
        asked.body = bodyOf(request);
        if (asked.body.isEmpty() || !request.header("Content-Type").startsWith("application/json"))
            return refused(100, u"The body is not JSON"_s);
    }
    if (const QString key = strangeKey(asked.body, {u"recipient"_s, u"message"_s, u"messaging_type"_s, u"tag"_s, u"sender_action"_s, u"payload"_s, u"reply_to"_s}); !key.isEmpty())
        return refused(100, u"Invalid keys \"%1\" were found in param \"root\"."_s.arg(key));
    asked.to = asked.body[u"recipient"_s][u"id"_s].toString();
    asked.message = asked.body[u"message"_s].toObject();
    return std::nullopt;
}

std::optional<SimulatedGraph::Outcome> SimulatedThreads::refusedSend(const QString &accountId, const Asked &asked)
{
    const auto thread = m_threads.constFind(asked.to);
    if (thread == m_threads.constEnd() || thread->accountId != accountId)
        return refused(100, u"No matching user found"_s, 2018001);
    if (asked.body.contains(u"sender_action"_s))
        return std::nullopt;
    if (const QString key = strangeKey(asked.message, m_rules.messageKeys); !key.isEmpty())
        return key == "attachments"_L1 ? refused(100, u"Multiple attachments are not available"_s, 2534068)
                                       : refused(100, u"Invalid keys \"%1\" were found in param \"message\"."_s.arg(key));
    const QString text = asked.message[u"text"_s].toString();
    const bool hasFile = asked.message.contains(u"attachment"_s);
    if (text.isEmpty() != hasFile)
        return refused(100, u"Either text or attachment"_s);
    if ((m_rules.countsBytes ? text.toUtf8().size() : text.size()) > m_rules.longestText)
        return refused(100, u"Length of param message[text] must be less than or equal to %1"_s.arg(m_rules.longestText));
    if (asked.message[u"metadata"_s].toString().size() > 1000)
        return refused(100, u"metadata"_s);
    if (hasFile && !m_rules.sendable.contains(asked.message[u"attachment"_s][u"type"_s].toString()))
        return refused(100, u"Param message[attachment][type] is unknown"_s, 2018047);

    const QString type = asked.body[u"messaging_type"_s].toString();
    const bool isTagged = type == "MESSAGE_TAG"_L1;
    if ((m_rules.needsMessagingType && type.isEmpty()) || (!type.isEmpty() && type != "RESPONSE"_L1 && !isTagged))
        return refused(100, u"Param messaging_type must be one of {RESPONSE, UPDATE, MESSAGE_TAG}"_s);
    if (isTagged != (asked.body[u"tag"_s] == "HUMAN_AGENT"_L1))
        return refused(100, u"Param tag must be HUMAN_AGENT with MESSAGE_TAG"_s);
    const auto age = thread->lastFromCustomer ? now() - *thread->lastFromCustomer : Milliseconds::max();
    if (age > kHumanWindow || (!isTagged && age > kWindow))
        return refused(10, u"This message is sent outside of allowed window."_s, m_rules.windowSubcode, 403);
    // Tags within the ordinary window are what the platform warns of and at last blocks for.
    if (isTagged && age <= kWindow)
        return refused(613, u"Message tags are misused"_s, 2018338);
    return std::nullopt;
}

SimulatedGraph::Outcome SimulatedThreads::takeSign(const Asked &asked)
{
    const QString action = asked.body[u"sender_action"_s].toString();
    const QJsonObject payload = asked.body[u"payload"_s].toObject();
    static const QStringList known{u"mark_seen"_s, u"typing_on"_s, u"typing_off"_s, u"react"_s, u"unreact"_s};
    const bool isReaction = action.endsWith("react"_L1);
    if (!known.contains(action) || !asked.message.isEmpty() || isReaction == payload[u"message_id"_s].toString().isEmpty()
        || (action == "react"_L1) == payload[u"reaction"_s].toString().isEmpty())
        return refused(100, u"Param sender_action or payload"_s);
    m_signs.append(isReaction ? u"%1 %2 %3"_s.arg(action, payload[u"message_id"_s].toString(), payload[u"reaction"_s].toString()).trimmed() : action);
    return {.body = {{u"recipient_id"_s, asked.to}}};
}

std::optional<SimulatedGraph::Outcome> SimulatedThreads::refusedFile(const QString &type, const QByteArray &mime, qint64 size)
{
    const QByteArray plain = plainMime(mime);
    const bool fits = type == "file"_L1 || plain.startsWith(type.toLatin1() + '/') || (type == "audio"_L1 && plain == "video/mp4");
    if (!fits)
        return refused(100, u"The type of the file does not match the type of the attachment"_s, 2018047);
    if (size == 0 || size > (type == "image"_L1 ? 8 : 25) * 1024 * 1024)
        return refused(100, u"The file is too large"_s, 2018109);
    return std::nullopt;
}

void SimulatedThreads::fetchFile(const Asked &asked, const QString &type, const std::function<void(std::optional<Outcome>, const Asked &)> &done)
{
    const QUrl url(asked.message[u"attachment"_s][u"payload"_s][u"url"_s].toString(), QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty()) {
        done(refused(100, u"Url is invalid"_s), asked);
        return;
    }
    QNetworkRequest request(url);
    request.setTransferTimeout(10'000);
    request.setRawHeader("User-Agent", "facebookexternalua");
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    QNetworkReply *reply = network().get(request);
    connect(reply, &QNetworkReply::finished, this, [this, reply, asked, type, done] {
        reply->deleteLater();
        if (reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt() != 200) {
            done(refused(100, u"Uploading a file to our platform failed: the address could not be fetched"_s, 2018008), asked);
            return;
        }
        Asked fetched = asked;
        fetched.file = reply->readAll();
        fetched.mime = reply->rawHeader("Content-Type");
        done(refusedFile(type, fetched.mime, fetched.file.size()), fetched);
    });
}

void SimulatedThreads::send(const QString &accountId, const SimulatedHttp::Request &request, const Done &done)
{
    Asked asked;
    if (auto no = readSend(request, asked)) {
        done(*no);
        return;
    }
    if (auto no = refusedSend(accountId, asked)) {
        done(*no);
        return;
    }
    if (asked.body.contains(u"sender_action"_s)) {
        done(takeSign(asked));
        return;
    }
    const QString type = asked.message[u"attachment"_s][u"type"_s].toString();
    const bool hasLink = asked.message[u"attachment"_s][u"payload"_s].toObject().contains(u"url"_s);
    if (type.isEmpty() || !asked.file.isEmpty() || !hasLink) {
        const auto no = type.isEmpty() || type == "like_heart"_L1 || type == "MEDIA_SHARE"_L1 || type == "template"_L1 ? std::nullopt : refusedFile(type, asked.mime, asked.file.size());
        done(no ? *no : take(asked));
        return;
    }
    fetchFile(asked, type, [this, done](const std::optional<Outcome> &no, const Asked &fetched) { done(no ? *no : take(fetched)); });
}

SimulatedGraph::Outcome SimulatedThreads::take(const Asked &asked)
{
    const QString id = newId(m_rules.idPrefix);
    QJsonObject content;
    if (asked.message.contains(u"text"_s))
        content.insert(u"text"_s, asked.message[u"text"_s]);
    if (!asked.file.isEmpty()) {
        const QString url = offerFile(asked.file, asked.mime).toString(QUrl::FullyEncoded);
        content.insert(u"attachments"_s, QJsonArray{QJsonObject{{u"type"_s, asked.message[u"attachment"_s][u"type"_s]}, {u"payload"_s, QJsonObject{{u"url"_s, url}}}}});
    }
    m_sent.append({.id = id, .to = asked.to, .body = asked.body, .file = asked.file, .mime = asked.mime});
    addMessage(asked.to, {.id = id, .at = now(), .fromBusiness = true, .content = content});
    emit messageSent(asked.to, id, content[u"text"_s].toString());
    QJsonObject echo = echoOf(asked.message);
    echo.insert(u"mid"_s, id);
    echo.insert(u"is_echo"_s, true);
    for (auto it = content.begin(); it != content.end(); ++it)
        echo.insert(it.key(), it.value());
    return {.body = {{u"recipient_id"_s, asked.to}, {u"message_id"_s, id}}, .follows = [this, to = asked.to, id, echo, at = now()] {
                tellElement(to, true, {{u"message"_s, echo}}, {.at = at});
                sentAlso(to, id);
            }};
}

QJsonObject SimulatedThreads::party(const Thread &thread, bool business) const
{
    if (!business)
        return {{u"id"_s, thread.person.id}, {u"username"_s, thread.person.username}, {u"name"_s, thread.person.name}};
    const auto own = std::find_if(m_accounts.begin(), m_accounts.end(), [&](const ThreadAccount &one) { return one.id == thread.accountId; });
    return {{u"id"_s, own->id}, {u"username"_s, own->username}, {u"name"_s, own->name}};
}

QJsonObject SimulatedThreads::listedMessage(const Thread &thread, const ThreadMessage &message) const
{
    QJsonObject listed{{u"id"_s, message.id},
                       {u"created_time"_s, graphTime(message.at)},
                       {u"from"_s, party(thread, message.fromBusiness)},
                       {u"to"_s, QJsonObject{{u"data"_s, QJsonArray{party(thread, !message.fromBusiness)}}}},
                       {u"message"_s, message.content[u"text"_s].toString()}};
    QJsonArray files;
    const QJsonArray attachments = message.content[u"attachments"_s].toArray();
    for (const QJsonValue &attachment : attachments) {
        const QJsonValue url = attachment[u"payload"_s][u"url"_s];
        const bool isImage = attachment[u"type"_s] == "image"_L1;
        files.append(isImage ? QJsonObject{{u"mime_type"_s, u"image/jpeg"_s}, {u"image_data"_s, QJsonObject{{u"url"_s, url}, {u"width"_s, 480}, {u"height"_s, 270}}}}
                             : QJsonObject{{u"file_url"_s, url}});
    }
    if (!files.isEmpty())
        listed.insert(u"attachments"_s, QJsonObject{{u"data"_s, files}});
    return listed;
}

QJsonObject SimulatedThreads::listedThread(const Thread &thread, const QStringList &fields) const
{
    QJsonObject listed{{u"id"_s, thread.id}};
    if (fields.contains(u"updated_time"_s))
        listed.insert(u"updated_time"_s, graphTime(thread.updated));
    if (fields.contains(u"participants"_s) || fields.contains(u"senders"_s))
        listed.insert(u"participants"_s, QJsonObject{{u"data"_s, QJsonArray{party(thread, true), party(thread, false)}}});
    if (fields.contains(u"messages"_s)) {
        QList<ThreadMessage> all;
        for (const ThreadMessage &message : thread.messages) {
            if (message.isListed)
                all.append(message);
        }
        std::stable_sort(all.begin(), all.end(), [](const ThreadMessage &a, const ThreadMessage &b) { return a.at > b.at; });
        QJsonArray data;
        for (const ThreadMessage &message : std::as_const(all)) {
            if (data.size() < kMessagesListed)
                data.append(listedMessage(thread, message));
        }
        listed.insert(u"messages"_s, QJsonObject{{u"data"_s, data}});
    }
    return listed;
}

SimulatedGraph::Outcome SimulatedThreads::listThreads(const QString &accountId, const SimulatedHttp::Request &request)
{
    QStringList fields;
    if (auto no = readFields(request, {u"id"_s, u"updated_time"_s, u"participants"_s, u"messages"_s, u"message_count"_s, u"unread_count"_s, u"link"_s}, fields))
        return *no;
    const QString own = m_rules.object == "instagram"_L1 ? u"instagram"_s : u"messenger"_s;
    if (request.query("platform").value_or(own) != own)
        return refused(100, u"Param platform must be %1"_s.arg(own));
    const QString person = request.query("user_id").value_or(QString());
    QList<Thread> all;
    for (const Thread &thread : std::as_const(m_threads)) {
        if (thread.accountId == accountId && !thread.messages.isEmpty() && (person.isEmpty() || thread.person.id == person))
            all.append(thread);
    }
    std::stable_sort(all.begin(), all.end(), [](const Thread &a, const Thread &b) { return a.updated > b.updated; });
    const qint64 from = request.query("after").value_or(u"0"_s).toLongLong();
    const qint64 limit = std::clamp<qint64>(request.query("limit").value_or(u"25"_s).toLongLong(), 1, 100);
    QJsonArray data;
    for (qint64 i = from; i < std::min<qint64>(from + limit, all.size()); ++i)
        data.append(listedThread(all[i], fields));
    QJsonObject body{{u"data"_s, data}};
    if (from + limit < all.size()) {
        QByteArray query;
        for (const QByteArray &pair : request.rawQuery.split('&')) {
            if (!pair.startsWith("after=") && !pair.isEmpty())
                query += pair + '&';
        }
        query += "after=" + QByteArray::number(from + limit);
        body.insert(u"paging"_s, QJsonObject{{u"cursors"_s, QJsonObject{{u"after"_s, QString::number(from + limit)}}},
                                             {u"next"_s, baseUrl() + QString::fromLatin1(request.path + '?' + query)}});
    }
    return {.body = body};
}

SimulatedGraph::Outcome SimulatedThreads::getThread(const QString &id, const SimulatedHttp::Request &request)
{
    const auto found = std::find_if(m_threads.begin(), m_threads.end(), [&id](const Thread &one) { return one.id == id; });
    const ThreadAccount *owner = accountOf(u"me"_s, tokenOf(request, true));
    if (found == m_threads.end() || !owner || found->accountId != owner->id)
        return unknownObject(id);
    if (request.path.endsWith("/messages"))
        return {.body = listedThread(*found, {u"messages"_s})[u"messages"_s].toObject()};
    QStringList fields;
    if (auto no = readFields(request, {u"id"_s, u"updated_time"_s, u"participants"_s, u"messages"_s}, fields))
        return *no;
    return {.body = listedThread(*found, fields)};
}

SimulatedGraph::Outcome SimulatedThreads::getMessage(const QString &id, const SimulatedHttp::Request &)
{
    for (const Thread &thread : std::as_const(m_threads)) {
        for (const ThreadMessage &message : thread.messages) {
            if (message.id == id)
                return {.body = listedMessage(thread, message)};
        }
    }
    return unknownObject(id);
}

} // namespace antiphon::demo
