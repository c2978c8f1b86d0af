#pragma once

#include "core/domain/conversation.h"

namespace antiphon {

/// Which conversations are asked for. What is absent doesn't limit; all that is given must hold.
struct ConversationFilter {
    enum class Assignee { Anyone, Me, Nobody, Agent };

    InboxId inboxId{};
    ContactId contactId{};
    QList<Conversation::Status> statuses{};      ///< none: every status
    Assignee assignee = Assignee::Anyone;
    AgentId assigneeId{};                        ///< with Assignee::Agent
    std::optional<Conversation::Priority> priority{};
    QString label{};                             ///< a title
    bool isUnread = false;                       ///< only those with something unread for the asking agent
    bool isUnattended = false;                   ///< only those never answered, or whose customer waits
    bool isClosingSoon = false;                  ///< only those whose open reply window closes within `kClosingSoon`

    static constexpr std::chrono::hours kClosingSoon{4};
    static constexpr std::chrono::hours kAnswerFirst{2};     ///< of the sort "answer_first"
};

/// AnswerFirst: waiting customers whose reply window closes within `kAnswerFirst`, the soonest first; then the others by activity.
enum class ConversationSort { LastActivity, Created, Priority, WaitingSince, WindowClosing, AnswerFirst };

QString conversationSortName(ConversationSort sort);
std::optional<ConversationSort> conversationSortFromName(QStringView name);

/// {inbox_id, contact_id, status: word or list of words, assignee_id: id, "me", "none" or null, priority, label, unread, unattended, closing_soon}.
/// A given null assignee_id means nobody, like "none"; priority "none" means those without one.
QJsonObject toJson(const ConversationFilter &filter);

/// Invalid with `field` ("filter.status") for an unknown word, a value of the wrong type or an unknown key.
Result<ConversationFilter> conversationFilterFromJson(const QJsonObject &json);

} // namespace antiphon
