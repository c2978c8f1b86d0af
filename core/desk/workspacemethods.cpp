#include "core/desk/workspacemethods.h"

#include "core/desk/desksettings.h"
#include "core/desk/deskobjects.h"
#include "core/desk/params.h"
#include "core/store/agentrepository.h"
#include "core/store/draftrepository.h"
#include "core/store/labelrepository.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestDraft = 150'000;

template <typename T>
Result<QJsonObject> listed(ReadTransaction &tx, const Result<QList<T>> &found)
{
    if (!found)
        return found.error();
    QJsonArray items;
    for (const T &item : *found)
        items.append(toJson(item));
    return withSeq(tx, {{u"items"_s, items}});
}

Result<QJsonObject> setDraft(WriteTransaction &tx, const Caller &caller, const DeskView &view, const QJsonObject &params)
{
    const auto id = params::requiredId<ConversationId>(params, "conversation_id"_L1);
    if (!id)
        return id.error();
    const auto mode = params::text(params, "mode"_L1, 16);
    if (!mode)
        return mode.error();
    if (*mode != "reply"_L1 && *mode != "note"_L1)
        return params::invalid("mode"_L1, u"reply or note"_s);
    const auto content = params::text(params, "content"_L1, kLongestDraft);
    if (!content)
        return content.error();
    if (const auto known = conversation(tx, caller, view, *id); !known)
        return known.error();
    const auto done = DraftRepository::set(
        tx, caller.agent.id,
        {.conversation = *id, .mode = *mode == "note"_L1 ? DraftRepository::Mode::Note : DraftRepository::Mode::Reply, .content = *content});
    return done ? Result<QJsonObject>(QJsonObject()) : Result<QJsonObject>(done.error());
}

Result<QJsonObject> listDrafts(ReadTransaction &tx, const Caller &caller)
{
    const auto drafts = DraftRepository(tx).of(caller.agent.id);
    if (!drafts)
        return drafts.error();
    QJsonArray items;
    for (const DraftRepository::Entry &entry : *drafts) {
        items.append(QJsonObject{{u"conversation_id"_s, entry.conversation.toString()},
                                 {u"mode"_s, entry.mode == DraftRepository::Mode::Note ? u"note"_s : u"reply"_s},
                                 {u"content"_s, entry.content}});
    }
    return withSeq(tx, {{u"items"_s, items}});
}

} // namespace

void addWorkspaceMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &settingsChanged)
{
    using Role = Agent::Role;
    methods.read(u"agents.list"_s, Role::Agent,
                 [](ReadTransaction &tx, const Caller &, const QJsonObject &) { return listed(tx, AgentRepository(tx).all()); });
    methods.read(u"labels.list"_s, Role::Agent,
                 [](ReadTransaction &tx, const Caller &, const QJsonObject &) { return listed(tx, LabelRepository(tx).all()); });
    methods.write(u"drafts.set"_s, Role::Agent,
                  [view](WriteTransaction &tx, const Caller &caller, const QJsonObject &params) { return setDraft(tx, caller, view, params); });
    methods.read(u"drafts.list"_s, Role::Agent, [](ReadTransaction &tx, const Caller &caller, const QJsonObject &) { return listDrafts(tx, caller); });
    methods.read(u"settings.get"_s, Role::Agent,
                 [](ReadTransaction &tx, const Caller &caller, const QJsonObject &params) { return getSettings(tx, caller, params); });
    methods.write(u"settings.set"_s, Role::Agent,
                  [settingsChanged](WriteTransaction &tx, const Caller &caller, const QJsonObject &params) {
                      if (settingsChanged)
                          tx.afterCommit(settingsChanged);
                      return setSettings(tx, caller, params);
                  });
}

} // namespace antiphon::desk
