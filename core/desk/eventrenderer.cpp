#include "core/desk/eventrenderer.h"

#include "core/base/json.h"
#include "core/desk/deskobjects.h"
#include "core/desk/rpc.h"
#include "core/intake/deadletters.h"
#include "core/store/agentrepository.h"
#include "core/store/contactqueries.h"
#include "core/store/gaprepository.h"
#include "core/store/labelrepository.h"

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

template <typename T>
Result<QJsonObject> asJson(const Result<T> &value)
{
    if (!value)
        return value.error();
    return toJson(*value);
}

bool maySee(Agent::Role role, const QString &entity)
{
    const bool isForAdmins = entity == "intake"_L1 || entity == "tunnel"_L1;
    return !isForAdmins || role != Agent::Role::Agent;
}

} // namespace

Result<QByteArray> EventRenderer::frame(const NumberedChange &change)
{
    if (!maySee(m_caller.agent.role, change.change.entity))
        return rpc::eventText(change.seq, u"none"_s, {});
    const auto object = data(change.change);
    if (!object && object.error().kind == Error::Kind::NotFound)
        return rpc::eventText(change.seq, u"none"_s, {});
    if (!object)
        return object.error();
    return rpc::eventText(change.seq, change.change.type, *object);
}

Result<QJsonObject> EventRenderer::data(const Change &change)
{
    if (change.type.endsWith(".deleted"_L1))
        return QJsonObject{{u"id"_s, QString::number(change.entityId)}};
    // A dead letter and a gap may have the same number.
    const QString key = (change.entity == "intake"_L1 ? change.type : change.entity) + u':' + QString::number(change.entityId);
    if (const auto it = m_known.constFind(key); it != m_known.constEnd())
        return *it;
    const auto object = read(change);
    if (object)
        m_known.insert(key, *object);
    return object;
}

/// What it shows last is mostly the message that was told just before.
Result<QJsonObject> EventRenderer::conversation(ConversationId id)
{
    MessageId last;
    const auto found = desk::conversationsOf(m_tx, m_caller, m_view).withoutLastMessage(id, &last);
    if (!found)
        return found.error();
    QJsonObject json = toJson(*found);
    if (!last)
        return json;
    const auto message = data({.type = u"message.updated"_s, .entity = u"message"_s, .entityId = last.value()});
    if (!message)
        return message;
    json.insert(u"last_message"_s, *message);
    return json;
}

Result<QJsonObject> EventRenderer::read(const Change &change)
{
    if (change.entity == "message"_L1)
        return desk::messageJson(m_tx, MessageId(change.entityId));
    if (change.entity == "conversation"_L1)
        return conversation(ConversationId(change.entityId));
    if (change.entity == "contact"_L1)
        return asJson(ContactQueries(m_tx).byId(ContactId(change.entityId)));
    if (change.entity == "inbox"_L1)
        return desk::inboxJson(m_tx, m_view, InboxId(change.entityId));
    if (change.entity == "agent"_L1)
        return asJson(AgentRepository(m_tx).byId(AgentId(change.entityId)));
    if (change.entity == "label"_L1)
        return asJson(LabelRepository(m_tx).byId(LabelId(change.entityId)));
    if (change.type == "intake.gap"_L1) {
        const auto gap = gaps::find(m_tx, GapId(change.entityId));
        if (!gap)
            return gap.error();
        return *gap ? Result<QJsonObject>(toJson(**gap)) : Result<QJsonObject>(Error{Error::Kind::NotFound, u"no such gap"_s});
    }
    if (change.entity == "tunnel"_L1 && m_view.tunnel)
        return m_view.tunnel->tunnel();
    if (change.type == "intake.dead_letter"_L1)
        return asJson(deadletters::find(m_tx, change.entityId));
    return QJsonObject{{u"id"_s, QString::number(change.entityId)}, {u"inbox_id"_s, json::orNull(change.inboxId)}};
}

} // namespace antiphon
