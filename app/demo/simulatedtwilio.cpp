#include "app/demo/simulatedtwilio.h"

#include <QMessageAuthenticationCode>
#include <QRegularExpression>
#include <QTimer>

namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

/// A number of a fragment's extensions: "#rc=3&rp=all".
QString extension(const QUrl &url, const QString &name)
{
    const QStringList pairs = url.fragment(QUrl::FullyDecoded).split(u'&');
    for (const QString &pair : pairs) {
        if (pair.section(u'=', 0, 0) == name)
            return pair.section(u'=', 1);
    }
    return {};
}

void put(SimulatedTwilio::Fields &fields, const QString &name, const QString &value)
{
    for (auto &field : fields) {
        if (field.first == name) {
            field.second = value;
            return;
        }
    }
    fields.append({name, value});
}

} // namespace

SimulatedTwilio::SimulatedTwilio(TwilioOptions options, const Clock &clock, RandomSource &random, QObject *parent)
    : SimulatedPlatform(clock, random, parent), m_options(std::move(options)), m_poster(new HookPoster(m_options.webhookTimeout, this))
{
}

QByteArray SimulatedTwilio::formOf(const Fields &fields)
{
    QByteArray form;
    for (const auto &[name, value] : fields)
        form += (form.isEmpty() ? "" : "&") + QUrl::toPercentEncoding(name) + '=' + QUrl::toPercentEncoding(value).replace("%20", "+");
    return form;
}

SimulatedTwilio::Fields SimulatedTwilio::fieldsOf(const QByteArray &form)
{
    Fields fields;
    const QList<QByteArray> pairs = form.split('&');
    for (QByteArray pair : pairs) {
        const auto equals = pair.replace('+', ' ').indexOf('=');
        if (equals > 0)
            fields.append({QString::fromUtf8(QByteArray::fromPercentEncoding(pair.left(equals))), QString::fromUtf8(QByteArray::fromPercentEncoding(pair.mid(equals + 1)))});
    }
    return fields;
}

QByteArray SimulatedTwilio::signature(const QString &authToken, const QUrl &url, const Fields &fields)
{
    QList<QPair<QByteArray, QByteArray>> sorted;
    for (const auto &[name, value] : fields)
        sorted.append({name.toUtf8(), value.toUtf8()});
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    QByteArray text = url.toEncoded(QUrl::RemoveFragment);
    for (const auto &[name, value] : std::as_const(sorted))
        text += name + value;
    return QMessageAuthenticationCode::hash(text, authToken.toUtf8(), QCryptographicHash::Sha1).toBase64();
}

QString SimulatedTwilio::Sent::value(const QString &name) const
{
    const QStringList all = values(name);
    return all.isEmpty() ? QString() : all.first();
}

QStringList SimulatedTwilio::Sent::values(const QString &name) const
{
    QStringList found;
    for (const auto &[key, value] : parameters) {
        if (key == name)
            found.append(value);
    }
    return found;
}

SimulatedPlatform::Outcome SimulatedTwilio::refused(int code, const QString &message, int status) const
{
    return {.body = {{u"code"_s, code}, {u"message"_s, message}, {u"more_info"_s, u"https://www.twilio.com/docs/errors/%1"_s.arg(code)}, {u"status"_s, status}},
            .httpStatus = status,
            .isRefused = true};
}

SimulatedPlatform::Outcome SimulatedTwilio::refusal(const ScriptedAnswer &script)
{
    return refused(script.code, script.message.isEmpty() ? u"Scripted refusal"_s : script.message, script.httpStatus == 200 ? 400 : script.httpStatus);
}

bool SimulatedTwilio::isAuthorized(const SimulatedHttp::Request &request) const
{
    const QByteArray given = request.header("Authorization");
    const QString pair = QString::fromUtf8(QByteArray::fromBase64(given.mid(6)));
    return given.startsWith("Basic ") && (pair == m_options.accountSid + u':' + m_options.authToken || pair == m_options.apiKeySid + u':' + m_options.apiKeySecret);
}

SimulatedPlatform::Route SimulatedTwilio::routeOf(const SimulatedHttp::Request &request) const
{
    const QString verb = QString::fromLatin1(request.method) + u' ';
    QString path = QString::fromUtf8(QByteArray::fromPercentEncoding(request.path));
    struct Pattern {
        QRegularExpression form;
        QString name;
        QString verbs;
    };
    static const QString account = u"^/2010-04-01/Accounts/AC[0-9a-fA-F]{32}"_s;
    static const QList<Pattern> patterns{{QRegularExpression(account + u"\\.json$"_s), u"Account"_s, u"GET"_s},
                                         {QRegularExpression(account + u"/IncomingPhoneNumbers\\.json$"_s), u"IncomingPhoneNumbers"_s, u"GET"_s},
                                         {QRegularExpression(account + u"/IncomingPhoneNumbers/(PN[0-9a-f]{32})\\.json$"_s), u"IncomingPhoneNumber"_s, u"POST"_s},
                                         {QRegularExpression(account + u"/Messages\\.json$"_s), u"Messages"_s, u"GET POST"_s},
                                         {QRegularExpression(account + u"/Messages/([A-Z]{2}[0-9a-f]{32})\\.json$"_s), u"Message"_s, u"GET"_s},
                                         {QRegularExpression(account + u"/Messages/([A-Z]{2}[0-9a-f]{32})/Media\\.json$"_s), u"MediaList"_s, u"GET"_s},
                                         {QRegularExpression(account + u"/Messages/([A-Z]{2}[0-9a-f]{32}/Media/ME[0-9a-f]{32})$"_s), u"Media"_s, u"GET"_s},
                                         {QRegularExpression(u"^/content/(ME[0-9a-f]{32})$"_s), u"content"_s, u"GET"_s},
                                         {QRegularExpression(u"^/v1/Services/(MG[0-9a-f]{32})$"_s), u"Service"_s, u"GET POST"_s},
                                         {QRegularExpression(u"^/v1/Services/(MG[0-9a-f]{32})/PhoneNumbers$"_s), u"ServiceNumbers"_s, u"GET"_s},
                                         {QRegularExpression(u"^/v2/Channels/Senders$"_s), u"Senders"_s, u"GET"_s},
                                         {QRegularExpression(u"^/v2/Channels/Senders/(XE[0-9a-f]{32})$"_s), u"Sender"_s, u"GET POST"_s},
                                         {QRegularExpression(u"^/v1/ContentAndApprovals$"_s), u"ContentAndApprovals"_s, u"GET"_s},
                                         {QRegularExpression(u"^/v2/Indicators/Typing\\.json$"_s), u"Typing"_s, u"POST"_s}};
    if (path.startsWith("/2010-04-01/"_L1) && !path.contains(m_options.accountSid))
        return {};
    for (const Pattern &pattern : patterns) {
        const auto match = pattern.form.match(path);
        if (match.hasMatch() && pattern.verbs.contains(verb.trimmed()))
            return {verb + pattern.name, match.captured(1)};
    }
    return {};
}

void SimulatedTwilio::perform(const Route &route, const SimulatedHttp::Request &request, const Done &done)
{
    const QString what = route.endpoint.section(u' ', 1);
    const bool isPost = request.method == "POST";
    if (what == "content"_L1)
        return done(content(route.node, request));
    if (!isAuthorized(request))
        return done(refused(20003, u"Authenticate"_s, 401));
    if (isPost && what != "Sender"_L1 && !request.header("Content-Type").startsWith("application/x-www-form-urlencoded"))
        return done(refused(20001, u"Parameters are sent as a form"_s));
    if (what == "Account"_L1)
        return done(account());
    if (what == "IncomingPhoneNumbers"_L1)
        return done(listNumbers(request));
    if (what == "IncomingPhoneNumber"_L1)
        return done(changeNumber(route.node, request));
    if (what == "Service"_L1)
        return done(service(route.node, request));
    if (what == "ServiceNumbers"_L1)
        return done(serviceNumbers(route.node));
    if (what == "Senders"_L1)
        return done(listSenders(request));
    if (what == "Sender"_L1)
        return done(changeSender(route.node, request));
    if (what == "ContentAndApprovals"_L1)
        return done(listTemplates(request));
    if (what == "Typing"_L1)
        return done(takeTyping(request));
    if (what == "Messages"_L1)
        return done(isPost ? create(request) : list(request));
    if (what == "Media"_L1)
        return done(media(route.node));
    if (what == "MediaList"_L1)
        return done(mediaList(route.node));
    const Message *found = message(route.node);
    done(found ? Outcome{.body = objectOf(*found)} : nowhere(request));
}

SimulatedTwilio::Message *SimulatedTwilio::message(const QString &sid)
{
    for (Message &one : m_messages) {
        if (one.sid == sid)
            return &one;
    }
    return nullptr;
}

bool SimulatedTwilio::isOurs(const QString &address) const
{
    return address == m_options.whatsappNumber || std::any_of(m_options.numbers.begin(), m_options.numbers.end(), [&](const TwilioNumber &one) { return one.number == address; });
}

QUrl SimulatedTwilio::callbackOf(const QString &to) const
{
    if (to.startsWith("whatsapp:"_L1))
        return QUrl(senderUrl());
    for (const TwilioNumber &one : m_options.numbers) {
        const bool isByService = !one.service.isEmpty() && !serviceUrl().isEmpty() && !m_service.value(u"use_inbound_webhook_on_number"_s).toBool();
        if (one.number == to)
            return QUrl(isByService ? serviceUrl() : m_smsUrls.value(one.sid));
    }
    return {};
}

QString SimulatedTwilio::customerWrites(const QString &from, const QString &body, const TwilioEvent &event)
{
    const bool isWhatsapp = from.startsWith("whatsapp:"_L1);
    const QString to = !event.to.isEmpty() ? event.to : isWhatsapp ? m_options.whatsappNumber : m_options.numbers.first().number;
    Message made{.sid = event.sid.isEmpty() ? sid(event.media.isEmpty() ? u"SM"_s : u"MM"_s) : event.sid,
                 .from = from,
                 .to = to,
                 .body = body,
                 .status = u"received"_s,
                 .isInbound = true,
                 .at = event.at.value_or(now())};
    for (const TwilioNumber &one : m_options.numbers) {
        if (one.number == to)
            made.service = one.service;
    }
    m_lastFrom.insert(from + u' ' + to, made.at);
    const QString word = body.trimmed().toUpper();
    static const QStringList stops{u"STOP"_s, u"STOPALL"_s, u"UNSUBSCRIBE"_s, u"CANCEL"_s, u"END"_s, u"QUIT"_s};
    static const QStringList starts{u"START"_s, u"UNSTOP"_s, u"YES"_s};
    if (!isWhatsapp && stops.contains(word))
        m_optedOut.append(from + u' ' + to);
    else if (starts.contains(word))
        m_optedOut.removeAll(from + u' ' + to);

    Fields fields{{u"AccountSid"_s, m_options.accountSid}, {u"ApiVersion"_s, u"2010-04-01"_s}, {u"Body"_s, body}, {u"From"_s, from}, {u"To"_s, to}, {u"MessageSid"_s, made.sid},
                  {u"SmsSid"_s, made.sid}, {u"SmsMessageSid"_s, made.sid}, {u"NumMedia"_s, QString::number(event.media.size())}, {u"NumSegments"_s, u"1"_s},
                  {u"SmsStatus"_s, u"received"_s}};
    if (!made.service.isEmpty())
        fields.append({u"MessagingServiceSid"_s, made.service});
    if (isWhatsapp) {
        fields.append({u"WaId"_s, QString(from).remove(u"whatsapp:+"_s)});
        fields.append({u"MessageType"_s, event.media.isEmpty() ? u"text"_s : QString::fromLatin1(event.media[0].mime).section(u'/', 0, 0)});
    } else {
        fields += Fields{{u"FromCountry"_s, u"US"_s}, {u"FromCity"_s, QString()}, {u"ToCountry"_s, u"US"_s}};
        if (m_options.tellsOptOutType && (stops.contains(word) || starts.contains(word)))
            fields.append({u"OptOutType"_s, stops.contains(word) ? u"STOP"_s : u"START"_s});
    }
    for (qsizetype i = 0; i < event.media.size(); ++i) {
        made.media.append({.sid = sid(u"ME"_s), .file = event.media[i]});
        // The official host, wherever this one listens.
        fields.append({u"MediaUrl%1"_s.arg(i), u"https://api.twilio.com/2010-04-01/Accounts/%1/Messages/%2/Media/%3"_s.arg(m_options.accountSid, made.sid, made.media[i].sid)});
        fields.append({u"MediaContentType%1"_s.arg(i), QString::fromLatin1(event.media[i].mime)});
    }
    for (const auto &[name, value] : event.more)
        put(fields, name, value);
    m_messages.append(made);
    if (event.withWebhook)
        post(event.webhook.callback.isEmpty() ? callbackOf(to) : event.webhook.callback, fields, event.webhook);
    return made.sid;
}

void SimulatedTwilio::post(const QUrl &url, const Fields &fields, const WebhookOptions &webhook)
{
    if (url.isEmpty())
        return;
    for (int copy = 0; copy < webhook.copies; ++copy)
        deliver(url, fields, webhook, 0);
}

void SimulatedTwilio::deliver(const QUrl &url, const Fields &fields, const WebhookOptions &webhook, int attempt)
{
    Fields signedFields = fields;
    if (webhook.signature == WebhookOptions::Signature::ChangedBody)
        signedFields.append({u"Zzz"_s, u"1"_s});
    const QString key = m_options.authToken + (webhook.signature == WebhookOptions::Signature::WrongKey ? u"x"_s : QString());
    QList<SimulatedHttp::Header> headers{{"Content-Type", "application/x-www-form-urlencoded; charset=UTF-8"}, {"User-Agent", "TwilioProxy/1.1"}};
    if (webhook.signature != WebhookOptions::Signature::Missing)
        headers.append({"X-Twilio-Signature", signature(key, url, signedFields)});
    m_poster->post(url, headers, formOf(fields), [this, url, fields, webhook, attempt](const HookAnswer &answer) {
        if (answer.status >= 200 && answer.status < 300) {
            const bool isText = answer.contentType.startsWith("text/plain") && !answer.body.trimmed().isEmpty();
            if (isText || answer.body.contains("<Message"))
                m_textedBack.append(QString::fromUtf8(answer.body));
            return;
        }
        bool isNumber = false;
        const int asked = extension(url, u"rc"_s).toInt(&isNumber);
        const bool isRepeated = !answer.connected || extension(url, u"rp"_s) == "all"_L1;
        if (webhook.repeats && isRepeated && attempt < (isNumber ? asked : 1))
            QTimer::singleShot(Milliseconds(qint64(1000.0 * m_options.pauseScale)), this, [this, url, fields, webhook, attempt] { deliver(url, fields, webhook, attempt + 1); });
    });
}

} // namespace antiphon::demo
