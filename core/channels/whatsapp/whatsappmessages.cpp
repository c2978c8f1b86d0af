#include "core/channels/whatsapp/whatsappmessages.h"

#include "core/base/json.h"
#include "core/channels/whatsapp/whatsappcontent.h"
#include "core/channels/whatsapp/whatsapperrors.h"
#include "core/channels/whatsapp/whatsappkinds.h"
#include "core/channels/whatsapp/whatsappstatuses.h"
#include "core/domain/phonenumber.h"

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;

namespace {

QJsonObject object(const QJsonObject &parent, QLatin1StringView key)
{
    return parent.value(key).toObject();
}

Party partyIn(const QJsonObject &source, QLatin1StringView name, QLatin1StringView userId, QLatin1StringView parentUserId)
{
    Party party = partyOf(json::string(source, name));
    complete(&party, {.userId = json::string(source, userId), .parentUserId = json::string(source, parentUserId)});
    return party;
}

/// What a split event holds, before it is known what it is.
struct Stored {
    explicit Stored(const SplitEvent &event)
        : message(object(event.payload, "content"_L1))
        , party{json::string(event.payload, "phone"_L1), json::string(event.payload, "user_id"_L1), json::string(event.payload, "parent_user_id"_L1)}
        , contact(object(event.payload, "contact"_L1))
        , errors(event.payload.value("errors"_L1).toArray())
        , at(moment(event.payload.value("at"_L1)))
        , isEcho(event.payload.value("echo"_L1).toBool())
        , isHistory(event.payload.value("history"_L1).toBool())
        , completes(event.payload.value("completes"_L1).toBool())
    {
    }

    QJsonObject message;
    Party party;
    QJsonObject contact;
    QJsonArray errors;
    std::optional<Timestamp> at;
    bool isEcho;
    bool isHistory;
    bool completes;
};

Error bad(const QString &why)
{
    return {Error::Kind::BadPayload, why};
}

Result<InboundEvent> readReaction(const Stored &stored, const QString &account)
{
    const QJsonObject reaction = object(stored.message, "reaction"_L1);
    const QString emoji = json::string(reaction, "emoji"_L1);
    const QString about = json::string(reaction, "message_id"_L1);
    if (about.isEmpty())
        return bad(u"a reaction to nothing"_s);
    return InboundEvent(InboundReaction{.contactSourceId = stored.party.address(),
                                        .messageSourceId = about,
                                        .senderPlatformId = stored.isEcho ? account : stored.party.address(),
                                        .fromCustomer = !stored.isEcho,
                                        .isRemoval = emoji.isEmpty(),
                                        .emoji = emoji,
                                        .platformAt = *stored.at});
}

Result<InboundEvent> readEdit(const Stored &stored)
{
    const QJsonObject edit = object(stored.message, "edit"_L1);
    const QString about = json::string(edit, "original_message_id"_L1);
    const auto words = wordsOf(object(edit, "message"_L1));
    if (about.isEmpty() || !words)
        return bad(u"an edit of nothing, or without words"_s);
    return InboundEvent(
        InboundEdit{.contactSourceId = stored.party.address(), .messageSourceId = about, .content = *words, .platformAt = *stored.at});
}

Result<InboundEvent> readRevoke(const Stored &stored)
{
    const QString about = json::string(object(stored.message, "revoke"_L1), "original_message_id"_L1);
    if (about.isEmpty())
        return bad(u"a revocation of nothing"_s);
    return InboundEvent(InboundRevoke{stored.party.address(), about, *stored.at});
}

/// Who a system message was about before: all names that are not the new ones.
Party formerOf(const QJsonObject &message)
{
    const QJsonObject system = object(message, "system"_L1);
    Party former = partyIn(system, "previous_wa_id"_L1, "previous_user_id"_L1, "previous_parent_user_id"_L1);
    complete(&former, partyIn(message, "from"_L1, "from_user_id"_L1, "from_parent_user_id"_L1));
    return former;
}

Result<InboundEvent> readSystem(const Stored &stored)
{
    const QJsonObject system = object(stored.message, "system"_L1);
    const QString type = json::string(system, "type"_L1);
    InboundActivity activity{.customer = customerOf(stored.party, stored.contact), .platformAt = *stored.at};
    activity.activity = {{"kind"_L1, u"identity_changed"_s}, {"text"_L1, json::string(system, "body"_L1)}};
    const Party former = formerOf(stored.message);
    for (const QString &name : {former.phone, former.parentUserId, former.userId}) {
        if (!name.isEmpty() && name != activity.customer.contactSourceId && !activity.customer.aliases.contains(name))
            activity.customer.aliases.append(name);
    }
    if (!former.phone.isEmpty() && former.phone != stored.party.phone) {
        activity.customer.variants += phoneVariants(former.phone);
        activity.activity.insert("kind"_L1, u"number_changed"_s);
        activity.activity.insert("from"_L1, u'+' + former.phone);
        activity.activity.insert("to"_L1, stored.party.phone.isEmpty() ? stored.party.address() : u'+' + stored.party.phone);
    } else if (type == "user_changed_user_id"_L1) {
        activity.activity = {};          // of no interest to an agent: the new id is an alias from now on
    } else if (type != "customer_identity_changed"_L1 && type != "user_identity_changed"_L1) {
        activity.activity.insert("kind"_L1, u"system"_s);
    }
    return InboundEvent(activity);
}

/// An echo tells nothing of who wrote it but its id, and what we send ourselves may be echoed before its answer has told us that id.
InboundMessage::Origin originOf(const Stored &stored)
{
    if (!stored.isEcho)
        return InboundMessage::Origin::Customer;
    return stored.isHistory ? InboundMessage::Origin::NativeApp : InboundMessage::Origin::OwnApi;
}

InboundMessage readMessage(const Stored &stored)
{
    InboundMessage message{.customer = customerOf(stored.party, stored.contact),
                           .origin = originOf(stored),
                           .sourceId = json::string(stored.message, "id"_L1),
                           .platformAt = *stored.at,
                           .maybeNativeApp = stored.isEcho && !stored.isHistory,
                           .opensWindow = !stored.isEcho && !stored.isHistory,
                           .isHistory = stored.isHistory,
                           .completes = stored.completes};
    readContent(&message, stored.message);
    if (stored.isHistory && stored.isEcho)
        message.status = historyStatus(json::string(object(stored.message, "history_context"_L1), "status"_L1));
    return message;
}

} // namespace

Party senderOf(const QJsonObject &message)
{
    Party sender;
    if (json::string(message, "type"_L1) == "system"_L1) {
        const QJsonObject system = object(message, "system"_L1);
        sender = partyIn(system, "wa_id"_L1, "user_id"_L1, "parent_user_id"_L1);
        complete(&sender, partyOf(json::string(system, "new_wa_id"_L1)));
        if (!sender.address().isEmpty() && sender.phone.isEmpty())
            sender.phone = partyOf(json::string(message, "from"_L1)).phone;      // another id, the same number
        if (!sender.address().isEmpty())
            return sender;
    }
    return partyIn(message, "from"_L1, "from_user_id"_L1, "from_parent_user_id"_L1);
}

Party receiverOf(const QJsonObject &message)
{
    return partyIn(message, "to"_L1, "to_user_id"_L1, "to_parent_user_id"_L1);
}

Party partyOfCard(const QJsonObject &card)
{
    const QJsonObject contact = object(card, "contact"_L1);
    const QString digits = phoneDigits(json::string(contact, "phone_number"_L1));
    Party party = partyIn(contact, "wa_id"_L1, "user_id"_L1, "parent_user_id"_L1);
    if (!digits.isEmpty())
        party.phone = digits;
    return party;
}

Result<InboundEvent> readMessageEvent(const SplitEvent &event)
{
    const Stored stored(event);
    if (!stored.at || stored.party.address().isEmpty() || json::string(stored.message, "id"_L1).isEmpty())
        return bad(u"a message without id, time or customer"_s);
    if (event.kind == kind::kReaction)
        return readReaction(stored, event.account);
    if (event.kind == kind::kEdit)
        return readEdit(stored);
    if (event.kind == kind::kRevoke)
        return readRevoke(stored);
    if (event.kind == kind::kSystem)
        return stored.isEcho || stored.isHistory ? Result<InboundEvent>(InboundIgnored{u"a system message of before"_s}) : readSystem(stored);
    if (event.kind != kind::kMessage && event.kind != kind::kEcho && event.kind != kind::kHistory)
        return bad(u"a kind that is not WhatsApp's"_s);
    const QString type = json::string(stored.message, "type"_L1);
    if (type == "request_welcome"_L1)
        return InboundEvent(InboundIgnored{u"the chat was opened, nothing was written"_s});
    const InboundMessage message = readMessage(stored);
    // Their own trouble with a message: told beside it, and nothing of the message itself.
    if (message.contentType == Message::ContentType::Unsupported && !stored.errors.isEmpty() && type != "unsupported"_L1
        && !stored.message.contains(type))
        return InboundEvent(InboundIgnored{reasonOf(stored.errors)});
    return InboundEvent(message);
}

Result<InboundEvent> readProgress(const SplitEvent &event)
{
    const QJsonObject content = object(event.payload, "content"_L1);
    const Timestamp at = event.platformAt.value_or(Timestamp());
    if (const QJsonArray errors = content.value("errors"_L1).toArray(); !errors.isEmpty())
        return InboundEvent(InboundSyncProgress{{{"declined"_L1, true}, {"code"_L1, externalError(errors).code}}, at});
    const QJsonObject metadata = object(content, "metadata"_L1);
    const auto number = [&metadata](QLatin1StringView key) { return json::integer(metadata.value(key)); };
    const auto percent = number("progress"_L1);
    if (!percent || *percent < 0 || *percent > 100)
        return bad(u"a progress without a figure"_s);
    return InboundEvent(InboundSyncProgress{
        {{"phase"_L1, number("phase"_L1).value_or(0)}, {"chunk"_L1, number("chunk_order"_L1).value_or(0)}, {"percent"_L1, *percent}}, at});
}

Result<InboundEvent> readCard(const SplitEvent &event)
{
    const QJsonObject card = object(event.payload, "content"_L1);
    const QJsonObject contact = object(card, "contact"_L1);
    const Party party = partyOfCard(card);
    const QString action = json::string(card, "action"_L1);
    const QString type = json::string(card, "type"_L1);
    if (party.address().isEmpty())
        return bad(u"a card without number"_s);
    if (type != "contact"_L1 && !type.isEmpty())
        return InboundEvent(InboundIgnored{u"of the phone's state, but no contact: "_s + type.left(32)});
    InboundContactCard read{.customer = customerOf(party, {}), .isRemoved = action == "remove"_L1, .platformAt = event.platformAt.value_or(Timestamp())};
    read.customer.displayName = json::string(contact, "full_name"_L1);
    if (read.customer.displayName.isEmpty())
        read.customer.displayName = json::string(contact, "first_name"_L1);
    read.customer.username = json::string(contact, "username"_L1);
    return InboundEvent(read);
}

} // namespace antiphon::whatsapp
