#include "core/intake/inboundcontext.h"

#include "core/domain/phonenumber.h"

namespace antiphon::inbound {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kGivenName = "given_name"_L1;
constexpr auto kPerson = "person"_L1;
constexpr auto kTold = "told"_L1;
constexpr auto kPhoneBookName = "phone_book_name"_L1;

/// What to call somebody of whom only an address is known.
QString placeholder(const InboundCustomer &customer, const ChannelAdapter &adapter)
{
    if (!customer.phoneNumber.isEmpty())
        return phoneForPeople(customer.phoneNumber);
    return adapter.placeholderName(customer.contactSourceId);
}

QString nameOf(const InboundCustomer &customer, const ChannelAdapter &adapter)
{
    if (!customer.displayName.isEmpty())
        return customer.displayName;
    return customer.username.isEmpty() ? placeholder(customer, adapter) : customer.username;
}

QJsonObject withChanges(QJsonObject attributes, const QJsonObject &changes)
{
    for (auto it = changes.begin(); it != changes.end(); ++it)
        attributes.insert(it.key(), it.value());
    return attributes;
}

QJsonObject withoutNulls(QJsonObject attributes)
{
    for (auto it = attributes.begin(); it != attributes.end();)
        it = it.value().isNull() ? attributes.erase(it) : std::next(it);
    return attributes;
}

/// What is known of the customer on this platform, beside the ids.
QJsonObject withCustomer(QJsonObject attributes, const InboundCustomer &customer)
{
    if (!customer.platformUserId.isEmpty())
        attributes.insert("platform_user_id"_L1, customer.platformUserId);
    if (!customer.username.isEmpty())
        attributes.insert("username"_L1, customer.username);
    if (!customer.displayName.isEmpty())
        attributes.insert("display_name"_L1, customer.displayName);
    if (customer.isFollower)
        attributes.insert("is_follower"_L1, *customer.isFollower);
    if (!customer.person.isEmpty())
        attributes.insert(kPerson, customer.person);
    if (!customer.attributes.isEmpty())
        attributes.insert(kTold, withChanges(attributes.value(kTold).toObject(), customer.attributes));
    return attributes;
}

/// As other tools name them, so that exports stay familiar. @param told what the platform said before: an agent may have changed it since
QJsonObject contactAttributes(const InboundCustomer &customer, Channel channel, const QJsonObject &told)
{
    QJsonObject attributes;
    if (!customer.username.isEmpty()) {
        attributes.insert("username"_L1, customer.username);
        attributes.insert(u"social_%1_user_name"_s.arg(channelName(channel)), customer.username);
    }
    if (!customer.platformUserId.isEmpty())
        attributes.insert(u"social_%1_user_id"_s.arg(channelName(channel)), customer.platformUserId);
    for (auto it = customer.attributes.begin(); it != customer.attributes.end(); ++it) {
        if (told.value(it.key()) != it.value())
            attributes.insert(it.key(), it.value());
    }
    return attributes;
}

/// Addresses that are not known yet lead to this customer from now on, unless they are somebody's already.
Result<void> learnAliases(const Context &context, const contacts::ContactInboxRow &row, const InboundCustomer &customer)
{
    QStringList aliases = customer.aliases;
    aliases.prepend(customer.contactSourceId);
    aliases.removeAll(row.sourceId);
    for (const QString &alias : std::as_const(aliases)) {
        if (const auto done = contacts::addAlias(context.tx, row.inboxId, row.id, alias); !done)
            return done;
    }
    return {};
}

/// Whose thread a new address is: who has another one as the same person, else somebody new.
struct Owner {
    ContactId id{};
    bool isNew = false;
};

Result<Owner> ownerOf(const Context &context, const InboundCustomer &customer, const QString &name)
{
    const QJsonObject attributes = contactAttributes(customer, context.inbox.inbox.channel, {});
    if (!customer.person.isEmpty()) {
        const auto known = contacts::findPerson(context.tx, context.inboxId(), customer.person);
        if (!known)
            return known.error();
        if (*known) {
            const auto merged = contacts::mergeCustomAttributes(context.tx, **known, attributes);
            return merged ? Result<Owner>(Owner{.id = **known}) : Result<Owner>(merged.error());
        }
    }
    const auto made = contacts::insertContact(context.tx, name, withoutNulls(attributes), customer.phoneNumber);
    return made ? Result<Owner>(Owner{.id = *made, .isNew = true}) : Result<Owner>(made.error());
}

Result<contacts::ContactInboxRow> makeThread(const Context &context, const InboundCustomer &customer)
{
    const QString name = nameOf(customer, context.adapter);
    const auto contact = ownerOf(context, customer, name);
    if (!contact)
        return contact.error();
    QJsonObject attributes = withCustomer({}, customer);
    if (customer.displayName.isEmpty() && customer.username.isEmpty() && !name.isEmpty())
        attributes.insert(kGivenName, name);
    contacts::ContactInboxRow row{.inboxId = context.inboxId(),
                                  .contactId = contact->id,
                                  .sourceId = customer.contactSourceId,
                                  .attributes = attributes};
    const auto id = contacts::insertContactInbox(context.tx, row.inboxId, row.contactId, row.sourceId, row.attributes);
    if (!id)
        return id.error();
    if (!*id)
        return Error{Error::Kind::Conflict, u"the customer's address appeared meanwhile"_s};
    row.id = **id;
    if (!contact->isNew) {
        const auto blocked = contacts::isBlocked(context.tx, contact->id);
        if (!blocked)
            return blocked.error();
        row.isBlocked = *blocked;
    }
    if (const auto done = learnAliases(context, row, customer); !done)
        return done.error();
    if (!customer.person.isEmpty()) {
        if (const auto done = contacts::setPerson(context.tx, row.id, customer.person); !done)
            return done.error();
    }
    context.changed(contact->isNew ? u"contact.created"_s : u"contact.updated"_s, contact->id.value());
    // A read mark may have come before what it marks.
    if (const auto due = events::dueByTarget(context.tx, row.inboxId, row.sourceId); !due)
        return due.error();
    return row;
}

/// A customer who calls themselves differently now; a name that an agent chose, or the owner's address book, stays.
Result<bool> rename(const Context &context, const contacts::ContactInboxRow &row, const InboundCustomer &customer)
{
    QString wanted = customer.displayName;
    if (wanted.isEmpty() && row.attributes.value("display_name"_L1).toString().isEmpty())
        wanted = customer.username;
    if (wanted.isEmpty())
        return false;
    const auto name = contacts::name(context.tx, row.contactId);
    if (!name)
        return name.error();
    if (*name == wanted || !isGivenName(*name, row))
        return false;
    if (const auto done = contacts::setName(context.tx, row.contactId, wanted); !done)
        return done.error();
    return true;
}

Result<bool> learnPhone(const Context &context, const contacts::ContactInboxRow &row, const InboundCustomer &customer)
{
    if (customer.phoneNumber.isEmpty())
        return false;
    const auto known = contacts::phoneNumber(context.tx, row.contactId);
    if (!known)
        return known.error();
    if (!known->isEmpty())
        return false;
    if (const auto done = contacts::setPhoneNumber(context.tx, row.contactId, customer.phoneNumber); !done)
        return done.error();
    return true;
}

/// What the event tells of somebody who is known.
Result<contacts::ContactInboxRow> learn(const Context &context, contacts::ContactInboxRow row, const InboundCustomer &customer)
{
    if (const auto done = learnAliases(context, row, customer); !done)
        return done.error();
    const auto hasPhone = learnPhone(context, row, customer);
    if (!hasPhone)
        return hasPhone.error();
    const QJsonObject attributes = withCustomer(row.attributes, customer);
    bool isNews = *hasPhone;
    if (attributes != row.attributes) {
        const auto renamed = rename(context, row, customer);
        if (!renamed)
            return renamed.error();
        const auto merged = contacts::mergeCustomAttributes(context.tx, row.contactId,
                                                            contactAttributes(customer, context.inbox.inbox.channel, row.attributes.value(kTold).toObject()));
        if (!merged)
            return merged.error();
        isNews = isNews || *renamed || *merged;
        if (!customer.person.isEmpty()) {
            if (const auto done = contacts::setPerson(context.tx, row.id, customer.person); !done)
                return done.error();
        }
        row.attributes = attributes;
        if (const auto done = contacts::setAttributes(context.tx, row.id, row.attributes); !done)
            return done.error();
    }
    if (isNews)
        context.changed(u"contact.updated"_s, row.contactId.value());
    return row;
}

} // namespace

Result<void> renumber(const Context &context, contacts::ContactInboxRow &thread, const QString &phoneNumber)
{
    const auto name = contacts::name(context.tx, thread.contactId);
    if (!name)
        return name.error();
    if (const auto done = contacts::setPhoneNumber(context.tx, thread.contactId, phoneNumber); !done)
        return done;
    if (name->isEmpty() || *name != thread.attributes.value(kGivenName).toString())
        return {};
    const QString shown = phoneForPeople(phoneNumber);
    thread.attributes.insert(kGivenName, shown);
    if (const auto done = contacts::setAttributes(context.tx, thread.id, thread.attributes); !done)
        return done;
    return contacts::setName(context.tx, thread.contactId, shown);
}

bool isGivenName(const QString &name, const contacts::ContactInboxRow &thread)
{
    const auto is = [&](QLatin1StringView key) { return name == thread.attributes.value(key).toString(); };
    return name.isEmpty() || is("username"_L1) || is("display_name"_L1) || is(kGivenName);
}

Result<std::optional<contacts::ContactInboxRow>> knownThread(const Context &context, const InboundCustomer &customer)
{
    const QStringList addresses = QStringList{customer.contactSourceId} + customer.variants + customer.aliases;
    for (const QString &address : addresses) {
        if (address.isEmpty())
            continue;
        const auto found = contacts::findByAddress(context.tx, context.inboxId(), address);
        if (!found)
            return found.error();
        if (!*found)
            continue;
        const auto learned = learn(context, **found, customer);
        if (!learned)
            return learned.error();
        return std::optional(*learned);
    }
    return std::optional<contacts::ContactInboxRow>();
}

Result<contacts::ContactInboxRow> thread(const Context &context, const InboundCustomer &customer)
{
    if (customer.contactSourceId.isEmpty())
        return Error{Error::Kind::BadPayload, u"no customer address"_s};
    const auto known = knownThread(context, customer);
    if (!known)
        return known.error();
    return *known ? Result<contacts::ContactInboxRow>(**known) : makeThread(context, customer);
}

Result<bool> nameFromPhoneBook(const Context &context, contacts::ContactInboxRow &thread, const QString &name)
{
    const QString before = thread.attributes.value(kPhoneBookName).toString();
    const auto current = contacts::name(context.tx, thread.contactId);
    if (!current)
        return current.error();
    if (name.isEmpty() || name == before)
        return false;
    const bool mayRename = isGivenName(*current, thread) || *current == before;
    thread.attributes.insert(kPhoneBookName, name);
    if (!mayRename || *current == name)
        return false;
    if (const auto done = contacts::setName(context.tx, thread.contactId, name); !done)
        return done.error();
    return true;
}

} // namespace antiphon::inbound
