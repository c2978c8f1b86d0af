#include "core/domain/agent.h"

#include "core/domain/names.h"
#include "core/domain/wire.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array<QStringView, 3> kRoles{u"owner", u"admin", u"agent"};
constexpr std::array<QStringView, 3> kAvailabilities{u"online", u"busy", u"offline"};
} // namespace

QString roleName(Agent::Role role) { return names::of(kRoles, role); }
std::optional<Agent::Role> roleFromName(QStringView name) { return names::find<Agent::Role>(kRoles, name); }
QString availabilityName(Agent::Availability availability) { return names::of(kAvailabilities, availability); }

QJsonObject toJson(const Agent &agent)
{
    return {{u"id"_s, agent.id.toString()},
            {u"name"_s, agent.name},
            {u"email"_s, json::orNull(agent.email)},
            {u"role"_s, roleName(agent.role)},
            {u"availability"_s, availabilityName(agent.availability)},
            {u"avatar_url"_s, json::orNull(agent.avatarUrl)}};
}

Result<Agent> agentFromJson(const QJsonObject &json)
{
    const auto id = wire::ownId<AgentId>(json);
    if (!id)
        return id.error();
    const auto role = roleFromName(json.value("role"_L1).toString());
    if (!role)
        return wire::unknownWord("role"_L1);
    return Agent{.id = *id,
                 .name = json::string(json, "name"_L1),
                 .email = json::string(json, "email"_L1),
                 .role = *role,
                 .availability = names::find<Agent::Availability>(kAvailabilities, json.value("availability"_L1).toString())
                                     .value_or(Agent::Availability::Offline),
                 .avatarUrl = json::string(json, "avatar_url"_L1)};
}

QJsonObject toJson(const Workspace &workspace)
{
    return {{u"id"_s, workspace.id},
            {u"name"_s, workspace.name},
            {u"public_url"_s, json::orNull(workspace.publicUrl)},
            {u"locale"_s, json::orNull(workspace.locale)}};
}

Workspace workspaceFromJson(const QJsonObject &json)
{
    return {.id = json::string(json, "id"_L1),
            .name = json::string(json, "name"_L1),
            .publicUrl = json::string(json, "public_url"_L1),
            .locale = json::string(json, "locale"_L1)};
}

QJsonObject toJson(const Label &label)
{
    return {{u"id"_s, label.id.toString()}, {u"title"_s, label.title}, {u"color"_s, label.color}};
}

Result<Label> labelFromJson(const QJsonObject &json)
{
    const auto id = wire::ownId<LabelId>(json);
    if (!id)
        return id.error();
    return Label{.id = *id, .title = json::string(json, "title"_L1), .color = json::string(json, "color"_L1)};
}

} // namespace antiphon
