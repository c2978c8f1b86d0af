#include "app/demo/simulatedtelegram.h"

#include <QJsonDocument>
#include <QRegularExpression>
#include <QTimer>
#include <QUrlQuery>

namespace antiphon::demo {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QStringList kMethods{u"getMe"_s, u"setWebhook"_s, u"getWebhookInfo"_s, u"deleteWebhook"_s, u"getUpdates"_s, u"sendMessage"_s, u"sendPhoto"_s, u"sendDocument"_s,
                           u"sendVideo"_s, u"sendAudio"_s, u"sendVoice"_s, u"sendAnimation"_s, u"sendMediaGroup"_s, u"sendChatAction"_s, u"answerCallbackQuery"_s, u"getFile"_s,
                           u"getBusinessConnection"_s, u"readBusinessMessage"_s, u"getUserProfilePhotos"_s};
const QStringList kKinds{u"message"_s, u"edited_message"_s, u"channel_post"_s, u"edited_channel_post"_s, u"business_connection"_s, u"business_message"_s, u"edited_business_message"_s,
                         u"deleted_business_messages"_s, u"message_reaction"_s, u"message_reaction_count"_s, u"inline_query"_s, u"chosen_inline_result"_s, u"callback_query"_s,
                         u"shipping_query"_s, u"pre_checkout_query"_s, u"purchased_paid_media"_s, u"poll"_s, u"poll_answer"_s, u"my_chat_member"_s, u"chat_member"_s,
                         u"chat_join_request"_s, u"chat_boost"_s, u"removed_chat_boost"_s};
const QStringList kOnlyAsked{u"chat_member"_s, u"message_reaction"_s, u"message_reaction_count"_s};

bool isLoopback(const QUrl &url) { return url.host() == "127.0.0.1"_L1 || url.host() == "localhost"_L1; }

} // namespace

std::optional<qint64> SimulatedTelegram::Call::number(const QString &name) const
{
    bool isNumber = false;
    const QJsonValue value = values.value(name);
    const qint64 number = value.isString() ? value.toString().toLongLong(&isNumber) : value.toInteger();
    return isNumber || value.isDouble() ? std::optional(number) : std::nullopt;
}

QJsonValue SimulatedTelegram::Call::json(const QString &name) const
{
    const QJsonValue value = values.value(name);
    if (!value.isString())
        return value;
    const QJsonDocument document = QJsonDocument::fromJson(value.toString().toUtf8());
    return document.isArray() ? QJsonValue(document.array()) : document.isObject() ? QJsonValue(document.object()) : QJsonValue(QJsonValue::Undefined);
}

const FormPart *SimulatedTelegram::Call::file(const QString &name) const
{
    for (const FormPart &part : files) {
        if (part.name == name.toUtf8())
            return &part;
    }
    return nullptr;
}

SimulatedTelegram::SimulatedTelegram(TelegramOptions options, const Clock &clock, RandomSource &random, QObject *parent)
    : SimulatedPlatform(clock, random, parent), m_options(std::move(options)), m_poster(new HookPoster(m_options.webhookTimeout, this)), m_pollEnd(new QTimer(this))
{
    issueToken();
    m_pollEnd->setSingleShot(true);
    connect(m_pollEnd, &QTimer::timeout, this, [this] { answerPoll(); });
}

QString SimulatedTelegram::issueToken()
{
    m_token = QString::number(m_options.bot.id) + u":AA"_s + randomToken(random(), 256).left(33);
    return m_token;
}

SimulatedPlatform::Outcome SimulatedTelegram::refused(int code, const QString &description, const QJsonObject &parameters) const
{
    QJsonObject body{{u"ok"_s, false}, {u"error_code"_s, code}, {u"description"_s, description}};
    if (!parameters.isEmpty())
        body.insert(u"parameters"_s, parameters);
    return {.body = body, .httpStatus = code, .isRefused = true};
}

SimulatedPlatform::Outcome SimulatedTelegram::nowhere(const SimulatedHttp::Request &) { return refused(404, u"Not Found"_s); }

SimulatedPlatform::Outcome SimulatedTelegram::refusal(const ScriptedAnswer &script)
{
    const int code = script.code ? script.code : script.httpStatus;
    QJsonObject parameters;
    if (script.retryAfter)
        parameters.insert(u"retry_after"_s, qint64(script.retryAfter->count()));
    return refused(code, script.message.isEmpty() ? u"Scripted refusal"_s : script.message, parameters);
}

SimulatedPlatform::Route SimulatedTelegram::routeOf(const SimulatedHttp::Request &request) const
{
    const QString path = QString::fromUtf8(QByteArray::fromPercentEncoding(request.path));
    static const QRegularExpression file(u"^/file/bot(\\d+:[\\w-]{30,})/(.+)$"_s);
    static const QRegularExpression method(u"^/bot(\\d+:[\\w-]{30,})/([A-Za-z]+)$"_s);
    if (const auto match = file.match(path); match.hasMatch())
        return {u"file"_s, match.captured(1) + u' ' + match.captured(2)};
    const auto match = method.match(path);
    for (const QString &known : kMethods) {
        if (match.hasMatch() && known.compare(match.captured(2), Qt::CaseInsensitive) == 0)
            return {known, match.captured(1)};
    }
    return {};
}

std::optional<SimulatedTelegram::Call> SimulatedTelegram::callOf(const SimulatedHttp::Request &request)
{
    Call call;
    const auto takeForm = [&call](const QByteArray &form) {
        const QList<QByteArray> pairs = form.split('&');
        for (QByteArray pair : pairs) {
            const auto equals = pair.replace('+', ' ').indexOf('=');
            if (equals > 0)
                call.values.insert(QString::fromUtf8(QByteArray::fromPercentEncoding(pair.left(equals))), QString::fromUtf8(QByteArray::fromPercentEncoding(pair.mid(equals + 1))));
        }
    };
    takeForm(request.rawQuery);
    const QByteArray type = request.header("Content-Type");
    if (type.startsWith("application/json") && !request.body.isEmpty()) {
        const QJsonDocument document = QJsonDocument::fromJson(request.body);
        if (!document.isObject())
            return std::nullopt;
        const QJsonObject object = document.object();
        for (auto it = object.begin(); it != object.end(); ++it)
            call.values.insert(it.key(), it.value());
    } else if (type.startsWith("application/x-www-form-urlencoded")) {
        takeForm(request.body);
    } else if (type.startsWith("multipart/form-data")) {
        const auto parts = formParts(type, request.body);
        if (!parts)
            return std::nullopt;
        for (const FormPart &part : *parts) {
            if (part.fileName.isEmpty())
                call.values.insert(QString::fromUtf8(part.name), QString::fromUtf8(part.bytes));
            else
                call.files.append(part);
        }
    } else if (!request.body.isEmpty()) {
        return std::nullopt;
    }
    return call;
}

void SimulatedTelegram::perform(const Route &route, const SimulatedHttp::Request &request, const Done &done)
{
    if (route.node.section(u' ', 0, 0) != m_token)
        return done(refused(401, u"Unauthorized"_s));
    if (route.endpoint == "file"_L1)
        return done(download(route.node.section(u' ', 1)));
    const auto call = callOf(request);
    if (!call)
        return done(bad(u"can't parse the request"_s));
    const auto known = [&](const QStringList &names) { return strangeKey(call->values, names); };
    const QString &method = route.endpoint;
    QString strange;
    if (method == "getMe"_L1) {
        QJsonObject me = userOf(m_options.bot, true);
        me.insert(u"can_join_groups"_s, true);
        me.insert(u"can_read_all_group_messages"_s, false);
        me.insert(u"supports_inline_queries"_s, false);
        me.insert(u"can_connect_to_business"_s, m_options.canConnectToBusiness);
        return done(ok(me));
    }
    if (method == "getUpdates"_L1) {
        strange = known({u"offset"_s, u"limit"_s, u"timeout"_s, u"allowed_updates"_s});
        return strange.isEmpty() ? getUpdates(*call, done) : done(bad(u"unknown parameter "_s + strange));
    }
    if (method == "sendMediaGroup"_L1)
        return done(sendGroup(*call));
    if (method == "sendChatAction"_L1)
        return done(action(*call));
    if (method.startsWith("send"_L1))
        return done(send(method, *call));
    if (method == "setWebhook"_L1)
        return done(setWebhook(*call));
    if (method == "deleteWebhook"_L1)
        return done(deleteWebhook(*call));
    if (method == "getWebhookInfo"_L1)
        return done(ok(webhookInfo()));
    if (method == "getFile"_L1)
        return done(getFile(*call));
    if (method == "getUserProfilePhotos"_L1)
        return done(getPhotos(*call));
    if (method == "readBusinessMessage"_L1)
        return done(readBusinessMessage(*call));
    if (method == "getBusinessConnection"_L1) {
        const QString id = call->text(u"business_connection_id"_s);
        return done(m_connections.contains(id) ? ok(connectionOf(id)) : bad(u"BUSINESS_CONNECTION_INVALID"_s));
    }
    const QString query = call->text(u"callback_query_id"_s);      // answerCallbackQuery
    if (call->text(u"text"_s).size() > 200)
        return done(bad(u"MESSAGE_TOO_LONG"_s));
    if (!m_queries.removeOne(query))
        return done(bad(u"query is too old and response timeout expired or query ID is invalid"_s));
    m_answered.append(query);
    done(ok(true));
}

bool SimulatedTelegram::readAllowed(const Call &call)
{
    if (!call.values.contains(u"allowed_updates"_s))
        return true;
    const QJsonValue given = call.json(u"allowed_updates"_s);
    if (!given.isArray())
        return false;
    m_allowed.clear();
    const QJsonArray kinds = given.toArray();
    for (const QJsonValue &kind : kinds) {
        if (!kKinds.contains(kind.toString()))
            return false;
        m_allowed.append(kind.toString());
    }
    return true;
}

SimulatedPlatform::Outcome SimulatedTelegram::setWebhook(const Call &call)
{
    const QStringList known{u"url"_s, u"secret_token"_s, u"allowed_updates"_s, u"max_connections"_s, u"drop_pending_updates"_s, u"ip_address"_s};
    if (const QString strange = strangeKey(call.values, known); !strange.isEmpty())
        return bad(u"unknown parameter "_s + strange);
    if (call.text(u"url"_s).isEmpty())
        return deleteWebhook(call);
    if (m_webhookSetAt && now() - *m_webhookSetAt < m_options.webhookPause)
        return refused(429, u"Too Many Requests: retry after 1"_s, {{u"retry_after"_s, 1}});
    const QUrl url(call.text(u"url"_s));
    const bool isOwn = !m_options.refusesLoopback && isLoopback(url);
    if (!url.isValid() || url.host().isEmpty() || (url.scheme() != "https"_L1 && !isOwn))
        return bad(u"bad webhook: An HTTPS URL must be provided for webhook"_s);
    static const QList<int> ports{443, 80, 88, 8443};
    if (!isOwn && !ports.contains(url.port(443)))
        return bad(u"bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"_s);
    const QString secret = call.text(u"secret_token"_s);
    static const QRegularExpression characters(u"^[A-Za-z0-9_-]*$"_s);
    if (secret.size() > 256)
        return bad(u"secret token is too long"_s);
    if (!characters.match(secret).hasMatch())
        return bad(u"secret token contains unallowed characters"_s);
    const qint64 connections = call.number(u"max_connections"_s).value_or(40);
    if (connections < 1 || connections > 100)
        return bad(u"max_connections must be between 1 and 100"_s);
    if (!readAllowed(call))
        return bad(u"can't parse allowed updates"_s);
    if (call.values.value(u"drop_pending_updates"_s).toVariant().toBool())
        m_updates.clear();
    m_webhook = {.url = url, .secret = secret, .connections = int(connections)};
    m_webhookSetAt = now();
    Outcome outcome = ok(true);
    outcome.body.insert(u"description"_s, u"Webhook was set"_s);
    outcome.then = [this] { pump(); };
    return outcome;
}

SimulatedPlatform::Outcome SimulatedTelegram::deleteWebhook(const Call &call)
{
    if (call.values.value(u"drop_pending_updates"_s).toVariant().toBool())
        m_updates.clear();
    m_webhook = {};
    Outcome outcome = ok(true);
    outcome.body.insert(u"description"_s, u"Webhook was deleted"_s);
    return outcome;
}

QJsonObject SimulatedTelegram::webhookInfo() const
{
    QJsonObject info{{u"url"_s, m_webhook.url.toString()}, {u"has_custom_certificate"_s, false}, {u"pending_update_count"_s, m_updates.size()}};
    if (m_webhook.url.isEmpty())
        return info;
    info.insert(u"max_connections"_s, m_webhook.connections);
    info.insert(u"ip_address"_s, u"203.0.113.7"_s);
    info.insert(u"allowed_updates"_s, QJsonArray::fromStringList(m_allowed));
    if (m_webhook.failedAt) {
        info.insert(u"last_error_date"_s, toUnixMs(*m_webhook.failedAt) / 1000);
        info.insert(u"last_error_message"_s, m_webhook.failure);
    }
    return info;
}

void SimulatedTelegram::setOtherPoller(bool isThere)
{
    m_isPolledElsewhere = isThere;
    const auto poll = isThere ? std::exchange(m_poll, std::nullopt) : std::nullopt;
    if (poll)
        poll->done(otherPoller());
}

SimulatedPlatform::Outcome SimulatedTelegram::otherPoller() const
{
    return refused(409, u"Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"_s);
}

void SimulatedTelegram::getUpdates(const Call &call, const Done &done)
{
    if (!m_webhook.url.isEmpty())
        return done(refused(409, u"Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"_s));
    if (m_isPolledElsewhere)
        return done(otherPoller());
    if (const auto poll = std::exchange(m_poll, std::nullopt))
        poll->done(otherPoller());
    const qint64 limit = call.number(u"limit"_s).value_or(100);
    if (limit < 1 || limit > 100 || !readAllowed(call))
        return done(bad(u"limit or allowed_updates"_s));
    const qint64 offset = call.number(u"offset"_s).value_or(0);
    // A higher offset says that everything before it is safe.
    m_updates.removeIf([offset](const Update &update) { return offset > 0 && update.id < offset; });
    if (offset < 0)
        m_updates.erase(m_updates.begin(), m_updates.begin() + std::max<qsizetype>(0, m_updates.size() + offset));
    m_poll = Poll{.done = done, .offset = offset, .limit = int(limit)};
    const qint64 timeout = std::clamp<qint64>(call.number(u"timeout"_s).value_or(0), 0, 50);
    if (!m_updates.isEmpty() || timeout == 0)
        answerPoll();
    else
        m_pollEnd->start(std::chrono::seconds(timeout));
}

void SimulatedTelegram::answerPoll()
{
    m_pollEnd->stop();
    const auto poll = std::exchange(m_poll, std::nullopt);
    if (!poll)
        return;
    QJsonArray updates;
    for (const Update &update : std::as_const(m_updates)) {
        if (updates.size() < poll->limit)
            updates.append(m_told.value(update.id));
    }
    poll->done(ok(updates));
}

qint64 SimulatedTelegram::tell(const QString &kind, const QJsonObject &content, const QString &chat)
{
    const qint64 id = m_nextUpdate++;
    const QJsonObject body{{u"update_id"_s, id}, {kind, content}};
    m_told.insert(id, body);
    if (m_allowed.isEmpty() ? kOnlyAsked.contains(kind) : !m_allowed.contains(kind))
        return id;
    m_updates.append({.id = id, .kind = kind, .body = body, .chat = chat});
    if (m_poll)
        QTimer::singleShot(0, this, [this] { answerPoll(); });
    pump();
    return id;
}

QByteArray SimulatedTelegram::updateBytes(qint64 update) const { return QJsonDocument(m_told.value(update)).toJson(QJsonDocument::Compact); }

qsizetype SimulatedTelegram::indexOf(qint64 update) const
{
    for (qsizetype i = 0; i < m_updates.size(); ++i) {
        if (m_updates[i].id == update)
            return i;
    }
    return -1;
}

void SimulatedTelegram::pump()
{
    if (m_webhook.url.isEmpty())
        return;
    QStringList busy;
    int posting = 0;
    for (Update &update : m_updates) {
        const bool isHeld = !update.chat.isEmpty() && busy.contains(update.chat);
        if (!update.isPosting && !update.isWaiting && !isHeld && posting < m_webhook.connections)
            postUpdate(update);
        posting += update.isPosting ? 1 : 0;
        busy.append(update.chat);
    }
}

void SimulatedTelegram::postUpdate(Update &update)
{
    update.isPosting = true;
    QList<SimulatedHttp::Header> headers{{"Content-Type", "application/json"}};
    if (!m_webhook.secret.isEmpty())
        headers.append({"X-Telegram-Bot-Api-Secret-Token", m_webhook.secret.toLatin1()});
    const QUrl url = m_webhook.url;
    m_poster->post(url, headers, updateBytes(update.id), [this, id = update.id, url](const HookAnswer &answer) { finishUpdate(id, url, answer); });
}

void SimulatedTelegram::finishUpdate(qint64 id, const QUrl &url, const HookAnswer &answer)
{
    if (!QJsonDocument::fromJson(answer.body).object().value(u"method"_s).isUndefined())
        ++m_executedAnswers;
    const qsizetype index = indexOf(id);
    if (index < 0)
        return;
    Update &update = m_updates[index];
    update.isPosting = false;
    if (answer.status >= 200 && answer.status < 300) {
        m_updates.removeAt(index);
        return pump();
    }
    m_webhook.failedAt = now();
    m_webhook.failure = answer.status ? u"Wrong response from the webhook: %1"_s.arg(answer.status) : u"Connection refused"_s;
    // The first repeat comes at once, then the pauses double up to a minute or two.
    const double seconds = update.failures++ == 0 ? 0.0 : std::min(90.0, double(1 << std::min(update.failures - 2, 7)));
    const double asked = answer.retryAfter ? std::min(3600.0, double(answer.retryAfter->count())) : 0.0;
    update.isWaiting = true;
    QTimer::singleShot(Milliseconds(qint64(std::max(seconds, asked) * 1000.0 * m_options.pauseScale)), this, [this, id] {
        const qsizetype at = indexOf(id);
        if (at >= 0)
            m_updates[at].isWaiting = false;
        pump();
    });
    if (url == m_webhook.url)
        pump();
}

QJsonObject SimulatedTelegram::offerFile(const QByteArray &bytes, qint64 size)
{
    const QString id = u"BQAC%1_%2"_s.arg(m_nextFile).arg(randomToken(random(), 128));
    const QString unique = u"AgAD%1"_s.arg(m_nextFile);
    const qint64 length = size < 0 ? bytes.size() : size;
    m_files.insert(id, {.bytes = bytes, .size = length, .path = u"files/file_%1.bin"_s.arg(m_nextFile)});
    ++m_nextFile;
    return {{u"file_id"_s, id}, {u"file_unique_id"_s, unique}, {u"file_size"_s, length}};
}

SimulatedPlatform::Outcome SimulatedTelegram::getFile(const Call &call)
{
    const QString id = call.text(u"file_id"_s);
    const auto file = m_files.constFind(id);
    if (file == m_files.constEnd())
        return bad(u"wrong file_id or the file is temporarily unavailable"_s);
    if (file->size > m_options.downloadLimit)
        return bad(u"file is too big"_s);
    return ok(QJsonObject{{u"file_id"_s, id}, {u"file_unique_id"_s, id.left(8)}, {u"file_size"_s, file->size}, {u"file_path"_s, file->path}});
}

SimulatedPlatform::Outcome SimulatedTelegram::download(const QString &path)
{
    for (const File &file : std::as_const(m_files)) {
        if (file.path == path)
            return {.raw = SimulatedHttp::Reply{.contentType = "application/octet-stream", .body = file.bytes}};
    }
    return refused(404, u"Not Found"_s);
}

SimulatedPlatform::Outcome SimulatedTelegram::getPhotos(const Call &call)
{
    const auto user = call.number(u"user_id"_s);
    if (!user || !strangeKey(call.values, {u"user_id"_s, u"offset"_s, u"limit"_s}).isEmpty())
        return bad(u"user not found"_s);
    const QJsonArray photos = m_photos.value(*user);
    return ok(QJsonObject{{u"total_count"_s, photos.size()}, {u"photos"_s, photos}});
}

SimulatedPlatform::Outcome SimulatedTelegram::readBusinessMessage(const Call &call)
{
    const QString id = call.text(u"business_connection_id"_s);
    const auto connection = m_connections.constFind(id);
    const qint64 chat = call.number(u"chat_id"_s).value_or(0);
    const qint64 message = call.number(u"message_id"_s).value_or(0);
    if (connection == m_connections.constEnd() || !connection->isEnabled)
        return bad(u"BUSINESS_CONNECTION_INVALID"_s);
    if (!connection->rights.contains(u"can_read_messages"_s))
        return refused(403, u"Forbidden: BOT_ACCESS_FORBIDDEN"_s);
    const auto with = m_chats.constFind(keyOf(chat, id));
    if (with == m_chats.constEnd() || !with->messages.contains(message) || !with->lastIncoming || now() - *with->lastIncoming > 24h)
        return bad(u"BUSINESS_PEER_INVALID"_s);
    m_read.append({.connection = id, .chat = chat, .messageId = message});
    return ok(true);
}

} // namespace antiphon::demo
