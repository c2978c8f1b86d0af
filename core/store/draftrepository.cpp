#include "core/store/draftrepository.h"

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

QString modeName(DraftRepository::Mode mode)
{
    return mode == DraftRepository::Mode::Note ? u"note"_s : u"reply"_s;
}

} // namespace

Result<QList<DraftRepository::Entry>> DraftRepository::of(AgentId agent)
{
    Query query = m_tx.query(u"SELECT conversation_id, mode, content FROM draft WHERE agent_id = :agent ORDER BY conversation_id, mode"_s);
    query.bind(":agent"_L1, agent);
    QList<Entry> entries;
    while (query.next()) {
        entries.append({.conversation = query.id<ConversationId>(0),
                        .mode = query.text(1) == "note"_L1 ? Mode::Note : Mode::Reply,
                        .content = query.text(2)});
    }
    if (!query.ok())
        return query.error();
    return entries;
}

Result<void> DraftRepository::set(WriteTransaction &tx, AgentId agent, const Entry &entry)
{
    if (entry.content.isEmpty()) {
        Query remove = tx.query(u"DELETE FROM draft WHERE agent_id = :agent AND conversation_id = :conversation AND mode = :mode"_s);
        remove.bind(":agent"_L1, agent).bind(":conversation"_L1, entry.conversation).bind(":mode"_L1, modeName(entry.mode));
        return remove.exec();
    }
    Query upsert = tx.query(u"INSERT INTO draft (agent_id, conversation_id, mode, content, updated_at) VALUES (:agent, :conversation, :mode, :content, :now) "
                            "ON CONFLICT (agent_id, conversation_id, mode) DO UPDATE SET content = excluded.content, updated_at = excluded.updated_at"_s);
    upsert.bind(":agent"_L1, agent)
        .bind(":conversation"_L1, entry.conversation)
        .bind(":mode"_L1, modeName(entry.mode))
        .bind(":content"_L1, entry.content)
        .bind(":now"_L1, tx.now());
    return upsert.exec();
}

} // namespace antiphon
