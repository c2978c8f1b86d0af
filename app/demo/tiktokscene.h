#pragma once

#include "core/base/clock.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QList>
#include <QString>
#include <QStringList>

#include <optional>

/// What the simulated TikTok knows: accounts, customers, conversations, messages, files. Plain values and how the API spells them.
namespace antiphon::demo {

/// A TikTok Business Account.
struct BusinessAccount {
    QString businessId = QStringLiteral("biz-0001-openid");
    QString username = QStringLiteral("lantern.books");
    QString displayName = QStringLiteral("Lantern Books");
    QStringList scopes = allScopes();           ///< what its owner grants

    static QStringList allScopes();             ///< the nine that Antiphon asks for
};

/// A person with a personal account.
struct Customer {
    QString id{};               ///< the `unique_identifier`; made up where empty
    QString username{};
    QString displayName{};
    bool isFollower = true;
};

struct SceneMessage {
    QString id{};
    Timestamp at{};
    bool fromBusiness = false;
    QString type = QStringLiteral("text");      ///< lower case, as in webhooks
    QJsonObject content{};                      ///< {"text": {…}} and the like, merged into the object of the message
    QString quotedId{};
    QString autoMessageType{};
    QString source = QStringLiteral("APP");     ///< APP, WEB, API, OTHERS
    QJsonArray reactions{};
    bool isListed = true;                       ///< found by the lists
};

struct SceneConversation {
    QString id{};
    QString businessId{};
    Customer customer{};
    QList<SceneMessage> messages{};             ///< oldest first
    Timestamp updated{};
    std::optional<Timestamp> lastFromCustomer{};
    Timestamp readByCustomer{};
    bool isAnswered = false;                    ///< SINGLE instead of STRANGER
    bool canSendImages = true;
    int sentInWindow = 0;                       ///< API sends since the customer's last message
    QJsonObject referral{};

    SceneMessage *message(const QString &id);
};

/// A file that was sent or uploaded.
struct SceneMedia {
    QByteArray bytes{};
    QByteArray mime{};
    Timestamp made{};
};

/// `content` of `im_receive_msg` and `im_send_msg`, as an object (the envelope carries it as a string).
QJsonObject webhookContent(const SceneConversation &conversation, const BusinessAccount &account, const SceneMessage &message);

/// The fields every event of a conversation shares, sender first.
QJsonObject webhookParties(const SceneConversation &conversation, const BusinessAccount &account, bool fromBusiness);

/// The same message as message/content/list spells it: upper case, `sender` and `recipient`, `reactions` on the message.
/// With `confusedRoles` both sides carry BUSINESS_ACCOUNT, as in the official sample.
QJsonObject listedMessage(const SceneConversation &conversation, const BusinessAccount &account, const SceneMessage &message, bool confusedRoles);

/// The envelope around one event, compact. `content` becomes a JSON string.
QByteArray webhookEnvelope(const QString &appId, const QString &event, Timestamp created, const QString &businessId, const QJsonObject &content);

} // namespace antiphon::demo
