#include "app/demo/simulatedthreads.h"

#include "app/demo/simulatedpictures.h"

/// Accounts, people and events.
namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

QJsonObject idOf(const QString &id) { return {{u"id"_s, id}}; }

QJsonObject merged(QJsonObject into, const QJsonObject &from)
{
    for (auto it = from.begin(); it != from.end(); ++it)
        into.insert(it.key(), it.value());
    return into;
}

} // namespace

SimulatedThreads::SimulatedThreads(GraphApp app, QList<ThreadAccount> accounts, Rules rules, const Clock &clock, RandomSource &random, QObject *parent)
    : SimulatedGraph(std::move(app), clock, random, parent), m_accounts(std::move(accounts)), m_rules(std::move(rules))
{
}

QString SimulatedThreads::meet(const ThreadPerson &person)
{
    Thread thread{.person = person, .accountId = account().id, .id = u"t_"_s + newDigits(24), .updated = now()};
    if (thread.person.id.isEmpty())
        thread.person.id = newDigits(16);
    m_threads.insert(thread.person.id, thread);
    return thread.person.id;
}

ThreadPerson *SimulatedThreads::person(const QString &id)
{
    const auto found = m_threads.find(id);
    return found == m_threads.end() ? nullptr : &found->person;
}

void SimulatedThreads::tellEntry(QJsonObject entry, const GraphEvent &event)
{
    entry.insert(u"time"_s, toUnixMs(event.at.value_or(now())));
    if (!entry.contains(u"id"_s))
        entry.insert(u"id"_s, account().id);
    tell(entry, event);
}

void SimulatedThreads::tellElement(const QString &person, bool fromBusiness, QJsonObject element, const GraphEvent &event)
{
    const QString own = m_threads.contains(person) ? m_threads[person].accountId : account().id;
    element.insert(u"sender"_s, idOf(fromBusiness ? own : person));
    element.insert(u"recipient"_s, idOf(fromBusiness ? person : own));
    element.insert(u"timestamp"_s, toUnixMs(event.at.value_or(now())));
    tellEntry({{u"id"_s, own}, {event.isStandby ? u"standby"_s : u"messaging"_s, QJsonArray{element}}}, event);
}

void SimulatedThreads::addMessage(const QString &person, const ThreadMessage &message)
{
    Q_ASSERT(m_threads.contains(person));
    Thread &thread = m_threads[person];
    thread.messages.append(message);
    thread.updated = std::max(thread.updated, message.at);
    if (!message.fromBusiness && (!thread.lastFromCustomer || message.at > *thread.lastFromCustomer))
        thread.lastFromCustomer = message.at;
}

QString SimulatedThreads::customerSends(const QString &person, const QJsonObject &message, const GraphEvent &event)
{
    const QString id = event.id.isEmpty() ? newId(m_rules.idPrefix) : event.id;
    QJsonObject told = merged(merged({{u"mid"_s, id}}, message), event.more);
    if (!event.quotedId.isEmpty())
        told.insert(u"reply_to"_s, QJsonObject{{u"mid"_s, event.quotedId}});
    if (!message.contains(u"is_deleted"_s))
        addMessage(person, {.id = id, .at = event.at.value_or(now()), .content = message, .isListed = event.isListed});
    tellElement(person, false, {{u"message"_s, told}}, event);
    return id;
}

QString SimulatedThreads::customerWrites(const QString &person, const QString &text, const GraphEvent &event)
{
    return customerSends(person, {{u"text"_s, text}}, event);
}

QString SimulatedThreads::customerSendsFiles(const QString &person, const QList<ThreadFile> &files, const QString &text, const GraphEvent &event)
{
    QJsonArray attachments;
    for (const ThreadFile &file : files) {
        QJsonObject payload = file.payload;
        if (!file.bytes.isEmpty())
            payload.insert(u"url"_s, offerFile(file.bytes, file.mime).toString(QUrl::FullyEncoded));
        attachments.append(QJsonObject{{u"type"_s, file.type}, {u"payload"_s, payload}});
    }
    QJsonObject message{{u"attachments"_s, attachments}};
    if (!text.isEmpty())
        message.insert(u"text"_s, text);
    return customerSends(person, message, event);
}

QString SimulatedThreads::customerTaps(const QString &person, const QString &title, const QString &payload, const GraphEvent &event)
{
    const QString id = event.id.isEmpty() ? newId(m_rules.idPrefix) : event.id;
    addMessage(person, {.id = id, .at = event.at.value_or(now()), .content = {{u"text"_s, title}}, .isListed = event.isListed});
    tellElement(person, false, {{u"postback"_s, merged({{u"mid"_s, id}, {u"title"_s, title}, {u"payload"_s, payload}}, event.more)}}, event);
    return id;
}

void SimulatedThreads::customerEdits(const QString &person, const QString &messageId, const QString &text, int revision, const GraphEvent &event)
{
    tellElement(person, false, {{u"message_edit"_s, QJsonObject{{u"mid"_s, messageId}, {u"text"_s, text}, {u"num_edit"_s, revision}}}}, event);
}

void SimulatedThreads::customerReacts(const QString &person, const QString &messageId, const QString &reaction, const QString &emoji, bool added, const GraphEvent &event)
{
    QJsonObject told{{u"mid"_s, messageId}, {u"action"_s, added ? u"react"_s : u"unreact"_s}};
    if (added) {
        told.insert(u"reaction"_s, reaction);
        told.insert(u"emoji"_s, emoji);
    }
    tellElement(person, false, {{u"reaction"_s, told}}, event);
}

void SimulatedThreads::customerArrivesBy(const QString &person, const QJsonObject &referral, const GraphEvent &event)
{
    tellElement(person, false, {{u"referral"_s, referral}}, event);
}

QString SimulatedThreads::businessSends(const QString &person, const QJsonObject &message, const GraphEvent &event)
{
    const QString id = event.id.isEmpty() ? newId(m_rules.idPrefix) : event.id;
    addMessage(person, {.id = id, .at = event.at.value_or(now()), .fromBusiness = true, .content = message, .isListed = event.isListed});
    tellElement(person, true, {{u"message"_s, merged(merged({{u"mid"_s, id}, {u"is_echo"_s, true}}, message), event.more)}}, event);
    return id;
}

QString SimulatedThreads::appWrites(const QString &person, const QString &text, const GraphEvent &event)
{
    return businessSends(person, {{u"text"_s, text}}, event);
}

QUrl SimulatedThreads::offerFile(const QByteArray &bytes, const QByteArray &mime)
{
    const QString path = u"/files/"_s + randomToken(random());
    m_files.insert(path, {bytes, mime});
    return QUrl(baseUrl() + path + u"?oh=x&oe="_s + QString::number(toUnixMs(now()) / 1000 + 86'400, 16));
}

QString SimulatedThreads::pictureOf(const QString &seed) const
{
    return u"%1/files/profile/%2.png"_s.arg(baseUrl(), QString::fromLatin1(seed.toUtf8().toHex().left(60)));
}

SimulatedGraph::Route SimulatedThreads::routeOf(const SimulatedHttp::Request &request) const
{
    const QString verb = QString::fromLatin1(request.method);
    if (request.path.startsWith("/files/"))
        return verb == "GET"_L1 ? Route{u"GET file"_s, QString::fromLatin1(request.path)} : Route{};
    const QStringList words = graphPath(request);
    if (words.isEmpty())
        return {};
    const QString &node = words[0];
    QString edge = words.size() == 2 ? words[1] : u"account"_s;
    if (words.size() == 1 && m_threads.contains(node))
        edge = u"profile"_s;
    else if (words.size() == 1 && node.startsWith("t_"_L1))
        edge = u"thread"_s;
    else if (words.size() == 1 && node.startsWith(m_rules.idPrefix))
        edge = u"message"_s;
    else if (words.size() == 2 && edge == "messages"_L1 && verb == "GET"_L1)
        edge = u"thread"_s;
    static const QStringList known{u"GET account"_s, u"GET profile"_s, u"GET thread"_s, u"GET message"_s, u"GET conversations"_s, u"POST messages"_s,
                                   u"GET subscribed_apps"_s, u"POST subscribed_apps"_s, u"DELETE subscribed_apps"_s};
    const QString endpoint = verb + u' ' + edge;
    return known.contains(endpoint) ? Route{endpoint, node} : Route{};
}

const ThreadAccount *SimulatedThreads::accountOf(const QString &node, const QString &token)
{
    const QString wanted = node == "me"_L1 ? tokens().value(token).owner : node;
    for (const ThreadAccount &one : std::as_const(m_accounts)) {
        if (one.id == wanted)
            return &one;
    }
    return nullptr;
}

bool SimulatedThreads::knows(const SimulatedHttp::Request &request) const
{
    if (request.path.startsWith("/files/"))
        return m_files.contains(QString::fromLatin1(request.path));
    const QStringList words = graphPath(request);
    if (words.isEmpty())
        return false;
    if (words.value(1) == "messages"_L1 && request.method == "POST")
        return m_threads.contains(bodyOf(request)[u"recipient"_s][u"id"_s].toString());
    const auto isNode = [&words](const Thread &one) { return one.id == words[0]; };
    return m_threads.contains(words[0]) || words[0].startsWith(m_rules.idPrefix) || std::any_of(m_threads.begin(), m_threads.end(), isNode);
}

std::optional<SimulatedGraph::Outcome> SimulatedThreads::refusedCall(const SimulatedHttp::Request &request, const QString &accountId)
{
    const QString token = tokenOf(request, true);
    if (auto no = refusedToken(token, accountId, {}))
        return no;
    return refusedProof(request, token, m_rules.needsProof);
}

void SimulatedThreads::perform(const Route &route, const SimulatedHttp::Request &request, const Done &done)
{
    const QString &what = route.endpoint;
    if (what == "GET file"_L1) {
        const auto file = m_files.constFind(route.node);
        if (route.node.startsWith("/files/profile/"_L1))
            done({.raw = SimulatedHttp::Reply{.contentType = "image/png", .body = pictures::profilePng(route.node.toLatin1())}});
        else if (file == m_files.constEnd())
            done({.isRefused = true, .raw = SimulatedHttp::Reply{.status = 404, .contentType = "text/plain"}});
        else
            done({.raw = SimulatedHttp::Reply{.contentType = file->mime, .body = file->bytes}});
        return;
    }
    const QString token = tokenOf(request, true);
    const bool isOfThread = what == "GET profile"_L1 || what == "GET thread"_L1 || what == "GET message"_L1;
    const ThreadAccount *owner = accountOf(isOfThread ? u"me"_s : route.node, token);
    if (auto no = refusedCall(request, owner ? owner->id : tokens().value(token).owner)) {
        done(*no);
        return;
    }
    if (!owner)
        done(unknownObject(route.node));
    else if (what == "GET account"_L1)
        done(describeAccount(*owner, request));
    else if (what == "GET profile"_L1)
        done(m_threads[route.node].accountId == owner->id ? describePerson(m_threads[route.node].person, request) : unknownObject(route.node));
    else if (what == "GET thread"_L1)
        done(getThread(route.node, request));
    else if (what == "GET message"_L1)
        done(getMessage(route.node, request));
    else if (what == "GET conversations"_L1)
        done(listThreads(owner->id, request));
    else if (what == "POST messages"_L1)
        send(owner->id, request, done);
    else
        done(subscription(owner->id, request));
}

SimulatedGraph::Outcome SimulatedThreads::subscription(const QString &accountId, const SimulatedHttp::Request &request)
{
    if (request.method == "DELETE") {
        m_subscribed.remove(accountId);
        return {.body = {{u"success"_s, true}}};
    }
    if (request.method == "GET") {
        QJsonArray data;
        if (m_subscribed.contains(accountId))
            data.append(QJsonObject{{u"id"_s, app().appId}, {u"name"_s, u"Antiphon"_s}, {u"link"_s, u"https://www.facebook.com/games/?app_id="_s + app().appId},
                                    {u"subscribed_fields"_s, QJsonArray::fromStringList(m_subscribed[accountId])}});
        return {.body = {{u"data"_s, data}}};
    }
    QString text = request.query("subscribed_fields").value_or(QString());
    if (text.isEmpty())
        text = bodyOf(request)[u"subscribed_fields"_s].toString();
    const QStringList fields = text.split(u',', Qt::SkipEmptyParts);
    if (fields.isEmpty())
        return refused(100, u"The parameter subscribed_fields is required."_s);
    for (const QString &field : fields) {
        if (!subscribable().contains(field))
            return refused(100, u"Param subscribed_fields must be one of {%1} - got \"%2\"."_s.arg(subscribable().join(u", "_s), field));
    }
    m_subscribed.insert(accountId, fields);
    return {.body = {{u"success"_s, true}}};
}

bool SimulatedThreads::isOnlySign(const SimulatedHttp::Request &request) const { return bodyOf(request).contains(u"sender_action"_s); }

QJsonObject SimulatedThreads::webhookBody(const QJsonArray &entries) const
{
    return {{u"object"_s, m_rules.object}, {u"entry"_s, entries}};
}

} // namespace antiphon::demo
