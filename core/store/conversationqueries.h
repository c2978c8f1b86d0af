#pragma once

#include "core/domain/channel.h"
#include "core/domain/conversationfilter.h"
#include "core/store/transaction.h"

namespace antiphon {

/// Reading conversations as one agent sees them at one moment.
class ConversationQueries {
public:
    using RuleOf = std::function<std::optional<ReplyRule>(Channel, const QJsonObject &inboxSettings, const QString &contactSourceId)>;

    /// Where a page ended. `phase` 1 are those that the sort has no value for (nobody waits, no open window), newest activity first.
    struct Key {
        int phase = 0;
        qint64 rank = 0;      ///< priority
        qint64 at = 0;
        qint64 id = 0;
        qint64 now = 0;       ///< of the first page: what counts as an open window stays the same while paging
    };
    struct Page {
        QList<Conversation> items{};
        std::optional<Key> next{};
    };
    struct Counts {
        int mine = 0;
        int unassigned = 0;
        int all = 0;
        int unread = 0;
        int unattended = 0;
        int closingSoon = 0;
        QHash<InboxId, int> unreadByInbox{};
    };

    /// @param ruleOf the reply rule of a channel; called in the reader's thread
    ConversationQueries(ReadTransaction &tx, AgentId agent, Timestamp now, RuleOf ruleOf);

    Result<Conversation> byId(ConversationId id);              ///< NotFound
    /// The same without its last message, whose id is given instead (null: none). NotFound.
    Result<Conversation> withoutLastMessage(ConversationId id, MessageId *lastMessage);
    Result<Page> list(const ConversationFilter &filter, ConversationSort sort, const std::optional<Key> &after, int limit);
    Result<Counts> counts(const ConversationFilter &filter);

private:
    struct Place {
        ConversationId id{};
        Key key{};
    };
    Result<QList<Place>> places(const ConversationFilter &filter, ConversationSort sort, const Key &after, bool isFirst, int limit);
    void bindFilter(Query &query, const ConversationFilter &filter) const;

    ReadTransaction &m_tx;
    AgentId m_agent;
    Timestamp m_now;
    RuleOf m_ruleOf;
};

} // namespace antiphon
