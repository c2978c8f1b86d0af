// What the events of direct messages say, once they are split.

#include "core/base/json.h"
#include "core/channels/meta/messagingcontent.h"
#include "core/channels/meta/messagingevents.h"
#include "core/channels/meta/messagingvalues.h"

namespace antiphon::meta {

using namespace Qt::StringLiterals;

namespace {

/// A stored event with what its payload holds in common.
struct Stored {
    const SplitEvent &event;
    QJsonObject element{};
    QString customer{};
    Timestamp at{};

    QJsonObject part(QLatin1StringView key) const { return element.value(key).toObject(); }
    InboundCustomer who() const { return {.contactSourceId = customer, .platformUserId = customer}; }
    QString word(QLatin1StringView key) const { return json::string(event.payload, key); }
};

Error wrong(const QString &why)
{
    return {Error::Kind::BadPayload, why};
}

/// The platform's words for reactions that came without their emoji.
QString emojiOf(const QString &word)
{
    struct Known {
        QLatin1StringView word;
        QStringView emoji;
    };
    static constexpr Known kKnown[]{
        {"love"_L1, u"\u2764\ufe0f"}, {"smile"_L1, u"\U0001f606"}, {"haha"_L1, u"\U0001f606"}, {"wow"_L1, u"\U0001f62e"},
        {"sad"_L1, u"\U0001f622"},    {"angry"_L1, u"\U0001f620"}, {"like"_L1, u"\U0001f44d"}, {"yes"_L1, u"\U0001f44d"},
        {"dislike"_L1, u"\U0001f44e"}, {"no"_L1, u"\U0001f44e"},
    };
    for (const Known &known : kKnown) {
        if (known.word == word)
            return known.emoji.toString();
    }
    return u"\u2728"_s;
}

void setOrigin(InboundMessage &echo, const QString &writer)
{
    echo.origin = writer == "own"_L1 || writer == "unsure"_L1 ? InboundMessage::Origin::OwnApi : InboundMessage::Origin::NativeApp;
    echo.maybeNativeApp = writer == "unsure"_L1;
    if (writer == "other"_L1)
        echo.senderName = u"Other app"_s;
}

Result<InboundEvent> readMessage(const Dialect &dialect, const Stored &stored)
{
    const QJsonObject content = stored.part("message"_L1);
    InboundMessage message = readMessageContent(dialect, content, stored.at);
    message.customer = stored.who();
    message.sourceId = idText(content, "mid"_L1);
    message.isElsewhere = stored.event.payload.value("standby"_L1).toBool();
    if (message.sourceId.isEmpty())
        return wrong(u"no mid"_s);
    if (stored.event.kind == "echo"_L1) {
        setOrigin(message, stored.word("writer"_L1));
        message.opensWindow = false;
        const QString tag = json::string(content, "metadata"_L1);
        const bool isOtherApp = message.origin == InboundMessage::Origin::NativeApp;       // anybody may write our tag
        if (!isOtherApp && tag.startsWith(QLatin1StringView(kSendTag)))
            message.sendKey = tag.mid(QLatin1StringView(kSendTag).size());
    }
    return InboundEvent(message);
}

Result<InboundEvent> readPostbackEvent(const Stored &stored)
{
    InboundMessage message = readPostback(stored.part("postback"_L1), stored.at);
    message.customer = stored.who();
    message.sourceId = stored.word("id"_L1);
    message.isElsewhere = stored.event.payload.value("standby"_L1).toBool();
    if (message.sourceId.isEmpty())
        return wrong(u"a postback without id"_s);
    return InboundEvent(message);
}

Result<InboundEvent> readReaction(const Stored &stored)
{
    const QJsonObject reaction = stored.part("reaction"_L1);
    InboundReaction read{.contactSourceId = stored.customer,
                         .messageSourceId = idText(reaction, "mid"_L1),
                         .senderPlatformId = partyId(stored.element, "sender"_L1),
                         .isRemoval = json::string(reaction, "action"_L1).toLower() == "unreact"_L1,
                         .emoji = json::string(reaction, "emoji"_L1),
                         .platformAt = stored.at};
    read.fromCustomer = read.senderPlatformId == stored.customer;
    if (read.emoji.isEmpty() && !read.isRemoval)
        read.emoji = emojiOf(json::string(reaction, "reaction"_L1).toLower());
    if (read.messageSourceId.isEmpty() || read.senderPlatformId.isEmpty())
        return wrong(u"a reaction without message or sender"_s);
    return InboundEvent(read);
}

Result<InboundEvent> readEdit(const Stored &stored)
{
    const QJsonObject edit = stored.part("message_edit"_L1);
    constexpr qint64 kMost = 1'000'000;
    const InboundEdit read{.contactSourceId = stored.customer,
                           .messageSourceId = idText(edit, "mid"_L1),
                           .content = json::string(edit, "text"_L1),
                           .revision = int(qBound<qint64>(0, json::integer(edit.value("num_edit"_L1)).value_or(0), kMost)),
                           .platformAt = stored.at};
    if (read.messageSourceId.isEmpty())
        return wrong(u"an edit without mid"_s);
    return InboundEvent(read);
}

Result<InboundEvent> readReadMark(const Stored &stored)
{
    if (partyId(stored.element, "sender"_L1) != stored.customer)
        return InboundEvent(InboundIgnored{u"read by the business itself"_s});
    const QJsonObject read = stored.part("read"_L1);
    const QString mid = idText(read, "mid"_L1);
    if (!mid.isEmpty())
        return InboundEvent(InboundRead{.contactSourceId = stored.customer, .readUpTo = stored.at, .messageSourceId = mid});
    const auto watermark = moment(read.value("watermark"_L1));
    if (!watermark)
        return wrong(u"a read mark without mid or watermark"_s);
    return InboundEvent(InboundRead{.contactSourceId = stored.customer, .readUpTo = *watermark});
}

Result<InboundEvent> readDelivery(const Stored &stored)
{
    const auto watermark = moment(stored.part("delivery"_L1).value("watermark"_L1));
    if (!watermark)
        return wrong(u"a delivery without watermark"_s);
    return InboundEvent(InboundRead{.contactSourceId = stored.customer, .readUpTo = *watermark, .isDelivery = true});
}

Result<InboundEvent> readOptin(const Stored &stored)
{
    const QJsonObject optin = stored.part("optin"_L1);
    QJsonObject referral{{"source"_L1, u"OPTIN"_s}};
    for (const QLatin1StringView key : {"type"_L1, "ref"_L1, "payload"_L1}) {
        const QString text = json::string(optin, key);
        if (!text.isEmpty())
            referral.insert(key, text);
    }
    return InboundEvent(InboundReferral{.customer = stored.who(), .referral = referral, .isLine = false});
}

Result<InboundEvent> readLinking(const Stored &stored)
{
    const QString status = json::string(stored.part("account_linking"_L1), "status"_L1);
    return InboundEvent(InboundActivity{.customer = stored.who(),
                                        .activity = {{"kind"_L1, u"account_linking"_s}, {"status"_L1, status}},
                                        .attributes = {{"account_linking"_L1, status}},
                                        .platformAt = stored.at});
}

Result<InboundEvent> readHandover(const Stored &stored)
{
    const QString action = stored.word("action"_L1);
    const QString app = stored.word("app_id"_L1);
    InboundActivity activity{.customer = stored.who(),
                             .activity = {{"kind"_L1, u"handover"_s}, {"action"_L1, action}, {"app_id"_L1, json::orNull(app)}},
                             .opensConversation = action == "handed_over"_L1,
                             .platformAt = stored.at};
    if (action == "handed_over"_L1)
        activity.attributes.insert("handled_elsewhere"_L1, true);
    else if (action == "returned"_L1)
        activity.attributes.insert("handled_elsewhere"_L1, QJsonValue::Null);
    return InboundEvent(activity);
}

InboundEvent readPolicy(const QJsonObject &policy)
{
    if (json::string(policy, "action"_L1).toLower() == "unblock"_L1)
        return InboundNotice{};
    const QString reason = json::string(policy, "reason"_L1);
    return InboundNotice{.kind = u"policy_enforcement"_s, .detail = reason.isEmpty() ? u"Meta has restricted what this account may send."_s : reason};
}

} // namespace

Result<InboundEvent> readMessaging(const Dialect &dialect, const SplitEvent &event)
{
    if (!event.broken.isEmpty())
        return Error{Error::Kind::BadPayload, event.broken};
    if (event.kind == "ignored"_L1 || event.kind == "unknown"_L1 || event.kind == "test"_L1)
        return InboundEvent(InboundIgnored{json::string(event.payload, "reason"_L1)});
    Stored stored{.event = event, .element = event.payload.value("element"_L1).toObject()};
    if (event.kind == "policy"_L1)
        return readPolicy(stored.part("policy_enforcement"_L1));
    stored.customer = json::string(event.payload, "customer"_L1);
    const auto at = moment(event.payload.value("at"_L1));
    if (stored.customer.isEmpty() || !at)
        return wrong(u"no customer or no time"_s);
    stored.at = *at;
    if (event.kind == "message"_L1 || event.kind == "echo"_L1)
        return readMessage(dialect, stored);
    if (event.kind == "postback"_L1)
        return readPostbackEvent(stored);
    if (event.kind == "unsend"_L1)
        return InboundEvent(InboundRevoke{stored.customer, event.target, stored.at});
    if (event.kind == "edit"_L1)
        return readEdit(stored);
    if (event.kind == "reaction"_L1)
        return readReaction(stored);
    if (event.kind == "read"_L1)
        return readReadMark(stored);
    if (event.kind == "delivery"_L1)
        return readDelivery(stored);
    if (event.kind == "delivered"_L1)
        return InboundEvent(InboundStatus{.messageSourceId = event.target, .status = StatusEvent::Delivered, .platformAt = stored.at});
    if (event.kind == "referral"_L1)
        return InboundEvent(InboundReferral{.customer = stored.who(), .referral = readReferral(stored.part("referral"_L1)), .isLine = false});
    if (event.kind == "optin"_L1)
        return readOptin(stored);
    if (event.kind == "account_linking"_L1)
        return readLinking(stored);
    if (event.kind == "handover"_L1)
        return readHandover(stored);
    return wrong(u"a kind that is not Meta's"_s);
}

} // namespace antiphon::meta
