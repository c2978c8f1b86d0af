#include "app/demo/formparts.h"
#include "app/demo/simulatedwhatsapp.h"

#include <QCryptographicHash>
#include <QRegularExpression>

#include <algorithm>

/// Sending and files.
namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

const QString kMessaging = u"whatsapp_business_messaging"_s;
constexpr auto kUploadLife = std::chrono::hours(24 * 30);
constexpr auto kReceivedLife = std::chrono::hours(24 * 7);

/// What may be uploaded, with its largest size.
qint64 largest(const QByteArray &mime)
{
    static const QHash<QByteArray, qint64> table{
        {"image/jpeg", 5}, {"image/png", 5}, {"video/mp4", 16}, {"video/3gpp", 16}, {"audio/aac", 16}, {"audio/amr", 16}, {"audio/mpeg", 16}, {"audio/mp4", 16},
        {"audio/ogg", 16}, {"text/plain", 100}, {"application/pdf", 100}, {"application/msword", 100}, {"application/vnd.ms-excel", 100},
        {"application/vnd.ms-powerpoint", 100}, {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", 100},
        {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 100},
        {"application/vnd.openxmlformats-officedocument.presentationml.presentation", 100}, {"image/webp", 1}};
    return table.value(mime.split(';').first().trimmed().toLower(), 0) * 1024 * 1024;
}

/// The placeholders of a template's text: "1", "2" or names.
QStringList placeholders(const QString &text)
{
    static const QRegularExpression form(u"\\{\\{\\s*([^}\\s]+)\\s*\\}\\}"_s);
    QStringList found;
    for (auto it = form.globalMatch(text); it.hasNext();)
        found.append(it.next().captured(1));
    return found;
}

bool isBroken(const QString &parameter)
{
    return parameter.isEmpty() || parameter.contains(u'\n') || parameter.contains(u'\t') || parameter.contains(u"     "_s);
}

} // namespace

QJsonObject SimulatedWhatsapp::offerFile(const QByteArray &bytes, const QByteArray &mime)
{
    const QString id = newDigits(15);
    m_media.insert(id, {.bytes = bytes, .mime = mime, .numberId = number().id, .made = now()});
    return {{u"id"_s, id},
            {u"mime_type"_s, QString::fromLatin1(mime)},
            {u"sha256"_s, QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toBase64())}};
}

SimulatedGraph::Outcome SimulatedWhatsapp::upload(const QString &numberId, const SimulatedHttp::Request &request)
{
    if (auto no = refusedNumber(request, numberId, kMessaging))
        return *no;
    const auto parts = formParts(request.header("Content-Type"), request.body);
    if (!parts)
        return badParameter(u"The body is not multipart/form-data"_s);
    QHash<QByteArray, FormPart> named;
    for (const FormPart &part : *parts) {
        if (part.name != "messaging_product" && part.name != "type" && part.name != "file")
            return unknownParameter(QString::fromUtf8(part.name));
        named.insert(part.name, part);
    }
    const FormPart file = named.value("file");
    if (named.value("messaging_product").bytes != "whatsapp")
        return badParameter(u"messaging_product is required"_s);
    if (file.fileName.isEmpty() || file.bytes.isEmpty() || file.contentType.isEmpty())
        return badParameter(u"file is required, with its name and type"_s);
    const QByteArray typed = named.value("type").bytes;
    if (!typed.isEmpty() && typed.split(';').first() != file.contentType.split(';').first())
        return badParameter(u"type must be that of the file"_s);
    const qint64 limit = largest(file.contentType);
    if (limit == 0)
        return badParameter(u"Param file must be a file with one of the supported types, this one is %1"_s.arg(QString::fromLatin1(file.contentType)));
    if (file.bytes.size() > limit)
        return refused(131053, u"Media upload error"_s, 0, 400, u"The file is too large"_s);
    const QString id = newDigits(16);
    m_media.insert(id, {.bytes = file.bytes, .mime = file.contentType, .numberId = numberId, .isUpload = true, .made = now()});
    return {.body = {{u"id"_s, id}}};
}

SimulatedGraph::Outcome SimulatedWhatsapp::getMedia(const QString &id, const SimulatedHttp::Request &request)
{
    const Media &media = m_media[id];
    if (auto no = refusedNumber(request, media.numberId, kMessaging))
        return *no;
    const QString asked = request.query("phone_number_id").value_or(media.numberId);
    if (asked != media.numberId || media.made + (media.isUpload ? kUploadLife : kReceivedLife) <= now())
        return unknownObject(id);
    const QString hash = QString::fromLatin1(QCryptographicHash::hash(media.bytes, QCryptographicHash::Sha256).toHex());
    const QString path = u"/whatsapp_business/attachments/"_s + randomToken(random());
    m_downloads.insert(path, {.mediaId = id, .expires = now() + m_options.mediaUrlLife});
    return {.body = {{u"messaging_product"_s, u"whatsapp"_s},
                     {u"url"_s, u"%1%2?mid=%3&ext=%4&hash=x"_s.arg(apiUrl().toString(), path, id).arg(toUnixMs(now()) / 1000 + m_options.mediaUrlLife.count())},
                     {u"mime_type"_s, QString::fromLatin1(media.mime)},
                     {u"sha256"_s, hash},
                     {u"file_size"_s, media.bytes.size()},
                     {u"id"_s, id}}};
}

SimulatedGraph::Outcome SimulatedWhatsapp::download(const SimulatedHttp::Request &request)
{
    const auto no = [](int status) { return Outcome{.isRefused = true, .raw = SimulatedHttp::Reply{.status = status, .contentType = "text/plain"}}; };
    const auto found = m_downloads.constFind(QString::fromLatin1(request.path));
    if (found == m_downloads.constEnd() || found->expires <= now() || !m_media.contains(found->mediaId))
        return no(404);
    const Media &media = m_media[found->mediaId];
    if (refusedNumber(request, media.numberId, kMessaging))
        return no(401);
    return {.raw = SimulatedHttp::Reply{.contentType = media.mime, .body = media.bytes}};
}

SimulatedGraph::Outcome SimulatedWhatsapp::takeSign(const QJsonObject &body)
{
    if (const QString key = strangeKey(body, {u"messaging_product"_s, u"status"_s, u"message_id"_s, u"typing_indicator"_s}); !key.isEmpty())
        return unknownParameter(key);
    const QString id = body[u"message_id"_s].toString();
    if (body[u"status"_s] != "read"_L1 || !id.startsWith("wamid."_L1))
        return badParameter(u"status must be read, of a wamid"_s);
    if (body.contains(u"typing_indicator"_s) && body[u"typing_indicator"_s] != QJsonObject{{u"type"_s, u"text"_s}})
        return badParameter(u"typing_indicator"_s);
    m_read.append(id);
    return {.body = {{u"success"_s, true}}};
}

SimulatedGraph::Outcome SimulatedWhatsapp::send(const QString &numberId, const SimulatedHttp::Request &request)
{
    if (auto no = refusedNumber(request, numberId, kMessaging))
        return *no;
    const QJsonObject body = bodyOf(request);
    if (body.isEmpty() || !request.header("Content-Type").startsWith("application/json"))
        return badParameter(u"The body is not JSON"_s);
    if (body[u"messaging_product"_s] != "whatsapp"_L1)
        return badParameter(u"messaging_product must be whatsapp"_s);
    if (body.contains(u"status"_s))
        return takeSign(body);
    const QString type = body[u"type"_s].toString();
    static const QStringList types{u"text"_s, u"image"_s, u"video"_s, u"audio"_s, u"document"_s, u"sticker"_s, u"reaction"_s, u"interactive"_s, u"template"_s, u"location"_s, u"contacts"_s};
    if (!types.contains(type))
        return badParameter(u"Param type must be one of {%1}"_s.arg(types.join(u", "_s)));
    if (const QString key = strangeKey(body, {u"messaging_product"_s, u"recipient_type"_s, u"to"_s, u"recipient"_s, u"type"_s, u"context"_s, u"biz_opaque_callback_data"_s, type}); !key.isEmpty())
        return unknownParameter(key);
    if (body.contains(u"recipient_type"_s) && body[u"recipient_type"_s] != "individual"_L1)
        return badParameter(u"recipient_type"_s);
    if (body[u"biz_opaque_callback_data"_s].toString().size() > 512 || strangeKey(body[u"context"_s].toObject(), {u"message_id"_s}) != QString())
        return badParameter(u"biz_opaque_callback_data or context"_s);
    static const QRegularExpression digits(u"^\\+?[0-9]{7,15}$"_s);
    static const QRegularExpression userId(u"^[A-Z]{2}\\.(ENT\\.)?[A-Za-z0-9]{1,128}$"_s);
    const QString to = body[u"to"_s].toString();
    const QString recipient = body[u"recipient"_s].toString();
    if (to.isEmpty() == recipient.isEmpty() || (!to.isEmpty() && !digits.match(to).hasMatch()) || (!recipient.isEmpty() && !userId.match(recipient).hasMatch()))
        return badParameter(u"to must be a phone number, or recipient a user id"_s);
    const QString address = recipient.isEmpty() ? canonical(QString(to).remove(u'+')) : recipient;
    if (address == numberOf(numberId)->digits)
        return refused(131021, u"Recipient cannot be sender"_s);
    if (auto no = refusedContent(numberId, type, body[type].toObject()); no && type != "contacts"_L1)
        return *no;
    const auto last = m_lastFrom.constFind(address);
    if (type != "template"_L1 && (last == m_lastFrom.constEnd() || now() - *last >= m_options.window))
        return refused(131047, u"Re-engagement message"_s, 0, 400, u"Message failed to send because more than 24 hours have passed since the customer last replied to this number."_s);

    const QString id = newWamid();
    m_sent.append({.id = id, .to = address, .body = body, .at = now()});
    emit messageSent(address, id, type);
    QJsonObject contact{{u"input"_s, to.isEmpty() ? recipient : to}};
    contact.insert(recipient.isEmpty() ? u"wa_id"_s : u"user_id"_s, address);
    QJsonObject message{{u"id"_s, id}};
    if (type == "template"_L1)
        message.insert(u"message_status"_s, u"accepted"_s);
    // Of a reaction nothing but its leaving is told.
    const QStringList statuses = type == "reaction"_L1 && !m_statuses.isEmpty() ? QStringList{u"sent"_s} : m_statuses;
    return {.body = {{u"messaging_product"_s, u"whatsapp"_s}, {u"contacts"_s, QJsonArray{contact}}, {u"messages"_s, QJsonArray{message}}},
            .follows = [this, id, statuses, at = m_at] {
                const int was = std::exchange(m_at, at);
                for (const QString &status : statuses)
                    tellStatus(id, status);
                m_at = was;
            }};
}

std::optional<SimulatedGraph::Outcome> SimulatedWhatsapp::refusedContent(const QString &numberId, const QString &type, const QJsonObject &content)
{
    const auto strange = [&](const QStringList &known) -> std::optional<Outcome> {
        const QString key = strangeKey(content, known);
        return key.isEmpty() ? std::nullopt : std::optional(unknownParameter(key));
    };
    if (type == "text"_L1) {
        const QString text = content[u"body"_s].toString();
        if (text.isEmpty() || text.size() > 4096)
            return badParameter(u"Param text['body'] must be at most 4096 characters long"_s);
        return strange({u"body"_s, u"preview_url"_s});
    }
    if (type == "reaction"_L1) {
        if (!content[u"message_id"_s].toString().startsWith("wamid."_L1) || !content[u"emoji"_s].isString())
            return badParameter(u"reaction"_s);
        return strange({u"message_id"_s, u"emoji"_s});
    }
    if (type == "location"_L1) {
        if (!content[u"latitude"_s].isDouble() || !content[u"longitude"_s].isDouble())
            return badParameter(u"location"_s);
        return strange({u"latitude"_s, u"longitude"_s, u"name"_s, u"address"_s});
    }
    if (type == "interactive"_L1)
        return refusedInteractive(content);
    if (type == "template"_L1)
        return refusedTemplate(content);
    return type == "contacts"_L1 ? std::nullopt : refusedFile(numberId, type, content);
}

std::optional<SimulatedGraph::Outcome> SimulatedWhatsapp::refusedFile(const QString &numberId, const QString &type, const QJsonObject &content)
{
    QStringList known{u"id"_s};
    if (type == "image"_L1 || type == "video"_L1 || type == "document"_L1)
        known.append(u"caption"_s);
    if (type == "document"_L1)
        known.append(u"filename"_s);
    if (type == "audio"_L1)
        known.append(u"voice"_s);
    if (const QString key = strangeKey(content, known); !key.isEmpty())
        return unknownParameter(key);
    if (content[u"caption"_s].toString().size() > 1024)
        return badParameter(u"caption"_s);
    const auto media = m_media.constFind(content[u"id"_s].toString());
    if (media == m_media.constEnd() || !media->isUpload || media->numberId != numberId || media->made + kUploadLife <= now())
        return refused(131053, u"Media upload error"_s, 0, 400, u"The media does not exist"_s);
    const bool fits = type == "document"_L1 || (type == "sticker"_L1 ? media->mime == "image/webp" : media->mime.startsWith(type.toLatin1() + '/') && media->mime != "image/webp");
    if (!fits)
        return refused(131053, u"Media upload error"_s, 0, 400, u"The type of the media does not fit"_s);
    return std::nullopt;
}

std::optional<SimulatedGraph::Outcome> SimulatedWhatsapp::refusedInteractive(const QJsonObject &content)
{
    const QString type = content[u"type"_s].toString();
    const QJsonObject action = content[u"action"_s].toObject();
    if (const QString key = strangeKey(content, {u"type"_s, u"header"_s, u"body"_s, u"footer"_s, u"action"_s}); !key.isEmpty())
        return unknownParameter(key);
    if (content[u"body"_s][u"text"_s].toString().isEmpty() || content[u"body"_s][u"text"_s].toString().size() > (type == "list"_L1 ? 4096 : 1024))
        return badParameter(u"interactive body"_s);
    QStringList titles;
    if (type == "button"_L1) {
        const QJsonArray buttons = action[u"buttons"_s].toArray();
        for (const QJsonValue &button : buttons) {
            titles.append(button[u"reply"_s][u"title"_s].toString());
            if (button[u"type"_s] != "reply"_L1 || titles.last().isEmpty() || titles.last().size() > 20 || button[u"reply"_s][u"id"_s].toString().isEmpty())
                return badParameter(u"button"_s);
        }
        const bool fits = !buttons.isEmpty() && buttons.size() <= 3 && QSet<QString>(titles.begin(), titles.end()).size() == titles.size();
        return fits ? std::nullopt : std::optional(badParameter(u"buttons"_s));
    }
    if (type != "list"_L1 || action[u"button"_s].toString().isEmpty() || action[u"button"_s].toString().size() > 20)
        return badParameter(u"interactive type or button"_s);
    const QJsonArray sections = action[u"sections"_s].toArray();
    for (const QJsonValue &section : sections) {
        const QJsonArray rows = section[u"rows"_s].toArray();
        for (const QJsonValue &row : rows) {
            titles.append(row[u"title"_s].toString());
            if (titles.last().isEmpty() || titles.last().size() > 24 || row[u"id"_s].toString().isEmpty() || row[u"description"_s].toString().size() > 72)
                return badParameter(u"row"_s);
        }
    }
    return titles.isEmpty() || titles.size() > 10 ? std::optional(badParameter(u"rows"_s)) : std::nullopt;
}

std::optional<SimulatedGraph::Outcome> SimulatedWhatsapp::refusedTemplate(const QJsonObject &content)
{
    const QString name = content[u"name"_s].toString();
    const QString language = content[u"language"_s][u"code"_s].toString();
    if (const QString key = strangeKey(content, {u"name"_s, u"language"_s, u"components"_s}); !key.isEmpty())
        return unknownParameter(key);
    const auto found = std::find_if(m_options.templates.begin(), m_options.templates.end(), [&](const QJsonValue &one) {
        return one[u"name"_s] == name && one[u"language"_s] == language && one[u"status"_s] == "APPROVED"_L1;
    });
    if (found == m_options.templates.end())
        return refused(132001, u"Template name does not exist in the translation"_s, 0, 404, u"template name (%1) does not exist in %2"_s.arg(name, language));
    QHash<QString, QStringList> given;          // by component
    QStringList kinds;
    const QJsonArray components = content[u"components"_s].toArray();
    for (const QJsonValue &component : components) {
        const QString kind = component[u"type"_s].toString().toLower();
        const QJsonArray parameters = component[u"parameters"_s].toArray();
        for (const QJsonValue &parameter : parameters) {
            if (parameter[u"type"_s] == "text"_L1 && isBroken(parameter[u"text"_s].toString()))
                return refused(132012, u"Parameter format does not match format in the created template"_s);
            kinds.append(parameter[u"type"_s].toString());
            given[kind].append(parameter[u"parameter_name"_s].toString(QString::number(given[kind].size() + 1)));
        }
    }
    const QJsonArray defined = (*found)[u"components"_s].toArray();
    for (const QJsonValue &component : defined) {
        const QString kind = component[u"type"_s].toString().toLower();
        QStringList wanted = placeholders(component[u"text"_s].toString());
        if (kind == "header"_L1 && component[u"format"_s] != "TEXT"_L1) {
            wanted = {u"1"_s};
            if (!kinds.contains(component[u"format"_s].toString().toLower()))
                return refused(132012, u"Parameter format does not match format in the created template"_s);
        }
        QStringList has = given.value(kind);
        if (kind == "buttons"_L1) {
            has = given.value(u"button"_s);
            const QJsonArray buttons = component[u"buttons"_s].toArray();
            for (const QJsonValue &button : buttons)
                wanted += placeholders(button[u"url"_s].toString());
        }
        has.sort();
        wanted.removeDuplicates();
        wanted.sort();
        if (has != wanted)
            return refused(132000, u"Number of parameters does not match the expected number of params"_s, 0, 400,
                           u"%1: number of localizable_params (%2) does not match the expected number of params (%3)"_s.arg(kind).arg(has.size()).arg(wanted.size()));
    }
    return std::nullopt;
}

} // namespace antiphon::demo
