#include "app/demo/tiktokscene.h"

#include "core/base/json.h"

namespace antiphon::demo {

using namespace Qt::StringLiterals;

QStringList BusinessAccount::allScopes()
{
    return {u"user.info.basic"_s, u"user.info.username"_s, u"user.info.stats"_s, u"user.info.profile"_s, u"user.account.type"_s,
            u"user.insights"_s, u"message.list.read"_s, u"message.list.send"_s, u"message.list.manage"_s};
}

SceneMessage *SceneConversation::message(const QString &wanted)
{
    for (SceneMessage &one : messages) {
        if (one.id == wanted)
            return &one;
    }
    return nullptr;
}

QJsonObject webhookParties(const SceneConversation &conversation, const BusinessAccount &account, bool fromBusiness)
{
    const QJsonObject customer{{u"id"_s, conversation.customer.id}, {u"role"_s, u"personal_account"_s}};
    const QJsonObject business{{u"id"_s, account.businessId}, {u"role"_s, u"business_account"_s}};
    return {{u"from"_s, fromBusiness ? account.username : conversation.customer.username},
            {u"to"_s, fromBusiness ? conversation.customer.username : account.username},
            {u"unique_identifier"_s, conversation.customer.id},
            {u"from_user"_s, fromBusiness ? business : customer},
            {u"to_user"_s, fromBusiness ? customer : business},
            {u"conversation_id"_s, conversation.id}};
}

namespace {

void merge(QJsonObject &into, const QJsonObject &from)
{
    for (auto it = from.begin(); it != from.end(); ++it)
        into.insert(it.key(), it.value());
}

void addCommon(QJsonObject &object, const SceneMessage &message)
{
    object.insert(u"message_id"_s, message.id);
    object.insert(u"timestamp"_s, toUnixMs(message.at));
    if (!message.quotedId.isEmpty())
        object.insert(u"referenced_message_info"_s, QJsonObject{{u"referenced_message_id"_s, message.quotedId}});
    if (!message.autoMessageType.isEmpty())
        object.insert(u"auto_message_type"_s, message.autoMessageType);
    object.insert(u"message_tag"_s, QJsonObject{{u"source"_s, message.source}});
}

} // namespace

QJsonObject webhookContent(const SceneConversation &conversation, const BusinessAccount &account, const SceneMessage &message)
{
    QJsonObject content = webhookParties(conversation, account, message.fromBusiness);
    addCommon(content, message);
    content.insert(u"type"_s, message.type);
    merge(content, message.content);
    content.insert(u"scene_type"_s, 0);
    content.insert(u"is_follower"_s, conversation.customer.isFollower);
    return content;
}

QJsonObject listedMessage(const SceneConversation &conversation, const BusinessAccount &account, const SceneMessage &message, bool confusedRoles)
{
    static const QStringList known{u"text"_s, u"image"_s, u"share_post"_s, u"video"_s, u"emoji"_s, u"sticker"_s, u"template"_s};
    const QString personal = confusedRoles ? u"BUSINESS_ACCOUNT"_s : u"PERSONAL_ACCOUNT"_s;
    const QJsonObject customer{{u"id"_s, conversation.customer.id}, {u"role"_s, personal}};
    const QJsonObject business{{u"id"_s, account.businessId}, {u"role"_s, u"BUSINESS_ACCOUNT"_s}};
    QJsonObject listed{{u"conversation_id"_s, conversation.id},
                       {u"sender"_s, message.fromBusiness ? account.username : conversation.customer.username},
                       {u"recipient"_s, message.fromBusiness ? conversation.customer.username : account.username},
                       {u"from_user"_s, message.fromBusiness ? business : customer},
                       {u"to_user"_s, message.fromBusiness ? customer : business}};
    addCommon(listed, message);
    const bool isKnown = known.contains(message.type);
    listed.insert(u"message_type"_s, isKnown ? message.type.toUpper() : u"OTHER"_s);
    if (isKnown)
        merge(listed, message.content);
    if (!message.reactions.isEmpty())
        listed.insert(u"reactions"_s, message.reactions);
    return listed;
}

QByteArray webhookEnvelope(const QString &appId, const QString &event, Timestamp created, const QString &businessId, const QJsonObject &content)
{
    return json::toBytes({{u"client_key"_s, appId},
                          {u"event"_s, event},
                          {u"create_time"_s, toUnixMs(created) / 1000},
                          {u"user_openid"_s, businessId},
                          {u"content"_s, json::toText(content)}});
}

} // namespace antiphon::demo
