// What happens in a customer's thread, or in the owner's address book, without anybody writing.

#include "core/base/json.h"
#include "core/intake/inboundcontext.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;
using conversations::ConversationRow;

constexpr auto kInPhoneBook = "in_phone_book"_L1;
constexpr auto kPhoneBookAt = "phone_book_at"_L1;

Result<std::optional<contacts::ContactInboxRow>> threadOf(const Context &context, const InboundActivity &activity)
{
    if (!activity.opensConversation)
        return knownThread(context, activity.customer);
    const auto made = thread(context, activity.customer);
    if (!made)
        return made.error();
    return std::optional(*made);
}

Result<std::optional<ConversationRow>> conversationOf(const Context &context, contacts::ContactInboxRow &thread, const InboundActivity &activity)
{
    if (activity.opensConversation) {
        const auto made = conversationForEcho(context, thread, activity.platformAt);
        if (!made)
            return made.error();
        return std::optional(*made);
    }
    const auto open = conversations::newestOpen(context.tx, thread.id);
    return !open || *open ? open : conversations::newest(context.tx, thread.id);
}

/// A customer who has another number now is answered there.
Result<void> follow(const Context &context, contacts::ContactInboxRow &thread, const InboundCustomer &customer)
{
    const auto moved = contacts::moveAddress(context.tx, thread, customer.contactSourceId);
    if (!moved)
        return moved.error();
    if (!*moved)
        return {};
    if (!customer.phoneNumber.isEmpty()) {
        if (const auto done = renumber(context, thread, customer.phoneNumber); !done)
            return done;
    }
    context.changed(u"contact.updated"_s, thread.contactId.value());
    return {};
}

} // namespace

Result<Outcome> applyActivity(const Context &context, const InboundActivity &activity)
{
    const auto known = threadOf(context, activity);
    if (!known)
        return known.error();
    if (!*known)
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"unknown thread"_s};
    contacts::ContactInboxRow address = **known;
    const bool isNewNumber = activity.activity.value("kind"_L1).toString() == "number_changed"_L1;
    if (isNewNumber && address.sourceId != activity.customer.contactSourceId) {
        if (const auto done = follow(context, address, activity.customer); !done)
            return done.error();
    }
    const auto conversation = conversationOf(context, address, activity);
    if (!conversation)
        return conversation.error();
    if (!*conversation && activity.attributes.contains(conversations::kCannotReply)) {       // for the one that is made some day
        const auto noted = conversations::setCannotReply(context.tx, address.id, activity.attributes.value(conversations::kCannotReply).toString());
        return noted ? Result<Outcome>(Outcome{}) : Result<Outcome>(noted.error());
    }
    if (!*conversation)
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"no conversation"_s};
    if (!activity.activity.isEmpty()) {
        const auto line = insertActivity(context, (*conversation)->id, activity.platformAt, activity.activity);
        if (!line)
            return line.error();
    }
    if (const auto done = conversations::putAttributes(context.tx, (*conversation)->id, activity.attributes); !done)
        return done.error();
    if (const auto done = keepReplyToken(context, address, activity.replyToken); !done)
        return done.error();
    if (activity.opensConversation) {
        if (const auto done = wantProfile(context, address, true); !done)
            return done.error();
    }
    return Outcome{.entityId = (*conversation)->id.value()};
}

Result<Outcome> applyContactCard(const Context &context, const InboundContactCard &card)
{
    InboundCustomer customer = card.customer;
    const QString name = customer.displayName;
    customer.displayName.clear();        // what the owner calls them is not what they call themselves
    auto known = knownThread(context, customer);
    if (!known)
        return known.error();
    if (!*known && card.isRemoved)
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"unknown contact"_s};
    const auto made = *known ? Result<contacts::ContactInboxRow>(**known) : thread(context, customer);
    if (!made)
        return made.error();
    contacts::ContactInboxRow row = *made;
    const auto before = json::integer(row.attributes.value(kPhoneBookAt));
    if (before && *before > toUnixMs(card.platformAt))
        return Outcome{.kind = Outcome::Kind::Ignored, .reason = u"older card"_s};
    row.attributes.insert(kPhoneBookAt, toUnixMs(card.platformAt));
    const auto isRenamed = card.isRemoved ? Result<bool>(false) : nameFromPhoneBook(context, row, name);
    if (!isRenamed)
        return isRenamed.error();
    const QJsonValue isIn = card.isRemoved ? QJsonValue(QJsonValue::Null) : QJsonValue(true);
    const auto isMarked = contacts::mergeCustomAttributes(context.tx, row.contactId, {{kInPhoneBook, isIn}});
    if (!isMarked)
        return isMarked.error();
    if (const auto done = contacts::setAttributes(context.tx, row.id, row.attributes); !done)
        return done.error();
    if (*isRenamed || *isMarked)
        context.changed(u"contact.updated"_s, row.contactId.value());
    return Outcome{.entityId = row.contactId.value()};
}

} // namespace antiphon::inbound
