#include "core/channels/whatsapp/whatsappevents.h"

#include "core/base/json.h"
#include "core/channels/whatsapp/whatsappaccountevents.h"
#include "core/channels/whatsapp/whatsapperrors.h"
#include "core/channels/whatsapp/whatsappidentity.h"
#include "core/channels/whatsapp/whatsappkinds.h"
#include "core/channels/whatsapp/whatsappmessages.h"
#include "core/channels/whatsapp/whatsappsource.h"
#include "core/channels/whatsapp/whatsappstatuses.h"
#include "core/domain/phonenumber.h"

#include <QJsonArray>

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;

namespace {

/// The kind of a message of one of the arrays, and the letter of its key.
struct Sort {
    QLatin1StringView kind;
    QLatin1StringView prefix;
};

Sort sortOf(const QString &type, QLatin1StringView plain)
{
    if (type == "reaction"_L1)
        return {kind::kReaction, "r:"_L1};
    if (type == "edit"_L1)
        return {kind::kEdit, "e:"_L1};
    if (type == "revoke"_L1)
        return {kind::kRevoke, "d:"_L1};
    if (type == "system"_L1)
        return {kind::kSystem, "y:"_L1};
    return {plain, "m:"_L1};
}

/// The message that a reaction, edit or revocation is about.
QString aboutOf(const QJsonObject &message, QLatin1StringView kind)
{
    if (kind == kind::kReaction)
        return json::string(message.value("reaction"_L1).toObject(), "message_id"_L1);
    if (kind == kind::kEdit)
        return json::string(message.value("edit"_L1).toObject(), "original_message_id"_L1);
    if (kind == kind::kRevoke)
        return json::string(message.value("revoke"_L1).toObject(), "original_message_id"_L1);
    return {};
}

SplitEvent splitMessage(const Source &source, const QJsonObject &message, const Party &party, QLatin1StringView plain, const QJsonObject &more)
{
    const QString id = json::string(message, "id"_L1);
    const Sort sort = sortOf(json::string(message, "type"_L1), plain);
    if (!json::string(message, "group_id"_L1).isEmpty())
        return source.ignored(message, u"a group's message"_s);
    if (id.isEmpty())
        return source.broken(sort.kind, message, u"a message without id"_s);
    if (party.address().isEmpty())
        return source.broken(sort.kind, message, u"a message of nobody"_s);
    const auto at = moment(message.value("timestamp"_L1));
    if (!at && !source.at)
        return source.broken(sort.kind, message, u"a message without time"_s);
    SplitEvent event = source.make(sort.kind, sort.prefix + id, message);
    event.lane = lane(source.account, party.address());
    event.target = aboutOf(message, sort.kind);
    event.platformAt = at ? at : source.at;
    event.payload.insert("at"_L1, toUnixMs(*event.platformAt));
    event.payload.insert("phone"_L1, party.phone);
    event.payload.insert("user_id"_L1, party.userId);
    event.payload.insert("parent_user_id"_L1, party.parentUserId);
    for (auto it = more.begin(); it != more.end(); ++it)
        event.payload.insert(it.key(), it.value());
    return event;
}

QList<SplitEvent> splitMessages(const Source &source, const QJsonObject &value)
{
    QList<SplitEvent> events;
    const QJsonArray contacts = value.value("contacts"_L1).toArray();
    const QJsonArray errors = value.value("errors"_L1).toArray();
    const QJsonArray messages = value.value("messages"_L1).toArray();
    for (const QJsonValue &item : messages) {
        const QJsonObject message = item.toObject();
        Party party = senderOf(message);
        const QJsonObject contact = contactOf(contacts, party);
        complete(&party, partyOfContact(contact));
        QJsonObject more{{"contact"_L1, contact}};
        if (!errors.isEmpty())
            more.insert("errors"_L1, errors);
        events.append(splitMessage(source, message, party, kind::kMessage, more));
    }
    const QJsonArray statuses = value.value("statuses"_L1).toArray();
    for (const QJsonValue &status : statuses)
        events.append(splitStatus(source, status.toObject()));
    if (events.isEmpty())
        events.append(source.ignored(value, errors.isEmpty() ? u"neither messages nor statuses"_s : reasonOf(errors)));
    return events;
}

QList<SplitEvent> splitEchoes(const Source &source, const QJsonObject &value)
{
    QList<SplitEvent> events;
    const QJsonArray contacts = value.value("contacts"_L1).toArray();
    const QJsonArray echoes = value.value("message_echoes"_L1).toArray();
    for (const QJsonValue &item : echoes) {
        const QJsonObject message = item.toObject();
        Party party = receiverOf(message);
        const QJsonObject contact = contactOf(contacts, party);
        complete(&party, partyOfContact(contact));
        events.append(splitMessage(source, message, party, kind::kEcho, {{"contact"_L1, contact}, {"echo"_L1, true}}));
    }
    if (events.isEmpty())
        events.append(source.broken(kind::kEcho, value, u"no message_echoes"_s));
    return events;
}

/// Whether a message from before was written by the business: its own number stands in `from`, or somebody who isn't the thread's customer.
bool isOwn(const QJsonObject &message, const Party &customer, const QString &display)
{
    const QString from = phoneDigits(json::string(message, "from"_L1));
    if (!display.isEmpty() && from == display)
        return true;
    return message.contains("to"_L1) && !from.isEmpty() && from != customer.phone;
}

SplitEvent splitProgress(const Source &source, const QJsonObject &item)
{
    const QJsonObject metadata = item.value("metadata"_L1).toObject();
    const QJsonArray errors = item.value("errors"_L1).toArray();
    QString key = u"hp:declined"_s;
    if (errors.isEmpty()) {
        key = u"hp"_s;
        for (const QLatin1StringView part : {"phase"_L1, "chunk_order"_L1, "progress"_L1})
            key += u':' + QString::number(json::integer(metadata.value(part)).value_or(-1));
    }
    SplitEvent event = source.make(kind::kHistoryProgress, key, {{"metadata"_L1, metadata}, {"errors"_L1, errors}});
    event.lane = lane(source.account, u"*"_s);
    return event;
}

QList<SplitEvent> splitThread(const Source &source, const QJsonObject &thread)
{
    QList<SplitEvent> events;
    Party customer = partyOf(json::string(thread, "id"_L1));
    complete(&customer, partyOfContact(thread.value("context"_L1).toObject()));
    const QJsonArray messages = thread.value("messages"_L1).toArray();
    for (const QJsonValue &item : messages) {
        const QJsonObject message = item.toObject();
        Party party = customer;
        const bool isEcho = isOwn(message, customer, source.display);
        complete(&party, isEcho ? receiverOf(message) : senderOf(message));
        events.append(splitMessage(source, message, party, kind::kHistory, {{"echo"_L1, isEcho}, {"history"_L1, true}}));
    }
    return events;
}

/// A file of a message that an earlier chunk told without it.
SplitEvent splitHistoryFile(const Source &source, const QJsonObject &message, const QJsonArray &contacts)
{
    Party from = senderOf(message);
    const bool isEcho = !source.display.isEmpty() && from.phone == source.display;
    Party party = isEcho ? receiverOf(message) : from;
    const QJsonObject contact = contactOf(contacts, party);
    complete(&party, partyOfContact(contact));
    SplitEvent event = splitMessage(source, message, party, kind::kHistory,
                                    {{"contact"_L1, contact}, {"echo"_L1, isEcho}, {"history"_L1, true}, {"completes"_L1, true}});
    if (event.broken.isEmpty() && event.kind == kind::kHistory)
        event.dedupeKey = u"h:"_s + json::string(message, "id"_L1);
    return event;
}

QList<SplitEvent> splitHistory(const Source &source, const QJsonObject &value)
{
    QList<SplitEvent> events;
    const QJsonArray history = value.value("history"_L1).toArray();
    for (const QJsonValue &item : history) {
        const QJsonArray threads = item.toObject().value("threads"_L1).toArray();
        for (const QJsonValue &thread : threads)
            events += splitThread(source, thread.toObject());
        events.append(splitProgress(source, item.toObject()));
    }
    const QJsonArray files = value.value("messages"_L1).toArray();
    for (const QJsonValue &file : files)
        events.append(splitHistoryFile(source, file.toObject(), value.value("contacts"_L1).toArray()));
    if (const QJsonArray errors = value.value("errors"_L1).toArray(); events.isEmpty() && !errors.isEmpty())
        events.append(splitProgress(source, {{"errors"_L1, errors}}));
    if (events.isEmpty())
        events.append(source.broken(kind::kHistory, value, u"neither history nor messages"_s));
    return events;
}

QList<SplitEvent> splitCards(const Source &source, const QJsonObject &value)
{
    QList<SplitEvent> events;
    const QJsonArray cards = value.value("state_sync"_L1).toArray();
    for (const QJsonValue &item : cards) {
        const QJsonObject card = item.toObject();
        const Party party = partyOfCard(card);
        if (party.address().isEmpty()) {
            events.append(source.broken(kind::kContactCard, card, u"a card without number"_s));
            continue;
        }
        SplitEvent event = source.make(kind::kContactCard, source.hashKey(card), card);
        event.lane = lane(source.account, party.address());
        event.platformAt = moment(card.value("metadata"_L1).toObject().value("timestamp"_L1));
        if (!event.platformAt)
            event.platformAt = source.at;
        if (event.platformAt)
            event.payload.insert("at"_L1, toUnixMs(*event.platformAt));
        events.append(event);
    }
    if (events.isEmpty())
        events.append(source.broken(kind::kContactCard, value, u"no state_sync"_s));
    return events;
}

QList<SplitEvent> splitChange(Source source, const QJsonObject &change, const AppCredentials &app)
{
    const QJsonObject value = change.value("value"_L1).toObject();
    source.field = json::string(change, "field"_L1);
    const QJsonObject metadata = value.value("metadata"_L1).toObject();
    source.account = json::string(metadata, "phone_number_id"_L1);
    source.display = phoneDigits(json::string(metadata, "display_phone_number"_L1));
    if (isAccountField(source.field)) {
        source.account.clear();
        return {splitAccountChange(source, value, app)};
    }
    using Split = QList<SplitEvent> (*)(const Source &, const QJsonObject &);
    static const QHash<QString, Split> fields{{u"messages"_s, splitMessages},
                                              {u"smb_message_echoes"_s, splitEchoes},
                                              {u"history"_s, splitHistory},
                                              {u"smb_app_state_sync"_s, splitCards}};
    if (const Split split = fields.value(source.field)) {
        if (source.account.isEmpty())
            return {source.broken(kind::kUnknown, change, u"no phone_number_id"_s)};
        return split(source, value);
    }
    static const QStringList useless{u"calls"_s, u"flows"_s, u"tracking_events"_s, u"user_preferences"_s};
    if (useless.contains(source.field))
        return {source.ignored(change, u"of no use here: "_s + source.field)};
    SplitEvent event = source.make(kind::kUnknown, source.hashKey(change), change);
    event.target = source.owner();
    event.payload.insert("reason"_L1, u"a field nobody told us of: "_s + source.field.left(64));
    return {event};
}

} // namespace

Result<QList<SplitEvent>> splitWebhook(const RawWebhook &hook, const AppCredentials &app)
{
    const auto root = json::parseObject(hook.body);
    if (!root)
        return root.error();
    if (json::string(*root, "object"_L1) != "whatsapp_business_account"_L1)
        return Error{Error::Kind::BadPayload, u"its object is not WhatsApp's"_s, u"object"_s};
    if (!root->value("entry"_L1).isArray())
        return Error{Error::Kind::BadPayload, u"no entry"_s, u"entry"_s};
    QList<SplitEvent> events;
    const QJsonArray entries = root->value("entry"_L1).toArray();
    for (const QJsonValue &item : entries) {
        const QJsonObject entry = item.toObject();
        Source source{.group = json::string(entry, "id"_L1), .stamp = entry.value("time"_L1).toVariant().toString(), .at = moment(entry.value("time"_L1))};
        if (!source.at && toUnixMs(hook.receivedAt) > 0)
            source.at = hook.receivedAt;
        const QJsonArray changes = entry.value("changes"_L1).toArray();
        for (const QJsonValue &change : changes)
            events += splitChange(source, change.toObject(), app);
        if (changes.isEmpty())
            events.append(source.broken(kind::kUnknown, entry, u"an entry without changes"_s));
    }
    return events;
}

Result<InboundEvent> readEvent(const SplitEvent &event)
{
    if (!event.broken.isEmpty())
        return Error{Error::Kind::BadPayload, event.broken};
    if (event.kind == kind::kIgnored || event.kind == kind::kUnknown)
        return InboundEvent(InboundIgnored{json::string(event.payload, "reason"_L1)});
    if (event.kind == kind::kStatus)
        return readStatus(event);
    if (event.kind == kind::kAccount || event.kind == kind::kTemplate)
        return readAccountEvent(event);
    if (event.kind == kind::kHistoryProgress)
        return readProgress(event);
    if (event.kind == kind::kContactCard)
        return readCard(event);
    return readMessageEvent(event);
}

} // namespace antiphon::whatsapp
