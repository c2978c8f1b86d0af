#include "core/desk/activityline.h"

#include "core/store/messagerepository.h"

namespace antiphon::desk {
using namespace Qt::StringLiterals;

Result<Timestamp> timeBelowNewest(WriteTransaction &tx, ConversationId conversation)
{
    Query query = tx.query(u"SELECT created_at FROM message WHERE conversation_id = :conversation ORDER BY created_at DESC, id DESC LIMIT 1"_s);
    query.bind(":conversation"_L1, conversation);
    Timestamp at = tx.now();
    if (query.next())
        at = std::max(at, query.time(0) + Milliseconds(1));
    if (!query.ok())
        return query.error();
    return at;
}

Result<MessageId> addActivity(WriteTransaction &tx, ConversationId conversation, InboxId inbox, const Caller *caller, QJsonObject what)
{
    what.insert(u"actor_kind"_s, caller ? u"agent"_s : u"system"_s);
    if (caller) {
        what.insert(u"actor_id"_s, caller->agent.id.toString());
        what.insert(u"actor_name"_s, caller->agent.name);
    }
    const auto at = timeBelowNewest(tx, conversation);
    if (!at)
        return at.error();
    const auto id = messages::insert(tx, {.conversationId = conversation,
                                          .inboxId = inbox,
                                          .direction = Message::Direction::Activity,
                                          .senderType = caller ? Sender::Type::Agent : Sender::Type::System,
                                          .senderId = caller ? caller->agent.id.value() : 0,
                                          .activity = what,
                                          .createdAt = *at,
                                          .receivedAt = tx.now()});
    if (!id)
        return id.error();
    if (!*id)
        return Error{Error::Kind::Conflict, u"the line is there already"_s};
    tx.changed(u"message.created"_s, (*id)->value(), inbox);
    return **id;
}

} // namespace antiphon::desk
