#pragma once

#include "core/domain/contact.h"
#include "core/domain/message.h"
#include "core/domain/replywindow.h"

namespace antiphon {

/// A customer's thread in one inbox, as the asking agent sees it.
struct Conversation {
    enum class Status { Open, Pending, Snoozed, Resolved };
    enum class Priority { None, Low, Medium, High, Urgent };

    ConversationId id{};
    InboxId inboxId{};
    Contact contact{};
    Status status = Status::Open;
    AgentId assigneeId{};
    Priority priority = Priority::None;
    QStringList labels{};                            ///< titles
    int unreadCount = 0;                             ///< of the asking agent
    std::optional<Message> lastMessage{};
    Timestamp lastActivityAt{};
    std::optional<Timestamp> waitingSince{};
    std::optional<ReplyWindow> replyWindow{};        ///< none where the channel has no window
    bool canReply = true;
    std::optional<Timestamp> snoozedUntil{};
    Timestamp createdAt{};
    QJsonObject attributes{};                        ///< e.g. {"tiktok_capabilities":{"image_send":true}}, {"referral":{…}}
};

QString conversationStatusName(Conversation::Status status);
std::optional<Conversation::Status> conversationStatusFromName(QStringView name);
QString priorityName(Conversation::Priority priority);                       ///< empty for none
std::optional<Conversation::Priority> priorityFromName(QStringView name);    ///< an empty name is none

QJsonObject toJson(const Conversation &conversation);
Result<Conversation> conversationFromJson(const QJsonObject &json);

} // namespace antiphon
