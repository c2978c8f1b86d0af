#include "core/desk/conversationmethods.h"

#include "core/desk/conversationchange.h"
#include "core/desk/pagemarks.h"
#include "core/desk/deskobjects.h"
#include "core/desk/params.h"
#include "core/intake/capability.h"
#include "core/intake/readmark.h"
#include "core/store/inboxrepository.h"
#include "core/store/seenrepository.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestCursor = 4096;

Result<ConversationFilter> filterOf(const QJsonObject &params)
{
    const auto object = params::object(params, "filter"_L1);
    if (!object)
        return object.error();
    return conversationFilterFromJson(*object);
}

Result<ConversationSort> sortOf(const QJsonObject &params)
{
    const auto word = params::text(params, "sort"_L1, 64);
    if (!word)
        return word.error();
    if (word->isEmpty())
        return ConversationSort::LastActivity;
    if (const auto sort = conversationSortFromName(*word))
        return *sort;
    return params::invalid("sort"_L1, u"unknown sort"_s);
}

Result<QJsonObject> list(ReadTransaction &tx, const Caller &caller, const DeskView &view, const QJsonObject &params)
{
    const auto filter = filterOf(params);
    if (!filter)
        return filter.error();
    const auto sort = sortOf(params);
    if (!sort)
        return sort.error();
    const auto limit = params::limit(params);
    if (!limit)
        return limit.error();
    const auto text = params::text(params, "cursor"_L1, kLongestCursor);
    if (!text)
        return text.error();
    const auto cursor = pagemarks::readConversation(*text, *sort);
    if (!cursor)
        return cursor.error();
    const auto page = conversationsOf(tx, caller, view).list(*filter, *sort, *cursor, *limit);
    if (!page)
        return page.error();
    QJsonArray items;
    for (const Conversation &conversation : page->items)
        items.append(toJson(conversation));
    return withSeq(tx, {{u"items"_s, items}, {u"next_cursor"_s, page->next ? QJsonValue(pagemarks::write(*sort, *page->next)) : QJsonValue(QJsonValue::Null)}});
}

Result<QJsonObject> counts(ReadTransaction &tx, const Caller &caller, const DeskView &view, const QJsonObject &params)
{
    const auto filter = filterOf(params);
    if (!filter)
        return filter.error();
    const auto counts = conversationsOf(tx, caller, view).counts(*filter);
    if (!counts)
        return counts.error();
    QJsonObject byInbox;
    for (auto it = counts->unreadByInbox.begin(); it != counts->unreadByInbox.end(); ++it)
        byInbox.insert(it.key().toString(), it.value());
    return withSeq(tx, {{u"mine"_s, counts->mine},
                        {u"unassigned"_s, counts->unassigned},
                        {u"all"_s, counts->all},
                        {u"unread"_s, counts->unread},
                        {u"unattended"_s, counts->unattended},
                        {u"closing_soon"_s, counts->closingSoon},
                        {u"by_inbox"_s, byInbox}});
}

Result<QJsonObject> get(ReadTransaction &tx, const Caller &caller, const DeskView &view, const QJsonObject &params)
{
    const auto id = params::requiredId<ConversationId>(params, "id"_L1);
    if (!id)
        return id.error();
    return conversationJson(tx, caller, view, *id);
}

Result<QJsonObject> update(WriteTransaction &tx, const Caller &caller, const DeskView &view, const QJsonObject &params)
{
    const auto id = params::requiredId<ConversationId>(params, "id"_L1);
    if (!id)
        return id.error();
    const auto wish = conversationWishOf(params, tx.now());
    if (!wish)
        return wish.error();
    const auto old = conversation(tx, caller, view, *id);
    if (!old)
        return old.error();
    if (const auto done = changeConversation(tx, &caller, *old, *wish); !done)
        return done.error();
    return conversationJson(tx, caller, view, *id);
}

Result<QJsonObject> afterMark(WriteTransaction &tx, const Caller &caller, const DeskView &view, const Conversation &before, const Result<bool> &changed)
{
    if (!changed)
        return changed.error();
    if (*changed)
        tx.changed(u"conversation.updated"_s, before.id.value(), before.inboxId);
    return conversationJson(tx, caller, view, before.id);
}

Result<void> markAtPlatform(WriteTransaction &tx, const DeskView &view, InboxId inboxId, ConversationId conversation, MessageId upTo, const std::function<void()> &wakeJobs)
{
    const auto inbox = inboxes::find(tx, inboxId);
    if (!inbox)
        return inbox.error();
    if (!*inbox)
        return {};
    if (const auto done = readmark::want(tx, *view.channels, (*inbox)->inbox, conversation, upTo); !done)
        return done;
    if (wakeJobs)
        tx.afterCommit(wakeJobs);
    return {};
}

Result<QJsonObject> markRead(WriteTransaction &tx, const Caller &caller, const DeskView &view, const std::function<void()> &wakeJobs,
                             const QJsonObject &params)
{
    const auto id = params::requiredId<ConversationId>(params, "id"_L1);
    if (!id)
        return id.error();
    const auto message = params::requiredId<MessageId>(params, "message_id"_L1);
    if (!message)
        return message.error();
    const auto before = conversation(tx, caller, view, *id);
    if (!before)
        return before.error();
    // Who reads it has it open: what may be sent there should be known by now.
    const auto row = conversations::find(tx, *id);
    if (!row)
        return row.error();
    if (*row) {
        if (const auto done = renewCapability(tx, **row); !done)
            return done.error();
    }
    const auto marked = SeenRepository::markRead(tx, caller.agent.id, *id, *message);
    if (marked) {
        if (const auto done = markAtPlatform(tx, view, before->inboxId, *id, *message, wakeJobs); !done)
            return done.error();
    }
    return afterMark(tx, caller, view, *before, marked);
}

Result<QJsonObject> markUnread(WriteTransaction &tx, const Caller &caller, const DeskView &view, const QJsonObject &params)
{
    const auto id = params::requiredId<ConversationId>(params, "id"_L1);
    if (!id)
        return id.error();
    const auto before = conversation(tx, caller, view, *id);
    if (!before)
        return before.error();
    return afterMark(tx, caller, view, *before, SeenRepository::markUnread(tx, caller.agent.id, *id));
}

} // namespace

void addConversationMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &wakeJobs)
{
    using Role = Agent::Role;
    const auto read = [view](auto function) {
        return [view, function](ReadTransaction &tx, const Caller &caller, const QJsonObject &params) { return function(tx, caller, view, params); };
    };
    const auto write = [view](auto function) {
        return [view, function](WriteTransaction &tx, const Caller &caller, const QJsonObject &params) { return function(tx, caller, view, params); };
    };
    methods.read(u"conversations.list"_s, Role::Agent, read(list));
    methods.read(u"conversations.counts"_s, Role::Agent, read(counts));
    methods.read(u"conversations.get"_s, Role::Agent, read(get));
    methods.write(u"conversations.update"_s, Role::Agent, write(update));
    methods.write(u"conversations.mark_read"_s, Role::Agent, [view, wakeJobs](WriteTransaction &tx, const Caller &caller, const QJsonObject &params) {
        return markRead(tx, caller, view, wakeJobs, params);
    });
    methods.write(u"conversations.mark_unread"_s, Role::Agent, write(markUnread));
}

} // namespace antiphon::desk
