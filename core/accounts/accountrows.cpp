#include "core/accounts/accountrows.h"

#include "core/accounts/credentialvault.h"
#include "core/base/json.h"
#include "core/store/inboxrepository.h"
#include "core/store/jobrepository.h"

#include <algorithm>
#include <array>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr qsizetype kLargestSettings = 16 * 1024;   // bytes of JSON

QString label(const QString &username, const QString &account)
{
    return username.isEmpty() ? account : u"%1 (%2)"_s.arg(username, account);
}

Result<void> checkExpected(ReadTransaction &tx, const ConnectedAccount &account)
{
    const auto row = inboxes::find(tx, account.expected);
    if (!row)
        return row.error();
    if (!*row)
        return Error{Error::Kind::Conflict, u"the inbox to reconnect is gone"_s, u"account"_s};
    const Inbox &inbox = (*row)->inbox;
    if (inbox.channel == account.channel && inbox.externalId == account.grant.account)
        return {};
    return Error{Error::Kind::Conflict,
                 u"%1 agreed, but this inbox belongs to %2"_s.arg(label(account.profile.username, account.grant.account),
                                                                  label(json::string(inbox.settings, "username"_L1), inbox.externalId)),
                 u"account"_s};
}

/// What is known and what the platform says about the account, over what was there.
void takeProfile(QJsonObject &settings, const ConnectedAccount &account)
{
    for (const QJsonObject &known : {account.typedSettings, account.profile.settings}) {
        for (auto it = known.begin(); it != known.end(); ++it) {
            if (it.key() != "subscribed"_L1 && it.key() != "override_callback_uri"_L1)   // of the moment before ours: the check tells
                settings.insert(it.key(), it.value());
        }
    }
    if (!account.fields.account.isEmpty())
        settings.insert(account.fields.account, account.grant.account);
    for (const auto &[key, value] : {std::pair(u"username"_s, account.profile.username), std::pair(u"display_name"_s, account.profile.displayName),
                                     std::pair(u"scopes"_s, account.grant.scopes.join(u','))}) {
        if (!value.isEmpty())   // tokens that were typed in don't say their scopes
            settings.insert(key, value);
    }
}

/// Conflict where another inbox has what only one may have.
Result<void> checkUnique(ReadTransaction &tx, const ConnectedAccount &account, InboxId own)
{
    if (account.fields.uniqueSettings.isEmpty())
        return {};
    const auto rows = inboxes::list(tx);
    if (!rows)
        return rows.error();
    for (const inboxes::InboxRow &row : *rows) {
        if (row.inbox.channel != account.channel || row.inbox.id == own)
            continue;
        for (const QString &key : account.fields.uniqueSettings) {
            const QJsonValue value = account.typedSettings.value(key);
            if (value.isString() && row.inbox.settings.value(key) == value)
                return connectedBy(row.inbox.id, row.inbox.name, key);
        }
    }
    return {};
}

QString nameOf(const ConnectedAccount &account)
{
    const AccountProfile &profile = account.profile;
    for (const QString &name : {account.name, account.fields.goesByHandle ? profile.username : profile.displayName, profile.username, profile.displayName}) {
        if (!name.isEmpty())
            return name;
    }
    return channelTitle(account.channel);
}

QString wayOf(const AccountFields &fields, const Inbox &inbox)
{
    return fields.way.isEmpty() ? QString() : inbox.settings.value(fields.way).toString();
}

/// Also how it was connected, where that is another way than now: credentials of the one are of no use to the other.
Error connectedBy(const Inbox &inbox, const ConnectedAccount &account)
{
    Error error = antiphon::connectedBy(inbox.id, inbox.name, account.fields.account);
    const QString way = wayOf(account.fields, inbox);
    if (way == account.way)
        return error;
    error.detail += (way.isEmpty() ? u", by consent or its own token"_s : u", by its %1 %2"_s.arg(account.fields.way, way))
        + u". Enter new credentials there, or delete that inbox before"_s;
    return error;
}

Result<Inbox> makeInbox(WriteTransaction &tx, const ConnectedAccount &account)
{
    const auto settings = changedSettings(account.fields, {}, account.settings);
    if (!settings)
        return settings.error();
    Inbox inbox{.channel = account.channel,
                .name = nameOf(account),
                .externalId = account.grant.account,
                .settings = *settings,
                .delivery = account.delivery.value_or(account.defaultDelivery),
                .replyWindowHours = account.replyWindowHours,
                .createdAt = tx.now()};
    takeProfile(inbox.settings, account);
    const auto id = inboxes::insert(tx, inbox);
    if (!id)
        return id.error();
    inbox.id = *id;
    return inbox;
}

Result<Inbox> refreshInbox(WriteTransaction &tx, Inbox inbox, const ConnectedAccount &account)
{
    takeProfile(inbox.settings, account);
    if (const auto updated = inboxes::update(tx, inbox); !updated)
        return updated.error();
    // Disabled stays disabled, but nothing waits for the owner any more.
    if (inbox.state == Inbox::State::ReauthorizationRequired)
        inbox.state = Inbox::State::Active;
    if (const auto set = inboxes::setState(tx, inbox.id, inbox.state, {}); !set)
        return set.error();
    return inbox;
}

} // namespace

Result<Inbox> storeAccount(WriteTransaction &tx, const ConnectedAccount &account, const SecretStore &secrets)
{
    if (account.expected) {
        if (const auto checked = checkExpected(tx, account); !checked)
            return checked.error();
    }
    const auto existing = inboxes::findByAccount(tx, account.channel, account.grant.account);
    if (!existing)
        return existing.error();
    if (*existing && (account.mustBeNew || wayOf(account.fields, (*existing)->inbox) != account.way))
        return connectedBy((*existing)->inbox, account);
    if (const auto unique = checkUnique(tx, account, *existing ? (*existing)->inbox.id : InboxId()); !unique)
        return unique.error();
    const auto inbox = *existing ? refreshInbox(tx, (*existing)->inbox, account) : makeInbox(tx, account);
    if (!inbox)
        return inbox;
    const auto sealed = CredentialVault::seal(secrets, inbox->id,
                                              {.account = account.grant.account,
                                               .accessToken = account.grant.accessToken,
                                               .refreshToken = account.grant.refreshToken,
                                               .appSecret = account.appSecret,
                                               .verifyToken = account.verifyToken,
                                               .further = account.further});
    if (!sealed)
        return sealed.error();
    if (const auto stored = CredentialVault::store(tx, *sealed); !stored)
        return stored.error();
    if (const auto set = inboxes::setTokenTimes(tx, inbox->id, account.accessEnds, account.refreshEnds); !set)
        return set.error();
    if (!account.profile.picture.isEmpty()) {   // temporary address: fetched at once
        const auto queued = jobs::enqueue(tx, {.kind = u"inbox_avatar"_s,
                                               .inboxId = inbox->id,
                                               .entity = u"inbox"_s,
                                               .entityId = inbox->id.value(),
                                               .payload = {{u"url"_s, account.profile.picture.toString(QUrl::FullyEncoded)}}});
        if (!queued)
            return queued.error();
    }
    return inbox;
}

Error connectedBy(InboxId inbox, const QString &name, const QString &field)
{
    const QString words = u"this account is connected already: inbox %1"_s.arg(inbox.toString());
    return {Error::Kind::Conflict, name.isEmpty() ? words : words + u", %1"_s.arg(name), field};
}

bool isAccountSetting(const AccountFields &fields, const QString &name)
{
    constexpr std::array kOfAll{"username"_L1, "display_name"_L1, "scopes"_L1, "notice"_L1};
    return name == fields.account || fields.accountOneOf.contains(name) || fields.settings.contains(name) || fields.told.contains(name)
        || std::find(kOfAll.begin(), kOfAll.end(), name) != kOfAll.end();
}

Result<QJsonObject> changedSettings(const AccountFields &fields, QJsonObject settings, const QJsonObject &changes)
{
    for (auto it = changes.begin(); it != changes.end(); ++it) {
        if (isAccountSetting(fields, it.key()) && it.value() != settings.value(it.key()))
            return Error{Error::Kind::Invalid, u"can't be changed, since it belongs to the account"_s, it.key()};
        if (it.key() == "human_agent"_L1 && !it.value().isBool() && !it.value().isNull())
            return Error{Error::Kind::Invalid, u"true or false"_s, it.key()};
        if (it.value().isNull())
            settings.remove(it.key());
        else
            settings.insert(it.key(), it.value());
    }
    if (json::toBytes(settings).size() > kLargestSettings)
        return Error{Error::Kind::Invalid, u"too large"_s, u"settings"_s};
    return settings;
}

} // namespace antiphon
