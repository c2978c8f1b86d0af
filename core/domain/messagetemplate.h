#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/result.h"

#include <QJsonArray>
#include <QJsonObject>

namespace antiphon {

/// A text that the platform has approved, with which an account may write to a customer whose reply window is closed.
struct MessageTemplate {
    InboxId inboxId{};
    QString name{};
    QString language{};                  ///< "en_US"
    QString templateId{};                ///< the platform's
    QString status{};                    ///< the platform's word: "APPROVED", "REJECTED" …
    QString category{};
    QString parameterFormat{};           ///< "POSITIONAL" or "NAMED"; empty where the platform doesn't say
    QJsonArray components{};             ///< as the platform gave it
    QString rejectedReason{};
    Timestamp syncedAt{};

    bool isSendable() const { return status == QLatin1StringView("APPROVED"); }
};

/// {inbox_id, name, language, template_id, status, category, parameter_format, components, rejected_reason, synced_at}
QJsonObject toJson(const MessageTemplate &one);
Result<MessageTemplate> messageTemplateFromJson(const QJsonObject &json);

} // namespace antiphon
