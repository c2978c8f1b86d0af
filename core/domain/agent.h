#pragma once

#include "core/base/id.h"
#include "core/base/result.h"

#include <QJsonObject>

namespace antiphon {

/// A person who answers.
struct Agent {
    enum class Role { Owner, Admin, Agent };
    enum class Availability { Online, Busy, Offline };

    AgentId id{};
    QString name{};
    QString email{};
    Role role = Role::Agent;
    Availability availability = Availability::Online;
    QString avatarUrl{};
};

struct Workspace {
    QString id{};
    QString name{};
    QString publicUrl{};   ///< https address under which the tunnel reaches this server; empty where none is known
    QString locale{};
};

/// A coloured word for conversations, known to the whole workspace.
struct Label {
    LabelId id{};
    QString title{};
    QString color{};       ///< "#rrggbb"
};

QString roleName(Agent::Role role);
std::optional<Agent::Role> roleFromName(QStringView name);
QString availabilityName(Agent::Availability availability);

QJsonObject toJson(const Agent &agent);
Result<Agent> agentFromJson(const QJsonObject &json);
QJsonObject toJson(const Workspace &workspace);
Workspace workspaceFromJson(const QJsonObject &json);
QJsonObject toJson(const Label &label);
Result<Label> labelFromJson(const QJsonObject &json);

} // namespace antiphon
