#include "core/desk/messagesend.h"

#include "core/desk/activityline.h"
#include "core/desk/deskobjects.h"
#include "core/desk/messageforms.h"
#include "core/desk/params.h"
#include "core/domain/templateplaces.h"
#include "core/outbox/outgoing.h"
#include "core/store/attachmentrepository.h"
#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/messagequeries.h"
#include "core/store/messagerepository.h"
#include "core/store/outboxrepository.h"

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestContent = 150'000;
constexpr qsizetype kLongestClientId = 200;
constexpr qsizetype kMostAttachments = 15;

/// What messages.send asks for, read from its parameters.
struct Wish {
    ConversationId conversation{};
    QString content{};
    QList<AttachmentId> attachments{};
    MessageId inReplyTo{};
    bool isPrivate = false;
    QString clientId{};
    std::optional<TemplateWish> fromTemplate{};
    std::optional<MessageChoice> choice{};
};

/// Templates and choices stand for themselves: a template brings its own words, a choice goes below some.
Result<void> takeForms(const QJsonObject &params, Wish &wish)
{
    const auto fromTemplate = templateWishOf(params);
    if (!fromTemplate)
        return fromTemplate.error();
    const auto choice = choiceWishOf(params);
    if (!choice)
        return choice.error();
    wish.fromTemplate = *fromTemplate;
    wish.choice = *choice;
    if (wish.fromTemplate && (wish.isPrivate || wish.choice))
        return params::invalid("template"_L1, u"not with a note or a choice"_s);
    if (wish.choice && wish.isPrivate)
        return params::invalid("choice"_L1, u"not with a note"_s);
    if (wish.fromTemplate && !wish.content.trimmed().isEmpty())
        return params::invalid("content"_L1, u"a template brings its own words"_s);
    if (wish.choice && wish.content.trimmed().isEmpty())
        return params::invalid("content"_L1, u"a choice needs words above it"_s);
    return {};
}

Result<Wish> wishOf(const QJsonObject &params)
{
    Wish wish;
    const auto conversation = params::requiredId<ConversationId>(params, "conversation_id"_L1);
    if (!conversation)
        return conversation.error();
    const auto content = params::text(params, "content"_L1, kLongestContent);
    if (!content)
        return content.error();
    const auto inReplyTo = json::id<MessageId>(params, "in_reply_to"_L1);
    if (!inReplyTo)
        return inReplyTo.error();
    const auto isPrivate = params::flag(params, "private"_L1);
    if (!isPrivate)
        return isPrivate.error();
    const auto clientId = params::text(params, "client_id"_L1, kLongestClientId);
    if (!clientId)
        return clientId.error();
    const auto attachments = params::texts(params, "attachment_ids"_L1);
    if (!attachments)
        return attachments.error();
    wish = {.conversation = *conversation, .content = *content, .inReplyTo = *inReplyTo, .isPrivate = *isPrivate, .clientId = *clientId};
    for (const QString &text : *attachments) {
        const auto id = AttachmentId::fromString(text);
        if (!id || wish.attachments.contains(*id))
            return params::invalid("attachment_ids"_L1, u"not an id, or twice the same"_s);
        wish.attachments.append(*id);
    }
    if (wish.attachments.size() > kMostAttachments)
        return params::invalid("attachment_ids"_L1, u"more than %1"_s.arg(kMostAttachments));
    if (const auto taken = takeForms(params, wish); !taken)
        return taken.error();
    if (wish.content.trimmed().isEmpty() && wish.attachments.isEmpty() && !wish.fromTemplate)
        return params::invalid("content"_L1, u"nothing to send"_s);
    return wish;
}

/// A conversation with its thread and platform.
struct Thread {
    conversations::ConversationRow row{};
    inboxes::InboxRow inbox{};
    contacts::ContactInboxRow address{};
    const ChannelAdapter *adapter = nullptr;
};

Result<Thread> threadOf(WriteTransaction &tx, const DeskView &view, ConversationId id)
{
    const auto row = conversations::find(tx, id);
    if (!row)
        return row.error();
    if (!*row)
        return Error{Error::Kind::NotFound, u"no such conversation"_s};
    const auto inbox = inboxes::find(tx, (*row)->inboxId);
    if (!inbox)
        return inbox.error();
    const auto address = contacts::find(tx, (*row)->contactInboxId);
    if (!address)
        return address.error();
    if (!*inbox || !*address)
        return Error{Error::Kind::NotFound, u"no such conversation"_s};
    return Thread{.row = **row, .inbox = **inbox, .address = **address, .adapter = view.channels->adapter((*inbox)->inbox.channel)};
}

/// Whether the channel would carry anything at this moment; a template needs no open window.
Result<void> checkOpen(const Thread &thread, const DeskView &view, bool isTemplate)
{
    if (thread.inbox.inbox.state == Inbox::State::Disabled)
        return Error{Error::Kind::Conflict, u"the inbox is disabled"_s};
    if (!thread.adapter)
        return Error{Error::Kind::Unavailable, u"this channel can't send"_s};
    if (thread.row.attributes.value("handled_elsewhere"_L1).toBool())
        return Error{Error::Kind::Conflict, u"another application has this thread"_s};
    if (const QString why = thread.row.attributes.value("cannot_reply"_L1).toString(); !why.isEmpty())
        return Error{Error::Kind::Conflict, u"nothing can be sent to this customer: "_s + why};
    if (isTemplate || !thread.adapter->replyRule(thread.inbox.inbox.settings, thread.address.sourceId))
        return {};
    if (!thread.row.windowClosesAt || view.clock->now() >= *thread.row.windowClosesAt)
        return Error{Error::Kind::WindowClosed, u"the reply window is closed"_s};
    return {};
}

std::optional<Timestamp> windowEnd(const Thread &thread)
{
    return thread.adapter->replyRule(thread.inbox.inbox.settings, thread.address.sourceId) ? thread.row.windowClosesAt : std::nullopt;
}

Result<void> enqueue(WriteTransaction &tx, const Thread &thread, MessageId message, bool isTemplate)
{
    const QString lane = thread.adapter->lane(thread.row.inboxId, thread.inbox.inbox.externalId, thread.address.sourceId);
    const auto row = outbox::enqueue(tx, message, thread.row.inboxId, lane, isTemplate ? std::nullopt : windowEnd(thread));
    return row ? Result<void>() : Result<void>(row.error());
}

Result<QList<OutboundAttachment>> filesOf(WriteTransaction &tx, const Caller &caller, const Wish &wish)
{
    QList<OutboundAttachment> files;
    for (const AttachmentId id : wish.attachments) {
        const auto row = attachments::find(tx, id);
        if (!row)
            return row.error();
        if (!*row || (*row)->messageId || (*row)->agentId != caller.agent.id || (*row)->attachment.state != Attachment::State::Ready)
            return params::invalid("attachment_ids"_L1, u"no upload of yours that waits to be sent"_s);
        files.append({.kind = (*row)->attachment.kind,
                      .name = (*row)->attachment.name,
                      .mime = (*row)->attachment.mime,
                      .size = (*row)->attachment.size.value_or(0),
                      .isVoice = (*row)->attachment.isVoice,
                      .durationMs = (*row)->attachment.durationMs,
                      .width = (*row)->attachment.width,
                      .height = (*row)->attachment.height});
    }
    return files;
}

Result<std::optional<Message>> quotedOf(WriteTransaction &tx, const Wish &wish)
{
    if (!wish.inReplyTo)
        return std::optional<Message>();
    const auto quoted = MessageQueries(tx).byId(wish.inReplyTo);
    if (!quoted && quoted.error().kind != Error::Kind::NotFound)
        return quoted.error();
    if (!quoted || quoted->conversationId != wish.conversation || quoted->direction == Message::Direction::Activity)
        return params::invalid("in_reply_to"_L1, u"no such message in this conversation"_s);
    return std::optional(*quoted);
}

/// What is stored of a message beside its wish.
struct Form {
    QString content{};
    QJsonObject templateSent{};
    QJsonObject detail{};
};

Result<Form> formOf(ReadTransaction &tx, const Thread &thread, const Wish &wish, const QList<OutboundAttachment> &files)
{
    Form form{.content = wish.content};
    const ChannelLimits limits = thread.adapter ? thread.adapter->limits(thread.inbox.inbox.settings) : ChannelLimits{};
    if (wish.fromTemplate && !limits.hasTemplates)
        return Error{Error::Kind::ChannelLimit, u"this channel has no templates"_s, u"template"_s};
    if (wish.choice && !limits.canChoose)
        return Error{Error::Kind::ChannelLimit, u"this channel has no buttons or lists"_s, u"choice"_s};
    if (wish.choice)
        form.detail = {{u"choice"_s, toJson(*wish.choice)}};
    if (!wish.fromTemplate)
        return form;
    const auto used = templateToSend(tx, thread.row.inboxId, *wish.fromTemplate, files);
    if (!used)
        return used.error();
    form.templateSent = *used;
    form.content = renderedTemplate(used->value("components"_L1).toArray(), wish.fromTemplate->values);
    return form;
}

Result<void> checkSendable(const Thread &thread, const DeskView &view, const Form &form, const QList<OutboundAttachment> &files,
                           const std::optional<Message> &quoted)
{
    if (const auto open = checkOpen(thread, view, !form.templateSent.isEmpty()); !open)
        return open;
    if (!files.isEmpty() && thread.adapter->limits(thread.inbox.inbox.settings).fetchesByLink && (!view.publicUrl || view.publicUrl().isEmpty()))
        return Error{Error::Kind::Unavailable, u"no public address: the platform could not fetch the file"_s, u"attachment_ids"_s};
    std::optional<Milliseconds> sinceCustomer;
    if (thread.row.lastIncomingAt)
        sinceCustomer = view.clock->now() - *thread.row.lastIncomingAt;
    const QJsonValue takesImages = thread.row.attributes.value(capabilitiesKey(thread.inbox.inbox.channel)).toObject().value("image_send"_L1);
    return thread.adapter->check({.contactSourceId = thread.address.sourceId,
                                  .content = form.content,
                                  .attachments = files,
                                  .quotedSourceId = quoted ? quoted->sourceId : QString(),
                                  .quotedType = quoted ? quoted->contentType : Message::ContentType::Text,
                                  .conversationTakesImages = takesImages.toBool(true),
                                  .fromTemplate = outboundTemplate(form.templateSent),
                                  .choice = outboundChoice(form.detail),
                                  .inbox = thread.row.inboxId,
                                  .inboxSettings = thread.inbox.inbox.settings,
                                  .sinceCustomer = sinceCustomer});
}

Result<MessageId> store(WriteTransaction &tx, const Caller &caller, const Thread &thread, const Wish &wish, const Form &form, Timestamp at)
{
    const bool isTemplate = !form.templateSent.isEmpty();      // its words are the platform's, marks and all
    const auto id = messages::insert(tx, {.conversationId = wish.conversation,
                                          .inboxId = thread.row.inboxId,
                                          .direction = Message::Direction::Outgoing,
                                          .content = form.content,
                                          .contentFormat = isTemplate ? Message::ContentFormat::Plain : Message::ContentFormat::Markdown,
                                          .contentType = wish.choice ? Message::ContentType::Interactive : Message::ContentType::Text,
                                          .isPrivate = wish.isPrivate,
                                          .status = wish.isPrivate ? std::nullopt : std::optional(MessageStatus::Queued),
                                          .inReplyTo = wish.inReplyTo,
                                          .clientId = wish.clientId,
                                          .senderType = Sender::Type::Agent,
                                          .senderId = caller.agent.id.value(),
                                          .detail = form.detail,
                                          .templateSent = form.templateSent,
                                          .createdAt = at,
                                          .receivedAt = tx.now()});
    if (!id)
        return id.error();
    if (!*id)
        return Error{Error::Kind::Conflict, u"the message is there already"_s};
    if (!wish.attachments.isEmpty()) {
        if (const auto done = attachments::attach(tx, **id, caller.agent.id, wish.attachments); !done)
            return done.error();
    }
    return **id;
}

/// An answer ends the customer's waiting and opens what a bot held; a note only stands there.
Result<void> moveConversation(WriteTransaction &tx, const Caller &caller, const Thread &thread, MessageId message, bool isPrivate, Timestamp at)
{
    if (!isPrivate && thread.row.status == Conversation::Status::Pending) {
        const auto line = addActivity(tx, thread.row.id, thread.row.inboxId, &caller,
                                      {{u"kind"_s, u"status"_s}, {u"from"_s, u"pending"_s}, {u"to"_s, u"open"_s}});
        if (!line)
            return line.error();
    }
    Query update = tx.query(u"UPDATE conversation SET last_message_id = :message, last_activity_at = MAX(last_activity_at, :at), "
                            "waiting_since = CASE WHEN :private THEN waiting_since ELSE NULL END, "
                            "first_reply_created_at = CASE WHEN :private THEN first_reply_created_at ELSE COALESCE(first_reply_created_at, :at) END, "
                            "status = CASE WHEN status = 'pending' AND NOT :private THEN 'open' ELSE status END WHERE id = :id"_s);
    update.bind(":message"_L1, message).bind(":at"_L1, at).bind(":private"_L1, isPrivate).bind(":id"_L1, thread.row.id);
    return update.exec();
}

} // namespace

Result<Sendable> sendable(WriteTransaction &tx, const DeskView &view, ConversationId conversation, bool isTemplate)
{
    const auto thread = threadOf(tx, view, conversation);
    if (!thread)
        return thread.error();
    if (const auto open = checkOpen(*thread, view, isTemplate); !open)
        return open.error();
    return Sendable{.until = isTemplate ? std::nullopt : windowEnd(*thread), .sameKeyFor = thread->adapter->limits(thread->inbox.inbox.settings).sameKeyFor};
}

Result<QJsonObject> sendMessage(WriteTransaction &tx, const Caller &caller, const DeskView &view, const std::function<void()> &wakeOutbox,
                                const QJsonObject &params)
{
    const auto wish = wishOf(params);
    if (!params.value("client_id"_L1).toString().isEmpty()) {
        const auto first = MessageQueries(tx).byClientId(params.value("client_id"_L1).toString());
        if (!first)
            return first.error();
        if (*first)
            return toJson(**first);
    }
    if (!wish)
        return wish.error();
    const auto thread = threadOf(tx, view, wish->conversation);
    if (!thread)
        return thread.error();
    const auto files = filesOf(tx, caller, *wish);
    if (!files)
        return files.error();
    const auto quoted = quotedOf(tx, *wish);
    if (!quoted)
        return quoted.error();
    const auto form = formOf(tx, *thread, *wish, *files);
    if (!form)
        return form.error();
    if (!wish->isPrivate) {
        if (const auto checked = checkSendable(*thread, view, *form, *files, *quoted); !checked)
            return checked.error();
    }
    const auto at = timeBelowNewest(tx, wish->conversation);
    if (!at)
        return at.error();
    const auto id = store(tx, caller, *thread, *wish, *form, *at);
    if (!id)
        return id.error();
    if (const auto done = moveConversation(tx, caller, *thread, *id, wish->isPrivate, *at); !done)
        return done.error();
    if (!wish->isPrivate) {
        if (const auto done = enqueue(tx, *thread, *id, wish->fromTemplate.has_value()); !done)
            return done.error();
        if (wakeOutbox)
            tx.afterCommit(wakeOutbox);
    }
    tx.changed(u"message.created"_s, id->value(), thread->row.inboxId);
    tx.changed(u"conversation.updated"_s, wish->conversation.value(), thread->row.inboxId);
    return messageJson(tx, *id);
}

} // namespace antiphon::desk
