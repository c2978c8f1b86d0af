#pragma once

#include "core/base/id.h"

#include <QJsonObject>
#include <QString>

#include <optional>

/// How chats and messages are called here. A person's chat with the bot and their chat with an owner whom the bot answers for are two threads, although both
/// have the person's id; an owner is named by their user id, since a reconnect gives another connection id.
namespace antiphon::telegram {

/// "5500000001" with the bot, "b6600000001/5500000001" with an owner.
struct Thread {
    QString owner{};             ///< user id; empty: a chat with the bot itself
    QString chat{};              ///< the customer's user id

    bool isBusiness() const { return !owner.isEmpty(); }
    QString sourceId() const;
    QString messageId(qint64 message) const;      ///< "5500000001/41", "b6600000001/5500000001/9001"
    static QString prefix(const QString &owner);  ///< "b6600000001/"
};

/// Nothing where it is no thread of Telegram's.
std::optional<Thread> threadOf(const QString &sourceId);

struct MessageAddress {
    Thread thread{};
    qint64 id = 0;               ///< unique in its chat only
};
std::optional<MessageAddress> messageOf(const QString &sourceId);

/// One a customer in an inbox, whichever thread: "tg:<inbox>:<customer>".
QString lane(InboxId inbox, const QString &chat);

/// {id, name, username, enabled, can_reply, can_read, revision}; empty where the owner isn't known.
QJsonObject connectionOf(const QJsonObject &settings, const QString &owner);

/// The owner of a connection, by its id; empty where none of the known ones has it.
QString ownerOf(const QJsonObject &settings, const QString &connectionId);

/// Why nothing can be sent in an owner's threads by the connection as it is: "connection_off", "no_right"; empty: it can.
QString cannotReply(const QJsonObject &connection);

inline constexpr QLatin1StringView kConnections{"business_connections"};

} // namespace antiphon::telegram
