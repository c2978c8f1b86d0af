// What a pressed button says, where the platform tells only the data behind it.

#include "core/domain/messagechoice.h"
#include "core/intake/inboundcontext.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

/// Nothing where it is no button, or has words of its own.
QString dataWithoutTitle(const InboundMessage &message)
{
    if (message.contentType != Message::ContentType::Interactive)
        return {};
    for (const QLatin1StringView key : {"button"_L1, QLatin1StringView("postback")}) {
        const QString data = message.detail.value(key).toObject().value("data"_L1).toString();
        if (!data.isEmpty() && (message.content.isEmpty() || message.content == data))
            return data;
    }
    return {};
}

std::optional<QString> titleIn(const QJsonObject &detail, const QString &data)
{
    const auto choice = messageChoiceFromJson(detail.value("choice"_L1).toObject());
    if (!choice)
        return std::nullopt;
    for (const MessageChoice::Item &item : choice->items) {
        if (item.id == data && !item.title.isEmpty())
            return item.title;
    }
    return std::nullopt;
}

/// The newest of our last messages in the conversation that offered it.
Result<std::optional<QString>> titleInConversation(const Context &context, ConversationId conversation, const QString &data)
{
    Query q = context.tx.query(u"SELECT direction, detail FROM message WHERE conversation_id = :conversation ORDER BY created_at DESC, id DESC LIMIT 50"_s);
    q.bind(":conversation"_L1, conversation);
    while (q.next()) {
        if (q.text(0) != "outgoing"_L1 || q.isNull(1))
            continue;
        if (const auto title = titleIn(q.json(1), data))
            return title;
    }
    if (!q.ok())
        return q.error();
    return std::optional<QString>();
}

} // namespace

Result<QString> titleOfChosen(const Context &context, const InboundMessage &message, ConversationId conversation)
{
    const QString data = dataWithoutTitle(message);
    if (data.isEmpty())
        return message.content;
    if (!message.inReplyToSourceId.isEmpty()) {
        const auto offering = messages::findBySource(context.tx, context.inboxId(), message.inReplyToSourceId);
        if (!offering)
            return offering.error();
        const auto detail = *offering ? messages::detail(context.tx, (*offering)->id) : Result<QJsonObject>(QJsonObject());
        if (!detail)
            return detail.error();
        if (const auto title = titleIn(*detail, data))
            return *title;
    }
    const auto title = titleInConversation(context, conversation, data);
    if (!title)
        return title.error();
    return title->value_or(data);
}

} // namespace antiphon::inbound
