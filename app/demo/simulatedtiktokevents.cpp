#include "app/demo/simulatedpictures.h"
#include "app/demo/simulatedtiktok.h"

/// What customers, the phone app and TikTok itself do.
namespace antiphon::demo {

using namespace Qt::StringLiterals;

namespace {

SceneMessage plainMessage(const QString &type, const QJsonObject &content)
{
    return {.type = type, .content = content};
}

} // namespace

QString SimulatedTikTok::startConversation(const Customer &customer, const QString &businessId)
{
    SceneConversation started{.id = newId("cnv"), .businessId = businessId.isEmpty() ? m_options.accounts.first().businessId : businessId, .customer = customer};
    if (started.customer.id.isEmpty())
        started.customer.id = newId("usr");
    if (started.customer.displayName.isEmpty())
        started.customer.displayName = customer.username;
    started.updated = m_clock.now();
    m_conversations.insert(started.id, started);
    return started.id;
}

qint64 SimulatedTikTok::sendEvent(const QString &event, const QString &businessId, const QJsonObject &content, const WebhookOptions &options)
{
    return m_webhooks->send(webhookEnvelope(m_options.appId, event, m_clock.now(), businessId, content), options);
}

QString SimulatedTikTok::addMessage(const QString &id, SceneMessage message, const EventOptions &options, const QString &event)
{
    SceneConversation *in = conversation(id);
    Q_ASSERT(in);
    if (message.id.isEmpty())
        message.id = newId("msg");
    message.at = options.at.value_or(m_clock.now());
    message.isListed = options.isListed;
    if (message.quotedId.isEmpty())
        message.quotedId = options.quotedId;
    // Reactions are events of their own but no messages: the list shows them on the message they belong to.
    if (message.type != "reaction"_L1) {
        in->messages.append(message);
        in->updated = std::max(in->updated, message.at);
    }
    if (message.fromBusiness) {
        in->isAnswered = in->isAnswered || message.autoMessageType.isEmpty();
    } else if (message.type != "reaction"_L1 && (!in->lastFromCustomer || message.at > *in->lastFromCustomer)) {
        in->lastFromCustomer = message.at;
        in->sentInWindow = 0;
    }
    if (!options.withWebhook)
        return message.id;
    const BusinessAccount &owner = *account(in->businessId);
    if (event == "im_receive_msg_eu"_L1) {
        sendEvent(event, in->businessId,
                  {{u"to"_s, owner.username},
                   {u"to_user"_s, QJsonObject{{u"id"_s, owner.businessId}, {u"role"_s, u"business_account"_s}}},
                   {u"timestamp"_s, toUnixMs(message.at)}},
                  options.webhook);
    } else {
        sendEvent(event, in->businessId, webhookContent(*in, owner, message), options.webhook);
    }
    return message.id;
}

QString SimulatedTikTok::customerSends(const QString &id, const QString &type, const QJsonObject &content, const EventOptions &options)
{
    return addMessage(id, plainMessage(type, content), options, u"im_receive_msg"_s);
}

QString SimulatedTikTok::customerWrites(const QString &id, const QString &text, const EventOptions &options)
{
    return customerSends(id, u"text"_s, {{u"text"_s, QJsonObject{{u"body"_s, text}}}}, options);
}

QString SimulatedTikTok::customerQuotes(const QString &id, const QString &quotedId, const QString &text, EventOptions options)
{
    options.quotedId = quotedId;
    return customerWrites(id, text, options);
}

QString SimulatedTikTok::customerSendsImage(const QString &id, const QByteArray &bytes, const EventOptions &options)
{
    const QString mediaId = newId("media-in-");
    m_media.insert(mediaId, {bytes, bytes.startsWith("\x89PNG") ? "image/png" : "image/jpeg", m_clock.now()});
    return customerSends(id, u"image"_s, {{u"image"_s, QJsonObject{{u"media_id"_s, mediaId}}}}, options);
}

QString SimulatedTikTok::customerSendsVideo(const QString &id, const EventOptions &options)
{
    const QString mediaId = newId("media-in-");
    m_media.insert(mediaId, {pictures::tinyMp4(), "video/mp4", m_clock.now()});
    return customerSends(id, u"video"_s, {{u"video"_s, QJsonObject{{u"media_id"_s, mediaId}}}}, options);
}

QString SimulatedTikTok::customerSharesPost(const QString &id, const QString &videoId, bool withEmbedUrl, const EventOptions &options)
{
    QJsonObject post{{u"video_id"_s, videoId}};
    if (withEmbedUrl) {
        post.insert(u"embed_url"_s, u"https://www.tiktok.com/player/v1/%1?music_info=1&description=1&autoplay=1&loop=1&utm_campaign=tt4d_open_api&utm_source=dm"_s.arg(videoId));
    }
    return customerSends(id, u"share_post"_s, {{u"share_post"_s, post}}, options);
}

QString SimulatedTikTok::customerSendsSticker(const QString &id, const EventOptions &options)
{
    const qint64 expires = toUnixMs(m_clock.now()) / 1000 + 30 * 86'400;
    const QString url = u"%1/files/sticker/%2.png?x-expires=%3"_s.arg(mediaUrl().toString(), randomToken(m_random, 64)).arg(expires);
    return customerSends(id, u"sticker"_s, {{u"sticker"_s, QJsonObject{{u"url"_s, url}}}}, options);
}

QString SimulatedTikTok::customerSendsEmoji(const QString &id, const EventOptions &options)
{
    const QString url = u"%1/files/emoji/%2.png"_s.arg(mediaUrl().toString(), randomToken(m_random, 64));
    return customerSends(id, u"emoji"_s, {{u"emoji"_s, QJsonObject{{u"url"_s, url}}}}, options);
}

QString SimulatedTikTok::customerReacts(const QString &id, const QString &messageId, const QString &emoji, bool added, const EventOptions &options)
{
    SceneConversation *in = conversation(id);
    Q_ASSERT(in);
    const QJsonObject reaction{{u"operation"_s, added ? u"ADD"_s : u"REMOVE"_s},
                               {u"type"_s, u"EMOJI"_s},
                               {u"emoji"_s, emoji},
                               {u"unique_identifier"_s, in->customer.id},
                               {u"timestamp"_s, toUnixMs(options.at.value_or(m_clock.now()))},
                               {u"original_msg_id"_s, messageId}};
    if (SceneMessage *message = in->message(messageId)) {
        QJsonArray kept;
        for (const QJsonValue &one : std::as_const(message->reactions)) {
            if (one[u"unique_identifier"_s] != in->customer.id || one[u"emoji"_s] != emoji)
                kept.append(one);
        }
        if (added)
            kept.append(reaction);
        message->reactions = kept;
    }
    return customerSends(id, u"reaction"_s, {{u"reaction"_s, QJsonArray{reaction}}}, options);
}

void SimulatedTikTok::customerReads(const QString &id, Timestamp upTo, const EventOptions &options)
{
    SceneConversation *in = conversation(id);
    Q_ASSERT(in);
    in->readByCustomer = std::max(in->readByCustomer, upTo);
    QJsonObject content = webhookParties(*in, *account(in->businessId), false);
    content.insert(u"timestamp"_s, toUnixMs(options.at.value_or(m_clock.now())));
    content.insert(u"read"_s, QJsonObject{{u"last_read_timestamp"_s, toUnixMs(upTo)}});
    if (options.withWebhook)
        sendEvent(u"im_mark_read_msg"_s, in->businessId, content, options.webhook);
}

QString SimulatedTikTok::europeanCustomerWrites(const QString &id, const QString &text, bool content, const EventOptions &options)
{
    EventOptions shown = options;
    shown.isListed = content;
    return addMessage(id, plainMessage(u"text"_s, {{u"text"_s, QJsonObject{{u"body"_s, text}}}}), shown, u"im_receive_msg_eu"_s);
}

void SimulatedTikTok::customerComesFrom(const QString &id, const QJsonObject &referral, const EventOptions &options)
{
    SceneConversation *in = conversation(id);
    Q_ASSERT(in);
    in->referral = referral;
    QJsonObject content = webhookParties(*in, *account(in->businessId), false);
    content.insert(u"timestamp"_s, toUnixMs(options.at.value_or(m_clock.now())));
    content.insert(u"is_follower"_s, in->customer.isFollower);
    content.insert(u"referral"_s, referral);
    if (options.withWebhook)
        sendEvent(u"im_referral_msg"_s, in->businessId, content, options.webhook);
}

QString SimulatedTikTok::businessSends(const QString &id, SceneMessage message, const EventOptions &options)
{
    message.fromBusiness = true;
    return addMessage(id, message, options, u"im_send_msg"_s);
}

QString SimulatedTikTok::ownerAnswersFromApp(const QString &id, const QString &text, const EventOptions &options)
{
    return businessSends(id, plainMessage(u"text"_s, {{u"text"_s, QJsonObject{{u"body"_s, text}}}}), options);
}

QString SimulatedTikTok::automaticWelcome(const QString &id, const QString &text, const EventOptions &options)
{
    SceneMessage welcome = plainMessage(u"text"_s, {{u"text"_s, QJsonObject{{u"body"_s, text}}}});
    welcome.autoMessageType = u"WELCOME_MESSAGE"_s;
    welcome.source = u"OTHERS"_s;
    return businessSends(id, welcome, options);
}

void SimulatedTikTok::authorizationRemoved(const QString &businessId, const WebhookOptions &options)
{
    revokeTokens(businessId);
    sendEvent(u"authorization.removed"_s, businessId, {{u"reason"_s, 1}}, options);
}

} // namespace antiphon::demo
