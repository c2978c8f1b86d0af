#include "core/desk/conversationchange.h"

#include "core/desk/activityline.h"
#include "core/desk/params.h"
#include "core/store/agentrepository.h"
#include "core/store/labelrepository.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostLabels = 30;

Result<void> readStatus(const QJsonObject &params, Timestamp now, ConversationWish &wish)
{
    if (const QJsonValue value = params.value("status"_L1); !value.isUndefined() && !value.isNull()) {
        wish.status = conversationStatusFromName(value.toString());
        if (!wish.status)
            return params::invalid("status"_L1, u"unknown status"_s);
    }
    const QJsonValue value = params.value("snoozed_until"_L1);
    if (value.isUndefined())
        return {};
    if (value.isNull()) {
        wish.snoozedUntil = std::optional<Timestamp>();
        return {};
    }
    const auto until = fromRfc3339(value.toString());
    if (!until || *until <= now)
        return params::invalid("snoozed_until"_L1, u"not a time to come"_s);
    if (!wish.status)
        wish.status = Conversation::Status::Snoozed;
    if (*wish.status != Conversation::Status::Snoozed)
        return params::invalid("snoozed_until"_L1, u"only with status snoozed"_s);
    wish.snoozedUntil = std::optional(*until);
    return {};
}

Result<void> readLabels(const QJsonObject &params, ConversationWish &wish)
{
    if (params.value("labels"_L1).isUndefined() || params.value("labels"_L1).isNull())
        return {};
    const auto titles = params::texts(params, "labels"_L1);
    if (!titles)
        return titles.error();
    QStringList labels;
    for (const QString &title : *titles) {
        const auto normal = LabelRepository::normalTitle(title);
        if (!normal)
            return params::invalid("labels"_L1, u"letters, digits, - and _ make a label"_s);
        if (!labels.contains(*normal))
            labels.append(*normal);
    }
    if (labels.size() > kMostLabels)
        return params::invalid("labels"_L1, u"more than %1"_s.arg(kMostLabels));
    labels.sort();
    wish.labels = labels;
    return {};
}

Result<void> note(WriteTransaction &tx, const Caller *caller, const Conversation &conversation, QJsonObject what)
{
    const auto line = addActivity(tx, conversation.id, conversation.inboxId, caller, std::move(what));
    return line ? Result<void>() : Result<void>(line.error());
}

Result<bool> changeStatus(WriteTransaction &tx, const Caller *caller, const Conversation &old, const ConversationWish &wish)
{
    const Conversation::Status status = wish.status.value_or(old.status);
    std::optional<Timestamp> until = status == Conversation::Status::Snoozed ? old.snoozedUntil : std::nullopt;
    if (status == Conversation::Status::Snoozed && (wish.snoozedUntil || old.status != status))
        until = wish.snoozedUntil.value_or(std::nullopt);
    if (status == old.status && until == old.snoozedUntil)
        return false;
    {
        Query update = tx.query(u"UPDATE conversation SET status = :status, snoozed_until = :until, "
                                "waiting_since = CASE WHEN :resolved THEN NULL ELSE waiting_since END WHERE id = :id"_s);
        update.bind(":status"_L1, conversationStatusName(status))
            .bind(":until"_L1, until)
            .bind(":resolved"_L1, status == Conversation::Status::Resolved)
            .bind(":id"_L1, old.id);
        if (const auto done = update.exec(); !done) {
            if (done.error().kind == Error::Kind::Conflict)
                return Error{Error::Kind::Conflict, u"another conversation of this customer is open"_s, u"status"_s};
            return done.error();
        }
    }
    QJsonObject what{{u"kind"_s, u"status"_s}, {u"from"_s, conversationStatusName(old.status)}, {u"to"_s, conversationStatusName(status)}};
    if (until)
        what.insert(u"until"_s, toRfc3339(*until));
    const auto done = note(tx, caller, old, what);
    return done ? Result<bool>(true) : Result<bool>(done.error());
}

Result<bool> changeAssignee(WriteTransaction &tx, const Caller *caller, const Conversation &old, AgentId assignee)
{
    if (assignee == old.assigneeId)
        return false;
    QJsonObject what{{u"kind"_s, u"assignee"_s}, {u"from"_s, json::orNull(old.assigneeId)}, {u"to"_s, json::orNull(assignee)}};
    if (assignee) {
        const auto agent = AgentRepository(tx).byId(assignee);
        if (!agent && agent.error().kind == Error::Kind::NotFound)
            return params::invalid("assignee_id"_L1, u"no such agent"_s);
        if (!agent)
            return agent.error();
        what.insert(u"to_name"_s, agent->name);
    }
    {
        Query update = tx.query(u"UPDATE conversation SET assignee_id = :assignee WHERE id = :id"_s);
        update.bind(":assignee"_L1, assignee).bind(":id"_L1, old.id);
        if (const auto done = update.exec(); !done)
            return done.error();
    }
    const auto done = note(tx, caller, old, what);
    return done ? Result<bool>(true) : Result<bool>(done.error());
}

Result<bool> changePriority(WriteTransaction &tx, const Caller *caller, const Conversation &old, Conversation::Priority priority)
{
    if (priority == old.priority)
        return false;
    {
        Query update = tx.query(u"UPDATE conversation SET priority = :priority WHERE id = :id"_s);
        update.bind(":priority"_L1, int(priority)).bind(":id"_L1, old.id);
        if (const auto done = update.exec(); !done)
            return done.error();
    }
    const auto done = note(tx, caller, old,
                           {{u"kind"_s, u"priority"_s}, {u"from"_s, json::orNull(priorityName(old.priority))}, {u"to"_s, json::orNull(priorityName(priority))}});
    return done ? Result<bool>(true) : Result<bool>(done.error());
}

Result<bool> changeLabels(WriteTransaction &tx, const Caller *caller, const Conversation &old, const QStringList &labels)
{
    if (labels == old.labels)
        return false;
    if (const auto done = LabelRepository::replace(tx, old.id, labels); !done)
        return done.error();
    const auto done = note(tx, caller, old,
                           {{u"kind"_s, u"labels"_s}, {u"from"_s, QJsonArray::fromStringList(old.labels)}, {u"to"_s, QJsonArray::fromStringList(labels)}});
    return done ? Result<bool>(true) : Result<bool>(done.error());
}

} // namespace

Result<ConversationWish> conversationWishOf(const QJsonObject &params, Timestamp now)
{
    ConversationWish wish;
    if (const auto read = readStatus(params, now, wish); !read)
        return read.error();
    if (params.contains("assignee_id"_L1)) {
        const auto assignee = json::id<AgentId>(params, "assignee_id"_L1);
        if (!assignee)
            return assignee.error();
        wish.assignee = *assignee;
    }
    if (const QJsonValue value = params.value("priority"_L1); !value.isUndefined()) {
        const QString word = value.toString();
        wish.priority = value.isNull() || word == "none"_L1 ? Conversation::Priority::None : priorityFromName(word);
        if (!wish.priority || (!value.isNull() && !value.isString()))
            return params::invalid("priority"_L1, u"unknown priority"_s);
    }
    if (const auto read = readLabels(params, wish); !read)
        return read.error();
    return wish;
}

Result<void> changeConversation(WriteTransaction &tx, const Caller *caller, const Conversation &old, const ConversationWish &wish)
{
    std::vector<std::function<Result<bool>()>> steps;
    if (wish.status || wish.snoozedUntil)
        steps.emplace_back([&] { return changeStatus(tx, caller, old, wish); });
    if (wish.assignee)
        steps.emplace_back([&] { return changeAssignee(tx, caller, old, *wish.assignee); });
    if (wish.priority)
        steps.emplace_back([&] { return changePriority(tx, caller, old, *wish.priority); });
    if (wish.labels)
        steps.emplace_back([&] { return changeLabels(tx, caller, old, *wish.labels); });
    bool anything = false;
    for (const auto &step : steps) {
        const auto changed = step();
        if (!changed)
            return changed.error();
        anything = anything || *changed;
    }
    if (anything)
        tx.changed(u"conversation.updated"_s, old.id.value(), old.inboxId);
    return {};
}

} // namespace antiphon::desk
