#include "core/domain/messagetemplate.h"

#include "core/domain/wire.h"

namespace antiphon {
using namespace Qt::StringLiterals;

QJsonObject toJson(const MessageTemplate &one)
{
    return {{u"inbox_id"_s, json::orNull(one.inboxId)},
            {u"name"_s, one.name},
            {u"language"_s, one.language},
            {u"template_id"_s, json::orNull(one.templateId)},
            {u"status"_s, one.status},
            {u"category"_s, json::orNull(one.category)},
            {u"parameter_format"_s, json::orNull(one.parameterFormat)},
            {u"components"_s, one.components},
            {u"rejected_reason"_s, json::orNull(one.rejectedReason)},
            {u"synced_at"_s, toRfc3339(one.syncedAt)}};
}

Result<MessageTemplate> messageTemplateFromJson(const QJsonObject &json)
{
    MessageTemplate one{.inboxId = wire::idOrNull<InboxId>(json, "inbox_id"_L1),
                        .name = json::string(json, "name"_L1),
                        .language = json::string(json, "language"_L1),
                        .templateId = json::string(json, "template_id"_L1),
                        .status = json::string(json, "status"_L1),
                        .category = json::string(json, "category"_L1),
                        .parameterFormat = json::string(json, "parameter_format"_L1),
                        .components = json.value("components"_L1).toArray(),
                        .rejectedReason = json::string(json, "rejected_reason"_L1),
                        .syncedAt = wire::time(json, "synced_at"_L1).value_or(Timestamp())};
    if (one.name.isEmpty())
        return Error{Error::Kind::BadPayload, u"no name"_s, u"name"_s};
    return one;
}

} // namespace antiphon
