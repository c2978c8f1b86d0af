#include "core/desk/templatemethods.h"

#include "core/desk/deskobjects.h"
#include "core/desk/params.h"
#include "core/intake/templatesync.h"
#include "core/store/templaterepository.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

/// The inbox asked for: NotFound, or ChannelLimit where its channel has no templates.
Result<InboxId> inboxOf(ReadTransaction &tx, const DeskView &view, const QJsonObject &params)
{
    const auto id = params::requiredId<InboxId>(params, "inbox_id"_L1);
    if (!id)
        return id.error();
    const auto row = inboxes::find(tx, *id);
    if (!row)
        return row.error();
    if (!*row)
        return Error{Error::Kind::NotFound, u"no such inbox"_s};
    const ChannelAdapter *adapter = view.channels->adapter((*row)->inbox.channel);
    if (!adapter || !adapter->limits((*row)->inbox.settings).hasTemplates)
        return Error{Error::Kind::ChannelLimit, u"this channel has no templates"_s, u"inbox_id"_s};
    return *id;
}

Result<QJsonObject> listJson(ReadTransaction &tx, InboxId inbox)
{
    const auto all = templates::list(tx, inbox);
    if (!all)
        return all.error();
    const auto state = templatesync::state(tx, inbox);
    if (!state)
        return state.error();
    QJsonArray items;
    for (const MessageTemplate &one : *all)
        items.append(toJson(one));
    return QJsonObject{{u"items"_s, items},
                       {u"synced_at"_s, json::orNull(state->syncedAt)},
                       {u"sync"_s, state->sync},
                       {u"error"_s, json::orNull(state->error)}};
}

Result<QJsonObject> list(ReadTransaction &tx, const DeskView &view, const QJsonObject &params)
{
    const auto inbox = inboxOf(tx, view, params);
    return inbox ? listJson(tx, *inbox) : Result<QJsonObject>(inbox.error());
}

Result<QJsonObject> sync(WriteTransaction &tx, const DeskView &view, const std::function<void()> &wakeJobs, const QJsonObject &params)
{
    const auto inbox = inboxOf(tx, view, params);
    if (!inbox)
        return inbox.error();
    if (const auto done = templatesync::request(tx, *inbox); !done)
        return done.error();
    if (wakeJobs)
        tx.afterCommit(wakeJobs);
    return listJson(tx, *inbox);
}

} // namespace

void addTemplateMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &wakeJobs)
{
    methods.read(u"templates.list"_s, Agent::Role::Agent,
                 [view](ReadTransaction &tx, const Caller &, const QJsonObject &params) { return list(tx, view, params); });
    methods.write(u"templates.sync"_s, Agent::Role::Agent,
                  [view, wakeJobs](WriteTransaction &tx, const Caller &, const QJsonObject &params) { return sync(tx, view, wakeJobs, params); });
}

} // namespace antiphon::desk
