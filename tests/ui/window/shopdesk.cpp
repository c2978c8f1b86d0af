#include "tests/ui/window/shopdesk.h"

#include "app/demo/simulatedpictures.h"
#include "tests/ui/metascene.h"
#include "tests/ui/scene.h"

#include <QHostAddress>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTcpSocket>

namespace antiphon::test {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

template <typename T>
QJsonArray arrayOf(const QList<T> &values)
{
    QJsonArray array;
    for (const T &value : values)
        array.append(toJson(value));
    return array;
}

template <typename T, typename Tag>
T *findIn(QList<T> &values, Id<Tag> id)
{
    for (T &value : values) {
        if (value.id == id)
            return &value;
    }
    return nullptr;
}

qint64 number(const QJsonValue &value) { return value.toString().toLongLong(); }

/// The rows a conversation has in the pictures: a post, a photo, an answer, a failure, and what a colleague wrote from the phone.
QList<Message> story(const QList<Message> &all, Timestamp now)
{
    QList<Message> rows;
    for (const int i : {0, 1, 2, 3, 5, 7, 11}) {
        rows.append(all.at(i));
        rows.last().createdAt = now - (kNow - rows.last().createdAt);
    }
    return rows;
}

Inbox inbox(int id, Channel channel, const QString &name)
{
    return {.id = InboxId(id), .channel = channel, .name = name, .externalId = u"account-%1"_s.arg(id), .createdAt = kNow - 1000h};
}

} // namespace

ShopDesk::ShopDesk(Timestamp now)
    : workspaceName(u"Tidewick Ceramics"_s)
    , publicUrl(u"https://inbox.tidewick.example"_s)
    , m_now(now)
    , m_server(u"shop"_s, QWebSocketServer::NonSecureMode)
{
    connect(&m_wire, &QTcpServer::newConnection, this, [this] {
        while (QTcpSocket *socket = m_wire.nextPendingConnection()) {
            if (!m_isListening) {
                socket->abort();
                socket->deleteLater();
                continue;
            }
            connect(socket, &QTcpSocket::readyRead, this, [this, socket] { take(socket); });
            take(socket);
        }
    });
    connect(&m_server, &QWebSocketServer::newConnection, this, [this] {
        m_socket = m_server.nextPendingConnection();
        m_socket->setParent(this);
        connect(m_socket, &QWebSocket::textMessageReceived, this, &ShopDesk::handle);
    });
    if (!m_wire.listen(QHostAddress::LocalHost))
        qFatal("no port for the test");
    m_port = m_wire.serverPort();
    agents = {{.id = AgentId(1), .name = u"Ines Valtor"_s, .role = Agent::Role::Owner}, {.id = AgentId(3), .name = u"Deniz Aksoylu"_s}};
    labels = {{.id = LabelId(1), .title = u"Orders"_s, .color = u"#3b7fc4"_s},
              {.id = LabelId(2), .title = u"Returns"_s, .color = u"#c8703b"_s},
              {.id = LabelId(3), .title = u"Wholesale"_s, .color = u"#7a9a2a"_s},
              {.id = LabelId(4), .title = u"Press"_s, .color = u"#7c6bc4"_s}};
    app = {{u"channel"_s, u"tiktok"_s}, {u"settings"_s, QJsonObject{}}, {u"secrets_set"_s, QJsonArray{}}};
}

QUrl ShopDesk::url() const
{
    return QUrl(u"ws://127.0.0.1:%1"_s.arg(m_port));
}

void ShopDesk::setListening(bool listens)
{
    m_isListening = listens;
    if (!listens)
        cut();
}

void ShopDesk::cut()
{
    if (m_socket)
        m_socket->abort();
}

void ShopDesk::take(QTcpSocket *socket)
{
    const QByteArray head = socket->peek(16 * 1024);
    if (!head.contains("\r\n\r\n"))
        return;
    socket->disconnect(this);
    if (head.startsWith("GET /api/v1/desk")) {
        m_server.handleConnection(socket);
        emit socket->readyRead();                       // what is there already
        return;
    }
    sendPicture(socket, head);
}

void ShopDesk::sendPicture(QTcpSocket *socket, const QByteArray &head) const
{
    const bool isFound = head.startsWith("GET /api/v1/attachments/");
    const QByteArray body = isFound ? demo::pictures::shelfPng(1, {640, 480}) : QByteArray();
    socket->write(QByteArray(isFound ? "HTTP/1.1 200 OK" : "HTTP/1.1 404 Not Found") + "\r\nContent-Type: image/png\r\nConnection: close\r\nContent-Length: "
                  + QByteArray::number(body.size()) + "\r\n\r\n" + body);
    socket->disconnectFromHost();
}

void ShopDesk::send(const QJsonObject &message)
{
    if (m_socket)
        m_socket->sendTextMessage(QString::fromUtf8(QJsonDocument(message).toJson(QJsonDocument::Compact)));
}

void ShopDesk::tell(const QString &type, const QJsonObject &data)
{
    const bool isVolatile = type == "typing"_L1 || type == "workspace.health"_L1;
    send({{u"jsonrpc"_s, u"2.0"_s},
          {u"method"_s, u"event"_s},
          {u"params"_s, QJsonObject{{u"seq"_s, isVolatile ? QJsonValue(QJsonValue::Null) : QJsonValue(++m_seq)}, {u"type"_s, type}, {u"data"_s, data}}}});
}

void ShopDesk::handle(const QString &text)
{
    const QJsonObject request = QJsonDocument::fromJson(text.toUtf8()).object();
    requests.append(request);
    const QString method = request.value("method"_L1).toString();
    if (silent.contains(method))
        return;
    QJsonObject reply{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, request.value("id"_L1)}};
    if (refused.contains(method))
        reply.insert(u"error"_s, QJsonObject{{u"code"_s, refused.value(method)}, {u"message"_s, u"refused for the test"_s},
                                             {u"data"_s, QJsonObject{{u"field"_s, refusedFields.value(method)}}}});
    else
        reply.insert(u"result"_s, answer(method, request.value("params"_L1).toObject()));
    send(reply);
}

QList<QJsonObject> ShopDesk::callsOf(const QString &method) const
{
    QList<QJsonObject> calls;
    for (const QJsonObject &request : requests) {
        if (request.value("method"_L1) == method)
            calls.append(request.value("params"_L1).toObject());
    }
    return calls;
}

Conversation *ShopDesk::find(ConversationId id)
{
    return findIn(conversations, id);
}

QJsonObject ShopDesk::answer(const QString &method, const QJsonObject &params)
{
    const QJsonObject none{{u"items"_s, QJsonArray()}, {u"seq"_s, m_seq}};
    if (method == "session.open"_L1)
        return {{u"agent"_s, toJson(agents.first())},
                {u"workspace"_s, QJsonObject{{u"id"_s, u"1"_s}, {u"name"_s, workspaceName}, {u"public_url"_s, publicUrl}}},
                {u"server_version"_s, u"0.1.0"_s},
                {u"seq"_s, m_seq},
                {u"resync"_s, false}};
    if (answers.contains(method))
        return answers.value(method);
    if (method == "agents.list"_L1)
        return {{u"items"_s, arrayOf(agents)}, {u"seq"_s, m_seq}};
    if (method == "labels.list"_L1)
        return {{u"items"_s, arrayOf(labels)}, {u"seq"_s, m_seq}};
    if (method.startsWith("conversations."_L1))
        return answerConversations(method, params);
    if (method.startsWith("messages."_L1))
        return answerMessages(method, params);
    if (method.startsWith("inboxes."_L1) || method.startsWith("apps."_L1))
        return answerInboxes(method, params);
    if (method.startsWith("tunnel."_L1) && !tunnel.isEmpty()) {
        if (method == "tunnel.set"_L1) {
            tunnel.insert("provider"_L1, params.value("provider"_L1));
            tunnel.insert("settings"_L1, params.value("settings"_L1));
        }
        return tunnel;
    }
    if (method == "search"_L1) {
        QJsonArray hits;
        for (const Conversation &conversation : std::as_const(conversations)) {
            for (const Message &message : messages.value(conversation.id)) {
                if (message.content.contains(params.value("query"_L1).toString(), Qt::CaseInsensitive))
                    hits.append(QJsonObject{{u"kind"_s, u"message"_s}, {u"id"_s, message.id.toString()}, {u"conversation_id"_s, conversation.id.toString()},
                                            {u"snippet"_s, message.content}, {u"created_at"_s, toRfc3339(message.createdAt)}});
            }
        }
        return {{u"items"_s, hits}, {u"seq"_s, m_seq}};
    }
    return none;
}

bool ShopDesk::matches(const Conversation &conversation, const QJsonObject &filter) const
{
    const auto wanted = conversationFilterFromJson(filter);
    if (!wanted)
        return false;
    if (wanted->inboxId && conversation.inboxId != wanted->inboxId)
        return false;
    if (wanted->contactId && conversation.contact.id != wanted->contactId)
        return false;
    if (!wanted->statuses.isEmpty() && !wanted->statuses.contains(conversation.status))
        return false;
    if (wanted->assignee == ConversationFilter::Assignee::Me && conversation.assigneeId != agents.first().id)
        return false;
    return wanted->assignee != ConversationFilter::Assignee::Nobody || conversation.assigneeId.isNull();
}

QJsonObject ShopDesk::counts(const QJsonObject &filter) const
{
    int mine = 0;
    int nobody = 0;
    int all = 0;
    int unread = 0;
    QHash<qint64, int> byInbox;
    for (const Conversation &conversation : conversations) {
        if (!matches(conversation, filter))
            continue;
        ++all;
        mine += conversation.assigneeId == agents.first().id ? 1 : 0;
        nobody += conversation.assigneeId.isNull() ? 1 : 0;
        unread += conversation.unreadCount > 0 ? 1 : 0;
        byInbox[conversation.inboxId.value()] += conversation.unreadCount > 0 ? 1 : 0;
    }
    QJsonObject inboxCounts;
    for (auto it = byInbox.cbegin(); it != byInbox.cend(); ++it)
        inboxCounts.insert(QString::number(it.key()), it.value());
    return {{u"mine"_s, mine}, {u"unassigned"_s, nobody}, {u"all"_s, all}, {u"unread"_s, unread}, {u"unattended"_s, 5}, {u"closing_soon"_s, 3},
            {u"by_inbox"_s, inboxCounts}, {u"seq"_s, m_seq}};
}

QJsonObject ShopDesk::answerConversations(const QString &method, const QJsonObject &params)
{
    if (method == "conversations.counts"_L1)
        return counts(params.value("filter"_L1).toObject());
    if (method == "conversations.list"_L1) {
        QJsonArray items;
        for (const Conversation &conversation : std::as_const(conversations)) {
            if (matches(conversation, params.value("filter"_L1).toObject()))
                items.append(toJson(conversation));
        }
        return {{u"items"_s, items}, {u"next_cursor"_s, QJsonValue()}, {u"seq"_s, m_seq}};
    }
    Conversation *conversation = find(ConversationId(number(params.value("id"_L1))));
    if (!conversation)
        return {};
    if (method == "conversations.mark_read"_L1)
        conversation->unreadCount = 0;
    if (method == "conversations.mark_unread"_L1)
        conversation->unreadCount = 1;
    if (method == "conversations.update"_L1) {
        if (const auto status = conversationStatusFromName(params.value("status"_L1).toString()))
            conversation->status = *status;
        if (params.contains("assignee_id"_L1))
            conversation->assigneeId = AgentId(number(params.value("assignee_id"_L1)));
        if (params.contains("priority"_L1))
            conversation->priority = priorityFromName(params.value("priority"_L1).toString()).value_or(Conversation::Priority::None);
        if (params.contains("labels"_L1)) {
            conversation->labels.clear();
            for (const QJsonValue &label : params.value("labels"_L1).toArray())
                conversation->labels.append(label.toString());
        }
    }
    return toJson(*conversation);
}

QJsonObject ShopDesk::answerMessages(const QString &method, const QJsonObject &params)
{
    if (method == "messages.list"_L1)
        return {{u"items"_s, arrayOf(messages.value(ConversationId(number(params.value("conversation_id"_L1)))))}, {u"has_more_before"_s, false},
                {u"has_more_after"_s, false}, {u"seq"_s, m_seq}};
    if (method == "messages.send"_L1) {
        const ConversationId id(number(params.value("conversation_id"_L1)));
        const Conversation *conversation = find(id);
        Message message = outgoing(int(m_nextId++), params.value("content"_L1).toString(), m_now, MessageStatus::Queued);
        message.conversationId = id;
        message.inboxId = conversation ? conversation->inboxId : InboxId(1);
        message.isPrivate = params.value("private"_L1).toBool();
        message.clientId = params.value("client_id"_L1).toString();
        message.sender = {.type = Sender::Type::Agent, .id = u"1"_s, .name = agents.first().name};
        messages[id].append(message);
        return toJson(message);
    }
    for (QList<Message> &rows : messages) {
        if (Message *message = findIn(rows, MessageId(number(params.value("id"_L1))))) {
            if (method == "messages.retry"_L1) {
                message->status = MessageStatus::Queued;
                message->externalError.reset();
            } else if (method == "messages.react"_L1) {
                message->reactions = {Reaction{.emoji = params.value("emoji"_L1).toString(), .sender = {.type = Sender::Type::Agent, .id = u"1"_s, .name = agents.first().name}}};
            } else if (method == "messages.confirm"_L1) {
                message->status = MessageStatus::Sent;
                message->externalError.reset();
            } else {
                message->isDeleted = true;
                message->content.clear();
            }
            return toJson(*message);
        }
    }
    return {};
}

QJsonObject ShopDesk::answerInboxes(const QString &method, const QJsonObject &params)
{
    if (method == "inboxes.list"_L1)
        return {{u"items"_s, arrayOf(inboxes)}, {u"seq"_s, m_seq}};
    if (method == "apps.get"_L1)
        return app;
    if (method == "apps.set"_L1) {
        app.insert(u"settings"_s, params.value("settings"_L1));
        app.insert(u"secrets_set"_s, QJsonArray{u"app_secret"_s, u"verify_token"_s});
        return app;
    }
    if (method == "inboxes.create"_L1) {
        const QJsonObject settings = params.value("settings"_L1).toObject();
        Inbox made = inbox(51, channelFromName(params.value("channel"_L1).toString()).value_or(Channel::Tiktok), u"New studio"_s);
        made.settings = settings;
        made.delivery = deliveryFromName(params.value("delivery"_L1).toString()).value_or(made.delivery);
        made.webhookUrl = publicUrl.isEmpty() ? QString() : publicUrl + u"/webhooks/"_s + channelName(made.channel) + (settings.contains("phone_number"_L1) ? u'/' + settings.value("phone_number"_L1).toString() : QString());
        inboxes.append(made);
        tell(u"inbox.created"_s, toJson(made));
        return toJson(made);
    }
    if (method == "inboxes.authorize"_L1)
        return {{u"url"_s, u"https://consent.example/agree?state=1"_s}};
    if (method == "inboxes.authorize_paste"_L1) {
        inboxes.append(inbox(50, Channel::Tiktok, u"New studio"_s));
        return toJson(inboxes.last());
    }
    if (method == "inboxes.check"_L1)
        return {{u"ok"_s, true}, {u"checks"_s, QJsonArray{QJsonObject{{u"name"_s, u"credentials"_s}, {u"ok"_s, true}}, QJsonObject{{u"name"_s, u"subscription"_s}, {u"ok"_s, true}}}}};
    Inbox *known = findIn(inboxes, InboxId(number(params.value("id"_L1))));
    if (!known)
        return {};
    if (method == "inboxes.delete"_L1) {
        const QJsonObject gone{{u"id"_s, known->id.toString()}};
        inboxes.removeIf([known](const Inbox &other) { return other.id == known->id; });
        tell(u"inbox.deleted"_s, gone);
        return {};
    }
    if (params.contains("name"_L1))
        known->name = params.value("name"_L1).toString();
    if (const auto state = inboxStateFromName(params.value("state"_L1).toString()))
        known->state = *state;
    tell(u"inbox.updated"_s, toJson(*known));
    return toJson(*known);
}

void ShopDesk::receive(ConversationId id, const QString &text)
{
    Conversation *conversation = find(id);
    Message message = incoming(int(m_nextId++), text, m_now);
    message.conversationId = id;
    message.inboxId = conversation->inboxId;
    message.sender = {.type = Sender::Type::Contact, .id = conversation->contact.id.toString(), .name = conversation->contact.name};
    messages[id].append(message);
    conversation->lastMessage = message;
    conversation->lastActivityAt = m_now;
    conversation->unreadCount += 1;
    conversation->replyWindow = ReplyWindow{.rule = u"tiktok_48h"_s, .isOpen = true, .closesAt = m_now + 48h};
    conversation->canReply = true;
    tell(u"message.created"_s, toJson(message));
    tell(u"conversation.updated"_s, toJson(*conversation));
}

Conversation &ShopDesk::add(int id, int inboxId, const QString &name, const QString &preview, std::chrono::minutes ago)
{
    const Timestamp at = m_now - ago;
    Message last = incoming(id * 1000, preview, at);
    last.conversationId = ConversationId(id);
    last.inboxId = InboxId(inboxId);
    last.sender.name = name;
    messages[ConversationId(id)] = {last};
    conversations.append({.id = ConversationId(id),
                          .inboxId = InboxId(inboxId),
                          .contact = {.id = ContactId(id), .name = name, .createdAt = at},
                          .lastMessage = last,
                          .lastActivityAt = at,
                          .createdAt = at - 48h});
    return conversations.last();
}

void ShopDesk::fill()
{
    inboxes = {inbox(1, Channel::Tiktok, u"Tidewick Studio"_s),   inbox(2, Channel::Whatsapp, u"Shop phone"_s),     inbox(3, Channel::Instagram, u"tidewick.ceramics"_s),
               inbox(4, Channel::Messenger, u"Tidewick page"_s),  inbox(5, Channel::Telegram, u"Tidewick bot"_s),   inbox(6, Channel::Line, u"Tidewick Japan"_s),
               inbox(7, Channel::Twilio, u"SMS 0142"_s)};
    inboxes[5].state = Inbox::State::ReauthorizationRequired;
    Conversation &kofi = add(2, 2, u"Kofi Adjanor"_s, u"Perfect. Same delivery address as last time, please."_s, 28min);
    messages[kofi.id] = whatsappStory();
    kofi.replyWindow = ReplyWindow{.rule = u"whatsapp_24h"_s, .isOpen = true, .closesAt = m_now + 23h};
    kofi.unreadCount = 3;
    kofi.assigneeId = AgentId(1);
    kofi.labels = {u"Orders"_s};
    kofi.priority = Conversation::Priority::High;
    add(3, 6, u"種森ゆき"_s, u"青いマグカップはまだ在庫がありますか。"_s, 31min).unreadCount = 1;
    Conversation &mira = add(1, 1, u"Mira Solvang"_s, {}, 35min);
    messages[mira.id] = story(everyKind(), m_now);
    mira.lastMessage = messages[mira.id].last();
    mira.contact.customAttributes = {{u"username"_s, u"mira.solv"_s}};
    mira.contact.identifiers = {{InboxId(1), u"7bd2f0c4"_s}};
    mira.assigneeId = AgentId(1);
    mira.priority = Conversation::Priority::Medium;
    mira.labels = {u"Orders"_s};
    mira.unreadCount = 2;
    mira.replyWindow = ReplyWindow{.rule = u"tiktok_48h"_s, .isOpen = true, .closesAt = m_now + 102min};
    Conversation &rafael = add(4, 4, u"Rafael Quintela"_s, u"The handle came off after a week. Can I send it back?"_s, 53min);
    rafael.unreadCount = 12;
    rafael.labels = {u"Returns"_s};
    add(5, 2, u"سلمى الدوري"_s, u"نعم، الإبريق متوفر باللونين الأزرق والرملي"_s, 67min).assigneeId = AgentId(3);
    Conversation &femke = add(6, 3, u"Femke Oosterwal"_s, {}, 84min);
    femke.lastMessage = failed(6001, u"The bowls are 34 € each, and they stack."_s, u"40002"_s, m_now - 84min);
    femke.assigneeId = AgentId(1);
    Conversation &noah = add(7, 7, u"Noah Birkett"_s, {}, 105min);
    noah.lastMessage = outgoing(7001, u"Order 1184 is ready to collect until six."_s, m_now - 105min);
    noah.labels = {u"Orders"_s};
    Conversation &closed = add(8, 1, u"Maximiliane von Hohenfels-Rautenberg"_s, u"Thank you, that is all I wanted to know."_s, 60min * 61);
    closed.replyWindow = ReplyWindow{.rule = u"tiktok_48h"_s, .isOpen = false, .closesAt = m_now - 13h};
    closed.canReply = false;
    closed.contact.customAttributes = {{u"username"_s, u"mvhr"_s}};
    Conversation &lucia = add(9, 3, u"Lucía Barrenal"_s, u"¿Hacéis envíos a Sevilla?"_s, 60min * 23);
    messages[lucia.id] = instagramStory();
    lucia.replyWindow = ReplyWindow{.rule = u"instagram_24h"_s, .isOpen = true, .closesAt = m_now + 14min};
    Conversation &thandi = add(10, 5, u"Thandi Mokwele"_s, u"Here is the interview."_s, 60min * 25);
    thandi.priority = Conversation::Priority::Urgent;
    thandi.labels = {u"Press"_s};
    Conversation &anjali = add(11, 4, u"Anjali Verghese"_s, {}, 60min * 49);
    anjali.lastMessage = note(11001, u"Agreed 15 % for orders above forty pieces."_s, m_now - 49h);
    anjali.labels = {u"Wholesale"_s, u"Orders"_s};
    anjali.assigneeId = AgentId(3);
}

void ShopDesk::fillArabic()
{
    fill();
    const QStringList names{u"سلمى الدوري"_s, u"يوسف الحداد"_s, u"ليلى منصور"_s, u"Kofi Adjanor"_s, u"عمر الخطيب"_s};
    const QStringList texts{u"هل الإبريق الأزرق متوفر؟"_s, u"شكرًا، وصلت الطلبية 1184"_s, u"Speckled Blue 0.35 L من فضلك"_s};
    for (int i = 0; i < conversations.size(); ++i) {
        conversations[i].contact.name = names.at(i % names.size());
        if (conversations[i].lastMessage && !conversations[i].lastMessage->content.isEmpty())
            conversations[i].lastMessage->content = texts.at(i % texts.size());
    }
    messages[ConversationId(1)] = story(everyKindArabic(), m_now);
}

} // namespace antiphon::test
