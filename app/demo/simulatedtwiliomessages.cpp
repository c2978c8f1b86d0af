#include "app/demo/simulatedtwilio.h"

#include <QDateTime>
#include <QLocale>
#include <QRegularExpression>
#include <QTimer>

/// What the API says to sends, and the list of what was sent and received.
namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 kLargestMms = 5 * 1024 * 1024;
constexpr qint64 kLargestWhatsapp = 16 * 1024 * 1024;

QString rfc2822(Timestamp at)
{
    return QLocale::c().toString(QDateTime::fromMSecsSinceEpoch(toUnixMs(at), Qt::UTC), u"ddd, dd MMM yyyy hh:mm:ss '+0000'"_s);
}

/// Whether a time fits a filter of the list; of a date without a time the whole day counts.
bool fits(Timestamp at, const QString &comparison, const QString &wanted)
{
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(toUnixMs(at), Qt::UTC);
    if (const QDate day = QDate::fromString(wanted, Qt::ISODate); day.isValid() && wanted.size() == 10) {
        const QDate own = time.date();
        return comparison.isEmpty() ? own == day : comparison == ">"_L1 ? own >= day : own <= day;
    }
    const QDateTime moment = QDateTime::fromString(wanted, Qt::ISODateWithMs);
    return moment.isValid() && (comparison == ">"_L1 ? time >= moment : comparison == "<"_L1 && time <= moment);
}

} // namespace

std::optional<SimulatedPlatform::Outcome> SimulatedTwilio::refusedSend(const Sent &sent) const
{
    static const QStringList known{u"To"_s, u"From"_s, u"MessagingServiceSid"_s, u"Body"_s, u"MediaUrl"_s, u"ContentSid"_s, u"ContentVariables"_s, u"StatusCallback"_s,
                                   u"PersistentAction"_s, u"ValidityPeriod"_s, u"SmartEncoded"_s, u"ShortenUrls"_s, u"SendAsMms"_s};
    for (const auto &parameter : sent.parameters) {
        if (!known.contains(parameter.first))
            return refused(20001, u"Unknown parameter "_s + parameter.first);
    }
    static const QRegularExpression address(u"^(whatsapp:)?\\+[1-9][0-9]{6,14}$"_s);
    const bool isWhatsapp = sent.to.startsWith("whatsapp:"_L1);
    const QString service = sent.value(u"MessagingServiceSid"_s);
    if (!address.match(sent.to).hasMatch() && !QRegularExpression(u"^[0-9]{5,6}$"_s).match(sent.to).hasMatch())
        return refused(21211, u"The 'To' number %1 is not a valid phone number."_s.arg(sent.to));
    if (sent.from.isEmpty() == service.isEmpty())
        return refused(21603, u"A 'From' phone number or a messaging service is required."_s);
    if (!service.isEmpty() && service != m_options.serviceSid)
        return refused(21703, u"The Messaging Service does not exist"_s, 404);
    if (!sent.from.isEmpty() && sent.from.startsWith("whatsapp:"_L1) != isWhatsapp)
        return refused(21910, u"Invalid From and To pair. From and To should be of the same channel"_s);
    if (!sent.from.isEmpty() && !isOurs(sent.from))
        return isWhatsapp ? refused(63007, u"Twilio could not find a Channel with the specified From address"_s) : refused(21606, u"The From phone number is not a valid, SMS-capable number"_s);
    const QString body = sent.value(u"Body"_s);
    const QStringList links = sent.values(u"MediaUrl"_s);
    const QString content = sent.value(u"ContentSid"_s);
    if (body.size() > 1600)
        return refused(21617, u"The concatenated message body exceeds the 1600 character limit"_s);
    if (!content.isEmpty() && (!body.isEmpty() || !links.isEmpty()))
        return refused(21656, u"A template goes without Body and MediaUrl"_s);
    if (body.isEmpty() && links.isEmpty() && content.isEmpty())
        return refused(21602, u"Message body is required"_s);
    if (links.size() > (isWhatsapp ? 1 : 10))
        return refused(21623, u"Number of media files exceeds allowed limit"_s);
    for (const QString &link : links + sent.values(u"StatusCallback"_s)) {
        if (!QUrl(link).isValid() || QUrl(link).host().isEmpty())
            return links.contains(link) ? refused(21620, u"Invalid media URL(s)"_s) : refused(21609, u"The StatusCallback URL is not a valid URL"_s);
    }
    if (!content.isEmpty()) {
        const bool isKnown = std::any_of(m_options.templates.begin(), m_options.templates.end(), [&](const QJsonValue &one) { return one[u"sid"_s] == content; });
        const QString variables = sent.value(u"ContentVariables"_s);
        if (!isKnown)
            return refused(21655, u"The ContentSid is invalid"_s);
        if (!variables.isEmpty() && !variables.startsWith(u'{'))
            return refused(21656, u"The ContentVariables parameter is invalid"_s);
    }
    if (!isWhatsapp && std::any_of(m_options.numbers.begin(), m_options.numbers.end(), [&](const TwilioNumber &one) {
            return (sent.from == one.number || one.service == service) && m_optedOut.contains(sent.to + u' ' + one.number);
        }))
        return refused(21610, u"Attempt to send to unsubscribed recipient"_s);
    return std::nullopt;
}

SimulatedPlatform::Outcome SimulatedTwilio::create(const SimulatedHttp::Request &request)
{
    Sent sent{.parameters = fieldsOf(request.body)};
    sent.to = sent.value(u"To"_s);
    sent.from = sent.value(u"From"_s);
    if (auto no = refusedSend(sent))
        return *no;
    const QStringList links = sent.values(u"MediaUrl"_s);
    const QString service = sent.value(u"MessagingServiceSid"_s);
    const bool isWhatsapp = sent.to.startsWith("whatsapp:"_L1);
    sent.sid = sid(links.isEmpty() || isWhatsapp ? u"SM"_s : u"MM"_s);
    QString callback = sent.value(u"StatusCallback"_s);
    if (callback.isEmpty() && !service.isEmpty())
        callback = m_service.value(u"status_callback"_s).toString();
    if (callback.isEmpty() && isWhatsapp)
        callback = m_sender.value(u"status_callback_url"_s).toString();
    Message made{.sid = sent.sid,
                 .from = !service.isEmpty() && !isWhatsapp ? m_options.numbers.first().number : isWhatsapp ? m_options.whatsappNumber : sent.from,
                 .to = sent.to,
                 .body = sent.value(u"Body"_s),
                 .service = service,
                 .status = service.isEmpty() ? u"queued"_s : u"accepted"_s,
                 .at = now(),
                 .callback = QUrl(callback)};
    m_messages.append(made);
    m_sent.append(sent);
    QJsonObject body = objectOf(made);
    body.insert(u"date_sent"_s, QJsonValue::Null);
    Outcome outcome{.body = body, .httpStatus = 201};
    if (links.isEmpty())
        outcome.follows = [this, sid = sent.sid] { follow(sid); };
    else
        outcome.then = [this, sid = sent.sid, links] { fetchMedia(sid, links); };
    emit messageSent(sent.to, sent.sid);
    return outcome;
}

/// HEAD and then GET of each link; the message fails where one can't be had or isn't what its head says.
void SimulatedTwilio::fetchMedia(const QString &sid, const QStringList &links)
{
    m_fetching.insert(sid, int(links.size()));
    for (const QString &link : links) {
        m_poster->ask("HEAD", QUrl(link), [this, sid, link](const HookAnswer &head) {
            m_fetched.append({"HEAD", QUrl(link), head});
            m_poster->ask("GET", QUrl(link), [this, sid, link, head](const HookAnswer &got) {
                m_fetched.append({"GET", QUrl(link), got});
                const Message *about = message(sid);
                const bool isWhatsapp = about && about->to.startsWith("whatsapp:"_L1);
                endFetch(sid, head.status == 200 && got.status == 200 && got.contentType == head.contentType && got.body.size() <= (isWhatsapp ? kLargestWhatsapp : kLargestMms));
            });
        });
    }
}

void SimulatedTwilio::endFetch(const QString &sid, bool isRight)
{
    const int left = --m_fetching[sid];
    if (!isRight) {
        m_fetching[sid] = -1;
        tellStatus(sid, u"failed"_s, message(sid)->to.startsWith("whatsapp:"_L1) ? 63019 : 11751);
    } else if (left == 0) {
        follow(sid);
    }
}

void SimulatedTwilio::follow(const QString &sid)
{
    const Message *about = message(sid);
    const auto last = m_lastFrom.constFind(about->to + u' ' + about->from);
    const bool isTemplate = std::any_of(m_sent.begin(), m_sent.end(), [&](const Sent &one) { return one.sid == sid && !one.value(u"ContentSid"_s).isEmpty(); });
    // What comes too late is taken first and fails later.
    if (about->to.startsWith("whatsapp:"_L1) && !isTemplate && (last == m_lastFrom.constEnd() || now() - *last >= 24h))
        return tellStatus(sid, u"failed"_s, 63016);
    for (const QString &status : std::as_const(m_statuses))
        tellStatus(sid, status);
}

void SimulatedTwilio::setStatus(const QString &sid, const QString &status, int errorCode)
{
    if (Message *about = message(sid)) {
        about->status = status;
        about->errorCode = errorCode;
    }
}

void SimulatedTwilio::tellStatus(const QString &sid, const QString &status, int errorCode, const WebhookOptions &webhook)
{
    setStatus(sid, status, errorCode);
    const Message *about = message(sid);
    if (!about || about->callback.isEmpty())
        return;
    Fields fields{{u"AccountSid"_s, m_options.accountSid}, {u"ApiVersion"_s, u"2010-04-01"_s}, {u"MessageSid"_s, sid}, {u"SmsSid"_s, sid}, {u"MessageStatus"_s, status},
                  {u"SmsStatus"_s, status}, {u"From"_s, about->from}, {u"To"_s, about->to}};
    if (errorCode)
        fields.append({u"ErrorCode"_s, QString::number(errorCode)});
    if (!about->service.isEmpty())
        fields.append({u"MessagingServiceSid"_s, about->service});
    if (about->to.startsWith("whatsapp:"_L1))
        fields += Fields{{u"ChannelPrefix"_s, u"whatsapp"_s}, {u"ChannelInstallSid"_s, m_options.senderSid}, {u"EventType"_s, status.toUpper()}};
    post(about->callback, fields, webhook);
}

QJsonObject SimulatedTwilio::objectOf(const Message &message) const
{
    const QString uri = u"/2010-04-01/Accounts/%1/Messages/%2"_s.arg(m_options.accountSid, message.sid);
    return {{u"sid"_s, message.sid},
            {u"account_sid"_s, m_options.accountSid},
            {u"messaging_service_sid"_s, message.service.isEmpty() ? QJsonValue::Null : QJsonValue(message.service)},
            {u"from"_s, message.from},
            {u"to"_s, message.to},
            {u"body"_s, message.body},
            {u"status"_s, message.status},
            {u"direction"_s, message.isInbound ? u"inbound"_s : u"outbound-api"_s},
            {u"error_code"_s, message.errorCode ? QJsonValue(message.errorCode) : QJsonValue::Null},
            {u"error_message"_s, QJsonValue::Null},
            {u"num_media"_s, QString::number(message.media.size())},
            {u"num_segments"_s, message.service.isEmpty() ? u"1"_s : u"0"_s},
            {u"date_created"_s, rfc2822(message.at)},
            {u"date_updated"_s, rfc2822(message.at)},
            {u"date_sent"_s, rfc2822(message.at)},
            {u"api_version"_s, u"2010-04-01"_s},
            {u"price"_s, QJsonValue::Null},
            {u"uri"_s, uri + u".json"_s},
            {u"subresource_uris"_s, QJsonObject{{u"media"_s, uri + u"/Media.json"_s}}}};
}

SimulatedPlatform::Outcome SimulatedTwilio::list(const SimulatedHttp::Request &request) const
{
    static const QStringList known{u"To"_s, u"From"_s, u"DateSent"_s, u"DateSent>"_s, u"DateSent<"_s, u"PageSize"_s, u"Page"_s, u"PageToken"_s};
    const QStringList names = queryNames(request);
    for (const QString &name : names) {
        if (!known.contains(name))
            return refused(20001, u"Unknown parameter "_s + name);
    }
    QList<const Message *> found;
    for (auto it = m_messages.rbegin(); it != m_messages.rend(); ++it) {
        const auto same = [&](const QByteArray &name, const QString &value) { return request.query(name).value_or(value) == value; };
        bool isWanted = same("To", it->to) && same("From", it->from);
        for (const QString &comparison : {u""_s, u">"_s, u"<"_s}) {
            if (const auto wanted = request.query("DateSent" + comparison.toLatin1()))
                isWanted = isWanted && fits(it->at, comparison, *wanted);
        }
        if (isWanted)
            found.append(&*it);
    }
    std::stable_sort(found.begin(), found.end(), [](const Message *a, const Message *b) { return a->at > b->at; });
    // The page's token is the message it begins behind, so that newer ones don't shift it.
    const QString token = request.query("PageToken").value_or(QString());
    qsizetype at = 0;
    while (!token.isEmpty() && at < found.size() && u"PA"_s + found[at]->sid != token)
        ++at;
    at += token.isEmpty() ? 0 : 1;
    const int size = std::min(m_options.mostPerPage, request.query("PageSize").value_or(u"50"_s).toInt());
    QJsonArray messages;
    for (; at < found.size() && messages.size() < size; ++at)
        messages.append(objectOf(*found[at]));
    QJsonValue next = QJsonValue::Null;
    if (at < found.size()) {
        QByteArray query;
        for (const QByteArray &pair : request.rawQuery.split('&')) {
            if (!pair.startsWith("Page=") && !pair.startsWith("PageToken="))
                query += pair + '&';
        }
        next = QString::fromLatin1(request.path + '?' + query + "Page=1&PageToken=PA") + found[at - 1]->sid;
    }
    return {.body = {{u"messages"_s, messages}, {u"page"_s, 0}, {u"page_size"_s, size}, {u"next_page_uri"_s, next}}};
}

SimulatedPlatform::Outcome SimulatedTwilio::mediaList(const QString &sid) const
{
    for (const Message &one : m_messages) {
        if (one.sid != sid)
            continue;
        QJsonArray media;
        for (const Media &file : one.media)
            media.append(QJsonObject{{u"sid"_s, file.sid}, {u"parent_sid"_s, sid}, {u"account_sid"_s, m_options.accountSid}, {u"content_type"_s, QString::fromLatin1(file.file.mime)},
                                     {u"date_created"_s, rfc2822(one.at)},
                                     {u"uri"_s, u"/2010-04-01/Accounts/%1/Messages/%2/Media/%3.json"_s.arg(m_options.accountSid, sid, file.sid)}});
        return {.body = {{u"media_list"_s, media}, {u"next_page_uri"_s, QJsonValue::Null}}};
    }
    return refused(20404, u"The requested resource was not found"_s, 404);
}

SimulatedPlatform::Outcome SimulatedTwilio::media(const QString &path)
{
    Message *about = message(path.section(u'/', 0, 0));
    const QString wanted = path.section(u'/', 2, 2);
    if (about) {
        for (Media &one : about->media) {
            if (one.sid != wanted)
                continue;
            if (one.file.missing != 0) {
                one.file.missing = std::max(-1, one.file.missing - 1);
                return refused(20404, u"The requested resource was not found"_s, 404);
            }
            return {.raw = SimulatedHttp::Reply{.status = 307, .headers = {{"Location", (apiUrl().toString() + u"/content/"_s + wanted).toLatin1()}}}};
        }
    }
    return refused(20404, u"The requested resource was not found"_s, 404);
}

/// The storage behind the API, which takes its own signature and no second set of credentials.
SimulatedPlatform::Outcome SimulatedTwilio::content(const QString &sid, const SimulatedHttp::Request &request) const
{
    if (!request.header("Authorization").isNull())
        return {.raw = SimulatedHttp::Reply{.status = 400, .contentType = "application/xml", .body = "<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>"}};
    for (const Message &one : m_messages) {
        for (const Media &file : one.media) {
            if (file.sid == sid)
                return {.raw = SimulatedHttp::Reply{.contentType = file.file.mime, .body = file.file.bytes}};
        }
    }
    return {.raw = SimulatedHttp::Reply{.status = 404, .contentType = "application/xml"}};
}

} // namespace antiphon::demo
