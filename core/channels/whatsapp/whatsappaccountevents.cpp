#include "core/channels/whatsapp/whatsappaccountevents.h"

#include "core/base/json.h"
#include "core/channels/whatsapp/whatsappkinds.h"

#include <QJsonArray>

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;

namespace {

/// What an event of the account means for its inboxes.
struct Meaning {
    const char *event;
    enum { NeedsOwner, Notice, Over } is;
};

constexpr Meaning kMeanings[]{
    {"PARTNER_REMOVED", Meaning::NeedsOwner},   {"PARTNER_APP_UNINSTALLED", Meaning::NeedsOwner},
    {"ACCOUNT_OFFBOARDED", Meaning::NeedsOwner}, {"ACCOUNT_DELETED", Meaning::NeedsOwner},
    {"DISABLED_UPDATE", Meaning::NeedsOwner},   {"ACCOUNT_VIOLATION", Meaning::Notice},
    {"ACCOUNT_RESTRICTION", Meaning::Notice},   {"ACCOUNT_RECONNECTED", Meaning::Over},
    {"FLAGGED", Meaning::Notice},               {"UNFLAGGED", Meaning::Over},
};

const Meaning *meaningOf(const QString &event)
{
    for (const Meaning &meaning : kMeanings) {
        if (event == QLatin1StringView(meaning.event))
            return &meaning;
    }
    return nullptr;
}

QString detailOf(const QJsonObject &value)
{
    QStringList details;
    const auto add = [&details](const QString &text) {
        if (!text.isEmpty())
            details.append(text);
    };
    const QJsonObject ban = value.value("ban_info"_L1).toObject();
    add(json::string(ban, "waba_ban_state"_L1));
    add(json::string(ban, "waba_ban_date"_L1));
    add(json::string(value.value("violation_info"_L1).toObject(), "violation_type"_L1));
    const QJsonObject disconnection = value.value("disconnection_info"_L1).toObject();
    add(json::string(disconnection, "reason"_L1));
    const QJsonArray restrictions = value.value("restriction_info"_L1).toArray();
    for (const QJsonValue &restriction : restrictions)
        add(json::string(restriction.toObject(), "restriction_type"_L1));
    add(json::string(value, "display_phone_number"_L1));
    return details.join(", "_L1);
}

Result<InboundEvent> readTemplate(const QJsonObject &value, const QString &field)
{
    InboundTemplateChange change{.name = json::string(value, "message_template_name"_L1),
                                 .language = json::string(value, "message_template_language"_L1),
                                 .event = json::string(value, "event"_L1),
                                 .reason = json::string(value, "reason"_L1)};
    if (change.event.isEmpty())
        change.event = field;
    if (change.reason == "NONE"_L1)
        change.reason.clear();
    const QString rejection = json::string(value.value("rejection_info"_L1).toObject(), "reason"_L1);
    if (change.reason.isEmpty())
        change.reason = rejection;
    return InboundEvent(change);
}

bool isTemplateField(const QString &field)
{
    return field.startsWith("message_template_"_L1) || field.startsWith("template_"_L1);
}

} // namespace

bool isAccountField(const QString &field)
{
    return isTemplateField(field) || field.startsWith("account_"_L1) || field.startsWith("phone_number_"_L1) || field.startsWith("business_"_L1)
        || field == "security"_L1;
}

SplitEvent splitAccountChange(Source source, const QJsonObject &value, const AppCredentials &app)
{
    const QJsonObject about = value.value("waba_info"_L1).toObject();
    const QString account = json::string(about, "waba_id"_L1);
    if (!account.isEmpty())          // the entry's id is that of the partner then
        source.group = account;
    const QString partner = json::string(about, "partner_app_id"_L1);
    if (!partner.isEmpty() && !app.appId.isEmpty() && partner != app.appId)
        return source.ignored(value, u"about another application"_s);
    SplitEvent event = source.make(isTemplateField(source.field) ? kind::kTemplate : kind::kAccount, source.hashKey(value), value);
    event.target = source.owner();
    event.payload.insert("field"_L1, source.field);
    return event;
}

Result<InboundEvent> readAccountEvent(const SplitEvent &event)
{
    const QJsonObject value = event.payload.value("content"_L1).toObject();
    const QString field = json::string(event.payload, "field"_L1);
    if (event.kind == kind::kTemplate)
        return readTemplate(value, field);
    const QString word = json::string(value, "event"_L1);
    const Meaning *meaning = meaningOf(word);
    if (!meaning)
        return InboundEvent(InboundIgnored{field + u": "_s + word.left(64)});
    const bool isReinstated = json::string(value.value("ban_info"_L1).toObject(), "waba_ban_state"_L1) == "REINSTATE"_L1;
    if (meaning->is == Meaning::Over || isReinstated)
        return InboundEvent(InboundNotice{});
    return InboundEvent(InboundNotice{.kind = word.toLower(), .detail = detailOf(value), .needsOwner = meaning->is == Meaning::NeedsOwner});
}

} // namespace antiphon::whatsapp
