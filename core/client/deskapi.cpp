#include "core/client/deskcalls.h"

namespace antiphon {
using namespace Qt::StringLiterals;
using namespace deskcalls;

namespace {

Result<DeskApp> appFromJson(const QJsonObject &json)
{
    const auto channel = channelFromName(json.value("channel"_L1).toString());
    if (!channel)
        return Error{Error::Kind::BadPayload, u"unknown channel"_s, u"channel"_s};
    return DeskApp{.channel = *channel,
                   .settings = json.value("settings"_L1).toObject(),
                   .secretsSet = textsOf(json.value("secrets_set"_L1)),
                   .webhookUrl = json::string(json, "webhook_url"_L1),
                   .redirectUrl = json::string(json, "redirect_url"_L1)};
}

Result<DeskCheck> checkFromJson(const QJsonObject &json)
{
    DeskCheck check{.isOk = json.value("ok"_L1).toBool()};
    const QJsonArray lines = json.value("checks"_L1).toArray();
    for (const QJsonValue &entry : lines) {
        const QJsonObject line = entry.toObject();
        check.lines.append({.name = json::string(line, "name"_L1), .isOk = line.value("ok"_L1).toBool(), .detail = json::string(line, "detail"_L1)});
    }
    return check;
}

Result<ConversationCounts> countsFromJson(const QJsonObject &json)
{
    ConversationCounts counts{.mine = json.value("mine"_L1).toInt(),
                              .unassigned = json.value("unassigned"_L1).toInt(),
                              .all = json.value("all"_L1).toInt(),
                              .unread = json.value("unread"_L1).toInt(),
                              .unattended = json.value("unattended"_L1).toInt(),
                              .closingSoon = json.value("closing_soon"_L1).toInt(),
                              .seq = seqOf(json)};
    const QJsonObject byInbox = json.value("by_inbox"_L1).toObject();
    for (auto it = byInbox.begin(); it != byInbox.end(); ++it) {
        if (const auto id = InboxId::fromString(it.key()))
            counts.byInbox.insert(*id, it.value().toInt());
    }
    return counts;
}

QJsonObject updateParams(ConversationId id, const ConversationUpdate &update)
{
    QJsonObject params = idParams(id);
    if (update.status)
        params.insert(u"status"_s, conversationStatusName(*update.status));
    if (update.assigneeId)
        params.insert(u"assignee_id"_s, json::orNull(*update.assigneeId));
    if (update.priority)
        params.insert(u"priority"_s, json::orNull(priorityName(*update.priority)));
    if (update.labels)
        params.insert(u"labels"_s, QJsonArray::fromStringList(*update.labels));
    if (update.snoozedUntil)
        params.insert(u"snoozed_until"_s, json::orNull(*update.snoozedUntil));
    return params;
}

QJsonObject messageParams(const NewMessage &message)
{
    QJsonArray attachments;
    for (const AttachmentId id : message.attachmentIds)
        attachments.append(id.toString());
    QJsonObject params{{u"conversation_id"_s, message.conversationId.toString()},
                       {u"content"_s, message.content},
                       {u"attachment_ids"_s, attachments},
                       {u"in_reply_to"_s, json::orNull(message.inReplyTo)},
                       {u"private"_s, message.isPrivate},
                       {u"client_id"_s, json::orNull(message.clientId)}};
    if (message.fromTemplate) {
        params.insert(u"template"_s, QJsonObject{{u"name"_s, message.fromTemplate->name},
                                                 {u"language"_s, message.fromTemplate->language},
                                                 {u"values"_s, message.fromTemplate->values}});
    }
    if (message.choice)
        params.insert(u"choice"_s, toJson(*message.choice));
    return params;
}

Result<MessagePage> messagePageFromJson(const QJsonObject &json)
{
    const auto items = itemsOf<Message>(json, messageFromJson);
    if (!items)
        return items.error();
    return MessagePage{.items = *items,
                       .hasMoreBefore = json.value("has_more_before"_L1).toBool(),
                       .hasMoreAfter = json.value("has_more_after"_L1).toBool(),
                       .seq = seqOf(json)};
}

constexpr std::array<QStringView, 3> kHitKinds{u"message", u"contact", u"conversation"};

Result<SearchHit> hitFromJson(const QJsonObject &json)
{
    const QString word = json.value("kind"_L1).toString();
    const auto kind = std::find(kHitKinds.begin(), kHitKinds.end(), word);
    const auto id = json::integer(json.value("id"_L1));
    if (kind == kHitKinds.end() || !id)
        return Error{Error::Kind::BadPayload, u"not a hit"_s};
    return SearchHit{.kind = SearchHit::Kind(kind - kHitKinds.begin()),
                     .id = *id,
                     .conversationId = ConversationId::fromString(json.value("conversation_id"_L1).toString()).value_or(ConversationId()),
                     .snippet = json::string(json, "snippet"_L1),
                     .createdAt = fromRfc3339(json.value("created_at"_L1).toString()).value_or(Timestamp())};
}

Result<Draft> draftFromJson(const QJsonObject &json)
{
    const auto id = ConversationId::fromString(json.value("conversation_id"_L1).toString());
    if (!id)
        return Error{Error::Kind::BadPayload, u"not a draft"_s};
    return Draft{.conversationId = *id, .isNote = json.value("mode"_L1) == "note"_L1, .content = json::string(json, "content"_L1)};
}

QJsonObject inboxParams(const InboxUpdate &update)
{
    QJsonObject params;
    if (update.name)
        params.insert(u"name"_s, *update.name);
    if (update.settings)
        params.insert(u"settings"_s, *update.settings);
    if (!update.secrets.isEmpty())
        params.insert(u"secrets"_s, update.secrets);
    if (update.delivery)
        params.insert(u"delivery"_s, deliveryName(*update.delivery));
    if (update.state)
        params.insert(u"state"_s, inboxStateName(*update.state));
    return params;
}

QString draftMode(const Draft &draft)
{
    return draft.isNote ? u"note"_s : u"reply"_s;
}

} // namespace

Result<TypingNotice> typingFromJson(const QJsonObject &json)
{
    const auto conversation = ConversationId::fromString(json.value("conversation_id"_L1).toString());
    const auto agent = agentFromJson(json.value("agent"_L1).toObject());
    if (!conversation || !agent)
        return Error{Error::Kind::BadPayload, u"not a typing notice"_s};
    return TypingNotice{.conversationId = *conversation,
                        .agentId = agent->id,
                        .name = agent->name,
                        .isOn = json.value("on"_L1).toBool(),
                        .isPrivate = json.value("private"_L1).toBool()};
}

QFuture<Result<void>> DeskApi::ping()
{
    return askNothing(m_client, u"session.ping"_s, {});
}

QFuture<Result<DeskApp>> DeskApi::app(Channel channel)
{
    return ask<DeskApp>(m_client, u"apps.get"_s, {{u"channel"_s, channelName(channel)}}, appFromJson);
}

QFuture<Result<DeskApp>> DeskApi::setApp(Channel channel, const QJsonObject &settings, const QJsonObject &secrets)
{
    return ask<DeskApp>(m_client, u"apps.set"_s, {{u"channel"_s, channelName(channel)}, {u"settings"_s, settings}, {u"secrets"_s, secrets}}, appFromJson);
}

QFuture<Result<Page<Inbox>>> DeskApi::inboxes()
{
    return ask<Page<Inbox>>(m_client, u"inboxes.list"_s, {}, pageOf<Inbox>(inboxFromJson));
}

QFuture<Result<Inbox>> DeskApi::inbox(InboxId id)
{
    return ask<Inbox>(m_client, u"inboxes.get"_s, idParams(id), inboxFromJson);
}

QFuture<Result<Inbox>> DeskApi::createInbox(Channel channel, const QString &name, const QJsonObject &settings, const QJsonObject &secrets,
                                            std::optional<Inbox::Delivery> delivery)
{
    QJsonObject params{{u"channel"_s, channelName(channel)}, {u"name"_s, name}, {u"settings"_s, settings}, {u"secrets"_s, secrets}};
    if (delivery)
        params.insert(u"delivery"_s, deliveryName(*delivery));
    return ask<Inbox>(m_client, u"inboxes.create"_s, params, inboxFromJson);
}

QFuture<Result<Inbox>> DeskApi::updateInbox(InboxId id, const InboxUpdate &update)
{
    QJsonObject params = inboxParams(update);
    params.insert(u"id"_s, id.toString());
    return ask<Inbox>(m_client, u"inboxes.update"_s, params, inboxFromJson);
}

QFuture<Result<void>> DeskApi::deleteInbox(InboxId id)
{
    return askNothing(m_client, u"inboxes.delete"_s, idParams(id));
}

QFuture<Result<QUrl>> DeskApi::authorizeInbox(Channel channel, InboxId id)
{
    QJsonObject params{{u"channel"_s, channelName(channel)}};
    if (id)
        params.insert(u"id"_s, id.toString());
    return ask<QUrl>(m_client, u"inboxes.authorize"_s, params, [](const QJsonObject &answer) -> Result<QUrl> {
        const QUrl url(answer.value("url"_L1).toString(), QUrl::StrictMode);
        const bool isWeb = url.scheme() == "https"_L1 || url.scheme() == "http"_L1;   // it is opened in a browser
        return url.isValid() && isWeb ? Result<QUrl>(url) : Result<QUrl>(Error{Error::Kind::BadPayload, u"not a web address"_s, u"url"_s});
    });
}

QFuture<Result<Inbox>> DeskApi::authorizePaste(const QUrl &callback)
{
    return ask<Inbox>(m_client, u"inboxes.authorize_paste"_s, {{u"url"_s, callback.toString(QUrl::FullyEncoded)}}, inboxFromJson);
}

QFuture<Result<QString>> DeskApi::verifyToken(Channel channel, InboxId id)
{
    const QJsonObject params = id.isNull() ? QJsonObject{{u"channel"_s, channelName(channel)}} : QJsonObject{{u"id"_s, id.toString()}};
    return ask<QString>(m_client, u"inboxes.verify_token"_s, params, [](const QJsonObject &json) -> Result<QString> { return json::string(json, "verify_token"_L1); });
}

QFuture<Result<DeskCheck>> DeskApi::checkInbox(InboxId id, bool repair)
{
    QJsonObject params = idParams(id);
    if (repair)
        params.insert(u"repair"_s, true);
    return ask<DeskCheck>(m_client, u"inboxes.check"_s, params, checkFromJson);
}

QFuture<Result<Inbox>> DeskApi::syncPhone(InboxId id)
{
    return ask<Inbox>(m_client, u"inboxes.sync_phone"_s, idParams(id), inboxFromJson);
}

QFuture<Result<ConversationPage>> DeskApi::conversations(const ConversationFilter &filter, ConversationSort sort, const QString &cursor, int limit)
{
    QJsonObject params = pageParams(cursor, limit);
    params.insert(u"filter"_s, toJson(filter));
    params.insert(u"sort"_s, conversationSortName(sort));
    return ask<ConversationPage>(m_client, u"conversations.list"_s, params, pageOf<Conversation>(conversationFromJson));
}

QFuture<Result<ConversationCounts>> DeskApi::conversationCounts(const ConversationFilter &filter)
{
    return ask<ConversationCounts>(m_client, u"conversations.counts"_s, {{u"filter"_s, toJson(filter)}}, countsFromJson);
}

QFuture<Result<Conversation>> DeskApi::conversation(ConversationId id)
{
    return ask<Conversation>(m_client, u"conversations.get"_s, idParams(id), conversationFromJson);
}

QFuture<Result<Conversation>> DeskApi::updateConversation(ConversationId id, const ConversationUpdate &update)
{
    return ask<Conversation>(m_client, u"conversations.update"_s, updateParams(id, update), conversationFromJson);
}

QFuture<Result<Conversation>> DeskApi::markRead(ConversationId id, MessageId upTo)
{
    return ask<Conversation>(m_client, u"conversations.mark_read"_s, {{u"id"_s, id.toString()}, {u"message_id"_s, upTo.toString()}}, conversationFromJson);
}

QFuture<Result<Conversation>> DeskApi::markUnread(ConversationId id)
{
    return ask<Conversation>(m_client, u"conversations.mark_unread"_s, idParams(id), conversationFromJson);
}

QFuture<Result<MessagePage>> DeskApi::messages(ConversationId id, const MessageAnchor &anchor, int limit)
{
    QJsonObject params{{u"conversation_id"_s, id.toString()}, {u"limit"_s, limit}};
    switch (anchor.kind) {
    case MessageAnchor::Kind::Newest: break;
    case MessageAnchor::Kind::Before: params.insert(u"before"_s, anchor.message.toString()); break;
    case MessageAnchor::Kind::After: params.insert(u"after"_s, anchor.message.toString()); break;
    case MessageAnchor::Kind::Around: params.insert(u"around"_s, anchor.message.toString()); break;
    }
    return ask<MessagePage>(m_client, u"messages.list"_s, params, messagePageFromJson);
}

QFuture<Result<Message>> DeskApi::sendMessage(const NewMessage &message)
{
    return ask<Message>(m_client, u"messages.send"_s, messageParams(message), messageFromJson);
}

QFuture<Result<Message>> DeskApi::confirmMessage(MessageId id)
{
    return ask<Message>(m_client, u"messages.confirm"_s, {{u"id"_s, id.toString()}}, messageFromJson);
}

QFuture<Result<Message>> DeskApi::retryMessage(MessageId id, bool confirmUnknown)
{
    return ask<Message>(m_client, u"messages.retry"_s, {{u"id"_s, id.toString()}, {u"confirm_unknown"_s, confirmUnknown}}, messageFromJson);
}

QFuture<Result<Message>> DeskApi::deleteMessage(MessageId id)
{
    return ask<Message>(m_client, u"messages.delete"_s, idParams(id), messageFromJson);
}

QFuture<Result<ContactPage>> DeskApi::contacts(const QString &query, const QString &cursor, int limit)
{
    QJsonObject params = pageParams(cursor, limit);
    if (!query.isEmpty())
        params.insert(u"query"_s, query);
    return ask<ContactPage>(m_client, u"contacts.list"_s, params, pageOf<Contact>(contactFromJson));
}

QFuture<Result<ContactPage>> DeskApi::blockedContacts(const QString &cursor, int limit)
{
    QJsonObject params = pageParams(cursor, limit);
    params.insert(u"blocked"_s, true);
    return ask<ContactPage>(m_client, u"contacts.list"_s, params, pageOf<Contact>(contactFromJson));
}

QFuture<Result<Contact>> DeskApi::contact(ContactId id)
{
    return ask<Contact>(m_client, u"contacts.get"_s, idParams(id), contactFromJson);
}

QFuture<Result<Contact>> DeskApi::updateContact(ContactId id, const ContactUpdate &update)
{
    QJsonObject params = idParams(id);
    if (update.name)
        params.insert(u"name"_s, *update.name);
    if (update.phoneNumber)
        params.insert(u"phone_number"_s, json::orNull(*update.phoneNumber));
    if (update.email)
        params.insert(u"email"_s, json::orNull(*update.email));
    if (update.customAttributes)
        params.insert(u"custom_attributes"_s, *update.customAttributes);
    if (update.isBlocked)
        params.insert(u"blocked"_s, *update.isBlocked);
    return ask<Contact>(m_client, u"contacts.update"_s, params, contactFromJson);
}

QFuture<Result<Page<Agent>>> DeskApi::agents()
{
    return ask<Page<Agent>>(m_client, u"agents.list"_s, {}, pageOf<Agent>(agentFromJson));
}

QFuture<Result<Page<Label>>> DeskApi::labels()
{
    return ask<Page<Label>>(m_client, u"labels.list"_s, {}, pageOf<Label>(labelFromJson));
}

QFuture<Result<void>> DeskApi::setDraft(const Draft &draft)
{
    return askNothing(m_client, u"drafts.set"_s,
                      {{u"conversation_id"_s, draft.conversationId.toString()}, {u"mode"_s, draftMode(draft)}, {u"content"_s, draft.content}});
}

QFuture<Result<QList<Draft>>> DeskApi::drafts()
{
    return ask<QList<Draft>>(m_client, u"drafts.list"_s, {}, [](const QJsonObject &json) { return itemsOf<Draft>(json, draftFromJson); });
}

QFuture<Result<void>> DeskApi::setTyping(ConversationId id, bool on, bool isPrivate)
{
    return askNothing(m_client, u"typing.set"_s, {{u"conversation_id"_s, id.toString()}, {u"on"_s, on}, {u"private"_s, isPrivate}});
}

QFuture<Result<SearchPage>> DeskApi::search(const QString &query, const QList<SearchHit::Kind> &kinds, const QString &cursor, int limit)
{
    QJsonArray words;
    for (const SearchHit::Kind kind : kinds)
        words.append(kHitKinds.at(size_t(kind)).toString());
    QJsonObject params = pageParams(cursor, limit);
    params.insert(u"query"_s, query);
    params.insert(u"kinds"_s, words);
    return ask<SearchPage>(m_client, u"search"_s, params, pageOf<SearchHit>(hitFromJson));
}

QFuture<Result<QJsonObject>> DeskApi::settings(const QStringList &keys)
{
    return ask<QJsonObject>(m_client, u"settings.get"_s, {{u"keys"_s, QJsonArray::fromStringList(keys)}},
                            [](const QJsonObject &json) -> Result<QJsonObject> { return json.value("values"_L1).toObject(); });
}

QFuture<Result<void>> DeskApi::setSettings(const QJsonObject &values)
{
    return askNothing(m_client, u"settings.set"_s, {{u"values"_s, values}});
}

QFuture<Result<Attachment>> DeskApi::upload(const QString &path, const QString &name, const QString &mime)
{
    return m_client.upload(path, name, mime).then(&m_client, [](const Result<QJsonObject> &answer) -> Result<Attachment> {
        return answer ? attachmentFromJson(*answer) : Result<Attachment>(answer.error());
    });
}

} // namespace antiphon
