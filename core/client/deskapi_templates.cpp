// Templates of an account, and reactions.

#include "core/client/deskcalls.h"

#include <array>

namespace antiphon {
using namespace Qt::StringLiterals;
using namespace deskcalls;

namespace {

constexpr std::array<QStringView, 4> kSyncNames{u"never", u"running", u"done", u"failed"};

Result<TemplateList> templateListFromJson(const QJsonObject &json)
{
    const auto items = itemsOf<MessageTemplate>(json, messageTemplateFromJson);
    if (!items)
        return items.error();
    TemplateList list{.items = *items, .syncedAt = fromRfc3339(json.value("synced_at"_L1).toString()), .error = json::string(json, "error"_L1)};
    const auto word = std::find(kSyncNames.begin(), kSyncNames.end(), json.value("sync"_L1).toString());
    if (word == kSyncNames.end())
        return Error{Error::Kind::BadPayload, u"unknown word"_s, u"sync"_s};
    list.sync = TemplateList::Sync(word - kSyncNames.begin());
    return list;
}

} // namespace

QFuture<Result<Message>> DeskApi::react(MessageId id, const QString &emoji)
{
    return ask<Message>(m_client, u"messages.react"_s, {{u"id"_s, id.toString()}, {u"emoji"_s, emoji}}, messageFromJson);
}

QFuture<Result<TemplateList>> DeskApi::templates(InboxId inbox)
{
    return ask<TemplateList>(m_client, u"templates.list"_s, {{u"inbox_id"_s, inbox.toString()}}, templateListFromJson);
}

QFuture<Result<TemplateList>> DeskApi::syncTemplates(InboxId inbox)
{
    return ask<TemplateList>(m_client, u"templates.sync"_s, {{u"inbox_id"_s, inbox.toString()}}, templateListFromJson);
}

} // namespace antiphon
