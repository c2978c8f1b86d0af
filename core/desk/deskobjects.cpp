#include "core/desk/deskobjects.h"

#include "core/base/json.h"
#include "core/store/messagequeries.h"
#include "core/store/settingrepository.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

QString unitName(ChannelLimits::TextUnit unit)
{
    switch (unit) {
    case ChannelLimits::TextUnit::Utf16: return u"utf16"_s;
    case ChannelLimits::TextUnit::CodePoints: return u"code_points"_s;
    case ChannelLimits::TextUnit::Bytes: return u"bytes"_s;
    }
    Q_UNREACHABLE();
}

QJsonObject limitsJson(const ChannelLimits &limits)
{
    QJsonObject bytesByMime;
    for (auto it = limits.bytesByMime.begin(); it != limits.bytesByMime.end(); ++it)
        bytesByMime.insert(it.key(), it.value());
    return {{u"text_limit"_s, limits.textLimit},
            {u"text_unit"_s, unitName(limits.textUnit)},
            {u"attachments"_s, limits.attachmentsPerMessage},
            {u"text_with_attachment"_s, limits.textWithAttachment},
            {u"mimes"_s, QJsonArray::fromStringList(limits.attachmentMimes)},
            {u"attachment_bytes"_s, limits.attachmentBytes},
            {u"quote"_s, limits.canQuote},
            {u"reports_delivered"_s, limits.reportsDelivered},
            {u"reports_read"_s, limits.reportsRead},
            {u"react"_s, limits.canReact},
            {u"templates"_s, limits.hasTemplates},
            {u"choices"_s, limits.canChoose},
            {u"files_by_link"_s, limits.fetchesByLink},
            {u"bytes_by_mime"_s, bytesByMime}};
}

} // namespace

ConversationQueries conversationsOf(ReadTransaction &tx, const Caller &caller, const DeskView &view)
{
    return {tx, caller.agent.id, view.clock->now(), [channels = view.channels](Channel channel, const QJsonObject &settings, const QString &contactSourceId) {
                const ChannelAdapter *adapter = channels->adapter(channel);
                return adapter ? adapter->replyRule(settings, contactSourceId) : std::nullopt;
            }};
}

Result<Conversation> conversation(ReadTransaction &tx, const Caller &caller, const DeskView &view, ConversationId id)
{
    return conversationsOf(tx, caller, view).byId(id);
}

Result<QJsonObject> conversationJson(ReadTransaction &tx, const Caller &caller, const DeskView &view, ConversationId id)
{
    const auto found = conversation(tx, caller, view, id);
    if (!found)
        return found.error();
    return toJson(*found);
}

Result<QJsonObject> messageJson(ReadTransaction &tx, MessageId id)
{
    const auto message = MessageQueries(tx).byId(id);
    if (!message)
        return message.error();
    return toJson(*message);
}

QJsonObject inboxJson(const inboxes::InboxRow &row, const DeskView &view)
{
    Inbox inbox = row.inbox;
    if (const ChannelAdapter *adapter = view.channels->adapter(inbox.channel)) {
        if (const QString publicUrl = view.publicUrl ? view.publicUrl() : QString(); !publicUrl.isEmpty())
            inbox.webhookUrl = publicUrl + webhookPath(adapter->webhookRules(), inbox.id, inbox.settings);
        inbox.limits = limitsJson(adapter->limits(inbox.settings));
        const auto rule = adapter->replyRule(inbox.settings, {});
        if (rule && !inbox.replyWindowHours)
            inbox.replyWindowHours = int(rule->length.count());
    }
    return toJson(inbox);
}

Result<QJsonObject> inboxJson(ReadTransaction &tx, const DeskView &view, InboxId id)
{
    const auto row = inboxes::find(tx, id);
    if (!row)
        return row.error();
    if (!*row)
        return Error{Error::Kind::NotFound, u"no such inbox"_s};
    return inboxJson(**row, view);
}

Result<Workspace> workspace(ReadTransaction &tx, const DeskView &view)
{
    const auto stored = settings::all(tx);
    if (!stored)
        return stored.error();
    const QString name = stored->value("workspace.name"_L1).toString();
    return Workspace{.id = stored->value("workspace.id"_L1).toString(u"1"_s),
                     .name = name.isEmpty() ? u"Antiphon"_s : name,
                     .publicUrl = view.publicUrl ? view.publicUrl() : QString(),
                     .locale = stored->value("workspace.locale"_L1).toString()};
}

Result<QJsonObject> withSeq(ReadTransaction &tx, QJsonObject answer)
{
    const auto seq = tx.seq();
    if (!seq)
        return seq.error();
    answer.insert(u"seq"_s, *seq);
    return answer;
}

} // namespace antiphon::desk
