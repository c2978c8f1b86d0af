#include "core/store/agentrepository.h"

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

Agent::Availability availability(const QString &word)
{
    if (word == "online"_L1)
        return Agent::Availability::Online;
    return word == "busy"_L1 ? Agent::Availability::Busy : Agent::Availability::Offline;
}

Agent agentOf(const Query &row)
{
    return {.id = row.id<AgentId>(0),
            .name = row.text(1),
            .email = row.text(2),
            .role = roleFromName(row.text(3)).value_or(Agent::Role::Agent),
            .availability = availability(row.text(4)),
            .avatarUrl = row.isNull(5) ? QString() : u"/api/v1/attachments/"_s + QString::number(row.integer(5))};
}

} // namespace

Result<QList<Agent>> AgentRepository::all()
{
    Query query = m_tx.query(u"SELECT id, name, email, role, availability, avatar_id FROM agent ORDER BY id"_s);
    QList<Agent> agents;
    while (query.next())
        agents.append(agentOf(query));
    if (!query.ok())
        return query.error();
    return agents;
}

Result<Agent> AgentRepository::byId(AgentId id)
{
    Query query = m_tx.query(u"SELECT id, name, email, role, availability, avatar_id FROM agent WHERE id = :id"_s);
    query.bind(":id"_L1, id);
    if (query.next())
        return agentOf(query);
    if (!query.ok())
        return query.error();
    return Error{Error::Kind::NotFound, u"no such agent"_s};
}

Result<QList<AgentRepository::TokenHash>> AgentRepository::tokenHashes()
{
    Query query = m_tx.query(u"SELECT id, token_sha256 FROM agent WHERE token_sha256 IS NOT NULL ORDER BY id"_s);
    QList<TokenHash> hashes;
    while (query.next())
        hashes.append({.agent = query.id<AgentId>(0), .sha256 = query.blob(1)});
    if (!query.ok())
        return query.error();
    return hashes;
}

Result<AgentId> AgentRepository::ensureOwner(WriteTransaction &tx, const QString &name, const QByteArray &tokenSha256)
{
    AgentId owner;
    {
        Query query = tx.query(u"SELECT id FROM agent WHERE role = 'owner' ORDER BY id LIMIT 1"_s);
        if (query.next())
            owner = query.id<AgentId>(0);
        if (!query.ok())
            return query.error();
    }
    if (!owner) {
        Query insert = tx.query(u"INSERT INTO agent (name, role, availability, token_sha256, created_at) VALUES (:name, 'owner', 'online', :token, :now)"_s);
        insert.bind(":name"_L1, name).bind(":token"_L1, tokenSha256).bind(":now"_L1, tx.now());
        if (const auto done = insert.exec(); !done)
            return done.error();
        owner = AgentId(insert.lastInsertId());
        tx.changed(u"agent.updated"_s, owner.value());
        return owner;
    }
    Query update = tx.query(u"UPDATE agent SET token_sha256 = :token WHERE id = :id"_s);
    update.bind(":token"_L1, tokenSha256).bind(":id"_L1, owner);
    if (const auto done = update.exec(); !done)
        return done.error();
    return owner;
}

} // namespace antiphon
