#include "core/desk/gapmethods.h"

#include "core/channels/feedkind.h"
#include "core/desk/deskobjects.h"
#include "core/desk/params.h"
#include "core/store/gaprepository.h"
#include "core/store/inboxrepository.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

Result<QJsonObject> list(ReadTransaction &tx, const QJsonObject &params)
{
    const auto limit = params::limit(params);
    if (!limit)
        return limit.error();
    const auto text = params::text(params, "cursor"_L1, 64);
    if (!text)
        return text.error();
    const auto before = GapId::fromString(*text);
    if (!before && !text->isEmpty())
        return params::invalid("cursor"_L1, u"not a cursor of this list"_s);
    auto found = gaps::list(tx, before.value_or(GapId()), *limit + 1);
    if (!found)
        return found.error();
    QList<Gap> shown = *found;
    const bool hasMore = shown.size() > *limit;
    if (hasMore)
        shown.removeLast();
    QJsonArray items;
    for (const Gap &gap : std::as_const(shown))
        items.append(toJson(gap));
    return withSeq(tx, {{u"items"_s, items}, {u"next_cursor"_s, hasMore ? QJsonValue(shown.last().id.toString()) : QJsonValue(QJsonValue::Null)}});
}

Result<Timestamp> sinceOf(const QJsonObject &params, Timestamp now)
{
    const auto since = fromRfc3339(params.value("since"_L1).toString());
    if (!since)
        return params::invalid("since"_L1, u"a time is required"_s);
    if (*since > now)
        return params::invalid("since"_L1, u"it lies in the future"_s);
    if (toUnixMs(*since) < 0)
        return params::invalid("since"_L1, u"no sensible time"_s);
    return *since;
}

Result<QJsonObject> catchUp(WriteTransaction &tx, const DeskView &view, const std::function<void()> &wake, const QJsonObject &params)
{
    const auto id = params::requiredId<InboxId>(params, "id"_L1);
    if (!id)
        return id.error();
    const auto since = sinceOf(params, tx.now());
    if (!since)
        return since.error();
    const auto row = inboxes::find(tx, *id);
    if (!row)
        return row.error();
    if (!*row)
        return Error{Error::Kind::NotFound, u"no such inbox"_s, u"id"_s};
    const Inbox &inbox = (*row)->inbox;
    if (inbox.state == Inbox::State::Disabled)
        return Error{Error::Kind::Conflict, u"the inbox is switched off"_s, u"id"_s};
    const ChannelAdapter *adapter = view.channels->adapter(inbox.channel);
    if (!adapter || !(adapter->catchUpDepth().isListed() || hasFeed(adapter)))
        return Error{Error::Kind::Unavailable, describe(adapter ? adapter->catchUpDepth() : CatchUpDepth())};
    const auto gap = gaps::insert(tx, {.inboxId = *id, .from = *since, .to = tx.now(), .cause = Gap::Cause::Manual});
    if (!gap)
        return gap.error();
    if (wake)
        tx.afterCommit(wake);
    return QJsonObject{{u"gap_id"_s, gap->toString()}};
}

} // namespace

void addGapMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &wakeCatchUp)
{
    using Role = Agent::Role;
    methods.read(u"intake.gaps"_s, Role::Admin, [](ReadTransaction &tx, const Caller &, const QJsonObject &params) { return list(tx, params); });
    methods.write(u"inboxes.catch_up"_s, Role::Admin, [view, wakeCatchUp](WriteTransaction &tx, const Caller &, const QJsonObject &params) {
        return catchUp(tx, view, wakeCatchUp, params);
    });
}

} // namespace antiphon::desk
