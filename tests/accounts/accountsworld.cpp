#include "tests/accounts/accountsworld.h"

#include "core/channels/tiktok/tiktokaccounts.h"
#include "core/channels/tiktok/tiktokadapter.h"

#include <QDir>
#include <QFile>
#include <QTest>

namespace antiphon::test {

using namespace Qt::StringLiterals;

namespace {

demo::TikTokOptions platformOptions()
{
    return {.accounts = {demo::BusinessAccount{}, demo::BusinessAccount{.businessId = kOtherBusiness, .username = u"other.shop"_s, .displayName = u"Other Shop"_s}}};
}

QByteArray utf16(const QByteArray &text)
{
    QByteArray wide;
    for (const char c : text)
        wide += QByteArray(1, c) + QByteArray(1, '\0');
    return wide;
}

} // namespace

AccountsWorld::AccountsWorld(const Options &options)
    : store(options.hook)
    , platform(platformOptions(), store.clock(), platformRandom)
    , m_options(options)
{
    channels.add(std::make_unique<TiktokAdapter>(), std::make_unique<TiktokAccounts>());
    if (!platform.listen())
        qFatal("the simulated platform does not listen");
    if (!channels.overrideApi(Channel::Tiktok, platform.apiUrl()) || !channels.overrideWeb(Channel::Tiktok, platform.webUrl()))
        qFatal("no override");
    begin();
    if (options.isReady) {
        unlock();
        if (const auto entered = enterApp(); !entered)
            QTest::qFail(qPrintable(describe(entered.error())), __FILE__, __LINE__);
    }
}

AccountsWorld::~AccountsWorld()
{
    accounts.reset();
}

void AccountsWorld::begin()
{
    accounts.reset();
    HttpClient &network = m_options.network ? *m_options.network : http;
    accounts = std::make_unique<Accounts>(Accounts::Surroundings{.database = store.database(),
                                                                 .secrets = secrets,
                                                                 .channels = channels,
                                                                 .http = network,
                                                                 .clock = store.clock(),
                                                                 .random = random,
                                                                 .mailbox = mailbox,
                                                                 .publicUrl = m_options.publicUrl,
                                                                 .ownUrl = QUrl(u"http://127.0.0.1:40123"_s)});
}

void AccountsWorld::unlock()
{
    const auto isReady = std::make_shared<bool>(false);
    QObject::connect(accounts.get(), &Accounts::ready, accounts.get(), [isReady] { *isReady = true; });
    accounts->start();
    if (!TemporaryStore::waitFor([isReady] { return *isReady; }))
        QTest::qFail("the secrets were not loaded", __FILE__, __LINE__);
}

Result<QJsonObject> AccountsWorld::enterApp(const QString &secret)
{
    return ask<QJsonObject>([&](auto done) {
        accounts->setApp(Channel::Tiktok, {{u"app_id"_s, platform.options().appId}}, {{u"app_secret"_s, secret}}, done);
    });
}

Result<QUrl> AccountsWorld::consent(InboxId inbox)
{
    const auto page = ask<QUrl>([&](auto done) { accounts->authorize(Channel::Tiktok, inbox, done); });
    if (!page)
        return page;
    const auto reply = ask<HttpReply>([&](auto done) { http.send({.url = *page}, [done](const HttpReply &answer) { done(answer); }); });
    if (!reply || reply->status != 302)
        return Error{Error::Kind::BadPayload, u"the consent page answered %1"_s.arg(reply ? reply->status : -1)};
    return QUrl::fromEncoded(reply->header("location"), QUrl::StrictMode);
}

Result<Inbox> AccountsWorld::finish(const QUrl &callback)
{
    return ask<Inbox>([&](auto done) { accounts->authorizePaste(callback, done); });
}

Result<Accounts::Page> AccountsWorld::openCallback(const QByteArray &query, Channel channel)
{
    return ask<Accounts::Page>([&](auto done) { accounts->handleCallback(channel, query, [done](const Accounts::Page &page) { done(page); }); });
}

Result<Inbox> AccountsWorld::connect(InboxId inbox)
{
    const auto callback = consent(inbox);
    return callback ? finish(*callback) : Result<Inbox>(callback.error());
}

Result<Inbox> AccountsWorld::create(const AccountsService::InboxInput &input)
{
    return ask<Inbox>([&](auto done) { accounts->createInbox(Channel::Tiktok, input, done); });
}

Result<Inbox> AccountsWorld::update(InboxId id, const AccountsService::InboxInput &input)
{
    return ask<Inbox>([&](auto done) { accounts->updateInbox(id, input, done); });
}

Result<Inbox> AccountsWorld::paste(const QString &business)
{
    const demo::TokenPair tokens = platform.issueTokens(business);
    return create(pasted(business, tokens.accessToken, tokens.refreshToken));
}

AccountsService::InboxInput AccountsWorld::pasted(const QString &business, const QString &access, const QString &refresh)
{
    return {.settings = QJsonObject{{u"business_id"_s, business}},
            .secrets = QJsonObject{{u"access_token"_s, access}, {u"refresh_token"_s, refresh}}};
}

Result<void> AccountsWorld::remove(InboxId id)
{
    return ask<void>([&](auto done) { accounts->deleteInbox(id, done); });
}

Result<InboxCredentials> AccountsWorld::credentials(InboxId id)
{
    return ask<InboxCredentials>([&](auto done) { accounts->tokens().credentials(id, done); });
}

Result<InboxCredentials> AccountsWorld::renew(InboxId id, const QString &rejected)
{
    return ask<InboxCredentials>([&](auto done) { accounts->tokens().renew(id, rejected, done); });
}

QHash<QString, AccountsService::Check> AccountsWorld::check(InboxId id, bool takeOver)
{
    const auto lines = ask<QList<AccountsService::Check>>([&](auto done) { accounts->check(id, takeOver, done); });
    QHash<QString, AccountsService::Check> byName;
    if (!lines)
        QTest::qFail(qPrintable(describe(lines.error())), __FILE__, __LINE__);
    else {
        for (const AccountsService::Check &line : *lines)
            byName.insert(line.name, line);
    }
    return byName;
}

QString AccountsWorld::state(InboxId id)
{
    return store.text(u"SELECT state || CASE WHEN COALESCE(state_reason, '') = '' THEN '' ELSE ':' || state_reason END FROM inbox WHERE id = %1"_s.arg(id.value()))
        .value_or(QString());
}

bool AccountsWorld::isOnDisk(const QByteArray &secret)
{
    QList<QByteArray> spellings{secret, utf16(secret)};
    for (int offset = 0; offset < 3; ++offset) {
        const QByteArray encoded = (QByteArray(offset, 'x') + secret).toBase64(QByteArray::OmitTrailingEquals);
        spellings.append(encoded.mid(offset == 0 ? 0 : offset + 1).chopped(2));   // the ends depend on the neighbours
    }
    store.settle();
    const QFileInfoList files = QDir(store.folder()).entryInfoList(QDir::Files | QDir::Hidden);
    for (const QFileInfo &info : files) {
        QFile file(info.filePath());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray bytes = file.readAll();
        for (const QByteArray &spelling : spellings) {
            if (bytes.contains(spelling))
                return true;
        }
    }
    return false;
}

} // namespace antiphon::test
