#include "core/desk/inboxmethods.h"

#include "core/desk/deskobjects.h"
#include "core/desk/params.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

using Finished = MethodTable::Finished;
using Outcome = MethodTable::Outcome;

constexpr qsizetype kLongestName = 100;
constexpr qsizetype kLongestUrl = 8192;

Result<QJsonObject> list(ReadTransaction &tx, const DeskView &view)
{
    const auto rows = inboxes::list(tx);
    if (!rows)
        return rows.error();
    QJsonArray items;
    for (const inboxes::InboxRow &row : *rows)
        items.append(inboxJson(row, view));
    return withSeq(tx, {{u"items"_s, items}});
}

Result<QJsonObject> get(ReadTransaction &tx, const DeskView &view, const QJsonObject &params)
{
    const auto id = params::requiredId<InboxId>(params, "id"_L1);
    if (!id)
        return id.error();
    return inboxJson(tx, view, *id);
}

Result<Channel> channelOf(const QJsonObject &params, const DeskView &view)
{
    const auto channel = channelFromName(params.value("channel"_L1).toString());
    if (!channel)
        return params::invalid("channel"_L1, u"unknown channel"_s);
    if (!view.channels->adapter(*channel))
        return params::invalid("channel"_L1, u"not in this version"_s);
    return *channel;
}

/// What create and update have in common.
Result<AccountsService::InboxInput> inputOf(const QJsonObject &params)
{
    AccountsService::InboxInput input;
    if (params.contains("name"_L1)) {
        const auto name = params::text(params, "name"_L1, kLongestName);
        if (!name)
            return name.error();
        if (!name->trimmed().isEmpty())
            input.name = name->trimmed();
    }
    for (const QLatin1StringView key : {"settings"_L1, "secrets"_L1}) {
        if (!params.contains(key))
            continue;
        const auto object = params::object(params, key);
        if (!object)
            return object.error();
        (key == "settings"_L1 ? input.settings : input.secrets) = *object;
    }
    if (const QJsonValue value = params.value("delivery"_L1); !value.isUndefined() && !value.isNull()) {
        input.delivery = deliveryFromName(value.toString());
        if (!input.delivery)
            return params::invalid("delivery"_L1, u"webhook, poll or both"_s);
    }
    if (const QJsonValue value = params.value("state"_L1); !value.isUndefined() && !value.isNull()) {
        input.state = inboxStateFromName(value.toString());
        if (!input.state || *input.state == Inbox::State::ReauthorizationRequired)
            return params::invalid("state"_L1, u"active or disabled"_s);
    }
    return input;
}

/// The inbox as it stands after the accounts have done their part.
auto thenRead(const DeskView &view, Finished finished)
{
    return [view, finished](const Result<Inbox> &inbox) {
        if (!inbox)
            return finished(inbox.error());
        finished(Outcome{.read = [view, id = inbox->id](ReadTransaction &tx, const Caller &, const QJsonObject &) { return inboxJson(tx, view, id); }});
    };
}

/// Adds the addresses to enter in the platform's portal.
QJsonObject appJson(QJsonObject app, Channel channel, const DeskView &view)
{
    const QString publicUrl = view.publicUrl ? view.publicUrl() : QString();
    const ChannelAdapter *adapter = view.channels->adapter(channel);
    const AccountAdapter *accounts = view.channels->accounts(channel);
    const WebhookRules rules = adapter ? adapter->webhookRules() : WebhookRules();
    const bool hasSharedRoute = adapter && !publicUrl.isEmpty() && !hasOwnAddress(rules);
    app.insert(u"webhook_url"_s, json::orNull(hasSharedRoute ? publicUrl + webhookRoute(rules) : QString()));
    const bool hasConsent = accounts && !publicUrl.isEmpty() && accounts->hasConsentPage();
    app.insert(u"redirect_url"_s, json::orNull(hasConsent ? publicUrl + consentReturnPath(channel) : QString()));
    return app;
}

auto finishApp(Channel channel, const DeskView &view, Finished finished)
{
    return [channel, view, finished](const Result<QJsonObject> &app) {
        finished(app ? Result<Outcome>(Outcome{.result = appJson(*app, channel, view)}) : Result<Outcome>(app.error()));
    };
}

void getApp(AccountsService &accounts, const DeskView &view, const QJsonObject &params, const Finished &finished)
{
    const auto channel = channelOf(params, view);
    if (!channel)
        return finished(channel.error());
    accounts.getApp(*channel, [channel = *channel, view, finished](const Result<QJsonObject> &app) {
        if (!app && app.error().kind == Error::Kind::NotFound) {
            // Nothing entered yet: what is to be entered in the portal is known all the same.
            return finished(Outcome{.result = appJson({{u"channel"_s, channelName(channel)}, {u"settings"_s, QJsonObject()}, {u"secrets_set"_s, QJsonArray()}},
                                                      channel, view)});
        }
        finishApp(channel, view, finished)(app);
    });
}

void setApp(AccountsService &accounts, const DeskView &view, const QJsonObject &params, const Finished &finished)
{
    const auto channel = channelOf(params, view);
    if (!channel)
        return finished(channel.error());
    const auto settings = params::object(params, "settings"_L1);
    if (!settings)
        return finished(settings.error());
    const auto secrets = params::object(params, "secrets"_L1);
    if (!secrets)
        return finished(secrets.error());
    accounts.setApp(*channel, *settings, *secrets, finishApp(*channel, view, finished));
}

/// `{id}` or `{channel}`: the word that the platform's portal asks for.
void verifyToken(AccountsService &accounts, const DeskView &view, const QJsonObject &params, const Finished &finished)
{
    const auto id = json::id<InboxId>(params, "id"_L1);
    if (!id)
        return finished(id.error());
    const auto channel = *id ? Result<Channel>(Channel()) : channelOf(params, view);
    if (!channel)
        return finished(channel.error());
    accounts.verifyToken(*channel, *id, [finished](const Result<QString> &word) {
        finished(word ? Result<Outcome>(Outcome{.result = {{u"verify_token"_s, *word}}}) : Result<Outcome>(word.error()));
    });
}

void create(AccountsService &accounts, const DeskView &view, const QJsonObject &params, const Finished &finished)
{
    const auto channel = channelOf(params, view);
    if (!channel)
        return finished(channel.error());
    const auto input = inputOf(params);
    if (!input)
        return finished(input.error());
    accounts.createInbox(*channel, *input, thenRead(view, finished));
}

void update(AccountsService &accounts, const DeskView &view, const QJsonObject &params, const Finished &finished)
{
    const auto id = params::requiredId<InboxId>(params, "id"_L1);
    if (!id)
        return finished(id.error());
    const auto input = inputOf(params);
    if (!input)
        return finished(input.error());
    accounts.updateInbox(*id, *input, thenRead(view, finished));
}

void remove(AccountsService &accounts, const QJsonObject &params, const Finished &finished)
{
    const auto id = params::requiredId<InboxId>(params, "id"_L1);
    if (!id)
        return finished(id.error());
    accounts.deleteInbox(*id, [finished](const Result<void> &done) { finished(done ? Result<Outcome>(Outcome()) : Result<Outcome>(done.error())); });
}

void authorize(AccountsService &accounts, const DeskView &view, const QJsonObject &params, const Finished &finished)
{
    const auto channel = channelOf(params, view);
    if (!channel)
        return finished(channel.error());
    const auto id = json::id<InboxId>(params, "id"_L1);
    if (!id)
        return finished(id.error());
    accounts.authorize(*channel, *id, [finished](const Result<QUrl> &url) {
        finished(url ? Result<Outcome>(Outcome{.result = {{u"url"_s, url->toString(QUrl::FullyEncoded)}}}) : Result<Outcome>(url.error()));
    });
}

void authorizePaste(AccountsService &accounts, const DeskView &view, const QJsonObject &params, const Finished &finished)
{
    const auto text = params::text(params, "url"_L1, kLongestUrl);
    if (!text)
        return finished(text.error());
    const QUrl url(text->trimmed(), QUrl::StrictMode);
    if (!url.isValid() || url.isRelative() || !url.hasQuery())
        return finished(params::invalid("url"_L1, u"not the address of a callback"_s));
    accounts.authorizePaste(url, thenRead(view, finished));
}

void check(AccountsService &accounts, const QJsonObject &params, const Finished &finished)
{
    const auto id = params::requiredId<InboxId>(params, "id"_L1);
    if (!id)
        return finished(id.error());
    const bool repair = params.value("repair"_L1).toBool();   // the agent agreed to take over another installation's registration
    accounts.check(*id, repair, [finished](const Result<QList<AccountsService::Check>> &checks) {
        if (!checks)
            return finished(checks.error());
        QJsonArray lines;
        bool isFine = true;
        for (const AccountsService::Check &line : *checks) {
            isFine = isFine && line.ok;
            lines.append(QJsonObject{{u"name"_s, line.name}, {u"ok"_s, line.ok}, {u"detail"_s, json::orNull(line.detail)}});
        }
        finished(Outcome{.result = {{u"ok"_s, isFine}, {u"checks"_s, lines}}});
    });
}

} // namespace

void addInboxMethods(MethodTable &methods, const DeskView &view, AccountsService &accounts)
{
    using Role = Agent::Role;
    methods.read(u"inboxes.list"_s, Role::Agent, [view](ReadTransaction &tx, const Caller &, const QJsonObject &) { return list(tx, view); });
    methods.read(u"inboxes.get"_s, Role::Agent, [view](ReadTransaction &tx, const Caller &, const QJsonObject &params) { return get(tx, view, params); });
    const auto call = [view, &accounts](auto function) {
        return [view, &accounts, function](const Caller &, const QJsonObject &params, const Finished &finished) { function(accounts, view, params, finished); };
    };
    methods.call(u"apps.get"_s, Role::Admin, call(getApp));
    methods.call(u"apps.set"_s, Role::Admin, call(setApp));
    methods.call(u"inboxes.verify_token"_s, Role::Owner, call(verifyToken));
    methods.call(u"inboxes.create"_s, Role::Admin, call(create));
    methods.call(u"inboxes.update"_s, Role::Admin, call(update));
    methods.call(u"inboxes.authorize"_s, Role::Admin, call(authorize));
    methods.call(u"inboxes.authorize_paste"_s, Role::Admin, call(authorizePaste));
    methods.call(u"inboxes.delete"_s, Role::Admin,
                 [&accounts](const Caller &, const QJsonObject &params, const Finished &finished) { remove(accounts, params, finished); });
    methods.call(
        u"inboxes.check"_s, Role::Admin,
        [&accounts](const Caller &, const QJsonObject &params, const Finished &finished) { check(accounts, params, finished); }, true);
}

} // namespace antiphon::desk
