#include "core/channels/telegram/telegramthread.h"

#include "core/base/json.h"

#include <algorithm>

namespace antiphon::telegram {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestId = 19;

bool isId(QStringView text)
{
    return !text.isEmpty() && text.size() <= kLongestId && std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

} // namespace

QString Thread::prefix(const QString &owner)
{
    return u'b' + owner + u'/';
}

QString Thread::sourceId() const
{
    return isBusiness() ? prefix(owner) + chat : chat;
}

QString Thread::messageId(qint64 message) const
{
    return sourceId() + u'/' + QString::number(message);
}

std::optional<Thread> threadOf(const QString &sourceId)
{
    if (isId(sourceId))
        return Thread{.chat = sourceId};
    const qsizetype slash = sourceId.indexOf(u'/');
    if (slash < 2 || !sourceId.startsWith(u'b'))
        return std::nullopt;
    const Thread thread{.owner = sourceId.mid(1, slash - 1), .chat = sourceId.mid(slash + 1)};
    return isId(thread.owner) && isId(thread.chat) ? std::optional(thread) : std::nullopt;
}

std::optional<MessageAddress> messageOf(const QString &sourceId)
{
    const qsizetype slash = sourceId.lastIndexOf(u'/');
    const auto thread = slash < 0 ? std::nullopt : threadOf(sourceId.first(slash));
    const QString id = sourceId.mid(slash + 1);
    return thread && isId(id) ? std::optional(MessageAddress{.thread = *thread, .id = id.toLongLong()}) : std::nullopt;
}

QString lane(InboxId inbox, const QString &chat)
{
    return u"tg:%1:%2"_s.arg(inbox.value()).arg(chat);
}

QJsonObject connectionOf(const QJsonObject &settings, const QString &owner)
{
    return settings.value(kConnections).toObject().value(owner).toObject();
}

QString ownerOf(const QJsonObject &settings, const QString &connectionId)
{
    const QJsonObject connections = settings.value(kConnections).toObject();
    for (auto it = connections.begin(); it != connections.end(); ++it) {
        if (!connectionId.isEmpty() && json::string(it.value().toObject(), "id"_L1) == connectionId)
            return it.key();
    }
    return {};
}

QString cannotReply(const QJsonObject &connection)
{
    if (!connection.value("enabled"_L1).toBool())
        return u"connection_off"_s;
    return connection.value("can_reply"_L1).toBool() ? QString() : u"no_right"_s;
}

} // namespace antiphon::telegram
