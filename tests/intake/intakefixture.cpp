#include "tests/intake/intakefixture.h"

#include "core/base/json.h"
#include "core/channels/tiktok/tiktokaccounts.h"
#include "core/channels/tiktok/tiktokadapter.h"
#include "core/net/hmac.h"
#include "core/store/inboxrepository.h"

#include <QJsonArray>
#include <QTest>

namespace antiphon::test {

using namespace Qt::StringLiterals;

Result<WebhookSigners> FakeTokens::signers(Channel channel, const WebhookKeys &keys) const
{
    if (!apps)
        return TokenSource::signers(channel, keys);
    if (isLocked)
        return Error{Error::Kind::Unavailable, u"locked"_s};
    WebhookSigners signers{.isKnown = keys.inboxSetting.isEmpty() || numbers.contains(keys.inboxValue)};
    for (const Channel app : keys.apps) {
        if (apps->contains(app))
            signers.candidates.append(apps->value(app));
    }
    if (numbers.contains(keys.inboxValue))
        signers.candidates.append(numbers.value(keys.inboxValue));
    return signers;
}

void FakeTokens::credentials(InboxId, Done done)
{
    done(InboxCredentials{.account = u"biz-0001-openid"_s, .accessToken = token});
}

void FakeTokens::renew(InboxId inbox, const QString &rejectedToken, Done done)
{
    rejected.append(rejectedToken);
    token = u"act.%1"_s.arg(rejected.size() + 1);
    credentials(inbox, std::move(done));
}

HttpReply platformReply(const QJsonObject &data, int code)
{
    const QJsonObject body{{u"code"_s, code}, {u"message"_s, u"words"_s}, {u"request_id"_s, u"r"_s}, {u"data"_s, data}};
    return {.status = 200, .body = json::toBytes(body), .requestWritten = true};
}

void RoutingHttp::send(const HttpRequest &request, Done done)
{
    requests.append(request);
    for (auto it = m_answers.cbegin(); it != m_answers.cend(); ++it) {
        if (request.url.path().endsWith(it.key())) {
            const HttpReply reply = it.value()(request);
            QTimer::singleShot(0, [done = std::move(done), reply] { done(reply); });
            return;
        }
    }
}

void RoutingHttp::route(const QString &path, const QJsonObject &data)
{
    route(path, [data](const HttpRequest &) { return platformReply(data); });
}

int RoutingHttp::count(const QString &path) const
{
    return int(std::count_if(requests.cbegin(), requests.cend(), [&](const HttpRequest &request) { return request.url.path().endsWith(path); }));
}

void FakeSafeFetch::fetch(const HttpRequest &request, const FetchPolicy &policy, Piece piece, Done done)
{
    requests.append(request);
    policies.append(policy);
    const auto answer = [this, request, piece, done] {
        if (!failures.isEmpty())
            return done(failures.takeFirst());
        if (notReady > 0) {
            --notReady;
            piece("{}");
            return done(FetchResult{.status = 202, .size = 2});
        }
        const auto found = files.constFind(request.url.toString());
        if (found == files.cend())
            return done(Error{Error::Kind::NotFound, u"no such file"_s});
        for (qsizetype at = 0; at < found->size(); at += 16 * 1024)
            piece(found->mid(at, 16 * 1024));
        done(FetchResult{.status = 200, .size = found->size()});
    };
    if (isHolding)
        held.append(answer);
    else
        QTimer::singleShot(0, answer);
}

IntakeFixture::IntakeFixture(bool startNow, StatementHook hook)
    : m_store(std::make_unique<TemporaryStore>(std::move(hook)))
{
    m_channels.add(std::make_unique<TiktokAdapter>(), std::make_unique<TiktokAccounts>());
    m_files = std::make_unique<FilesThread>(BlobStore::inFolder(m_store->folder() + u"/blobs"_s));
    m_inbox = addInbox(u"biz-0001-openid"_s);
    makeIntake();
    if (startNow)
        start();
}

IntakeFixture::~IntakeFixture()
{
    m_intake.reset();
    m_files.reset();
    m_store.reset();
}

void IntakeFixture::makeIntake()
{
    m_intake = std::make_unique<Intake>(
        Intake::Environment{m_store->database(), m_channels, m_tokens, m_http, m_fetch, *m_files, m_store->clock(), m_random, [this] { return freeBytes.load(); }, wasKilled});
}

void IntakeFixture::start()
{
    m_intake->start();
}

void IntakeFixture::crash(bool startAgain)
{
    m_intake.reset();
    QVERIFY(m_store->reopen(false));
    makeIntake();
    if (startAgain)
        start();
}

void IntakeFixture::stopCleanly(bool startAgain)
{
    m_intake.reset();
    QVERIFY(m_store->reopen(true));
    makeIntake();
    if (startAgain)
        start();
}

InboxId IntakeFixture::addInbox(const QString &account)
{
    return addInbox(Inbox{.name = account, .externalId = account});
}

InboxId IntakeFixture::addInbox(Inbox inbox)
{
    const auto made = m_store->write<InboxId>([inbox](WriteTransaction &tx) { return inboxes::insert(tx, inbox); });
    return made ? *made : InboxId();
}

RawWebhook IntakeFixture::hook(const QByteArray &body) const
{
    const Timestamp now = m_store->clock().now();
    const QByteArray t = QByteArray::number(toUnixMs(now) / 1000);
    const QByteArray signature = hmacSha256(m_tokens.secret.toUtf8(), t + '.' + body).toHex();
    return {.headers = {{"Content-Type", "application/json"}, {"TikTok-Signature", "t=" + t + ",s=" + signature}},
            .body = body,
            .path = "/webhooks/tiktok",
            .receivedAt = now};
}

IntakeReply IntakeFixture::post(const RawWebhook &hook, Channel channel)
{
    std::optional<IntakeReply> reply;
    m_intake->webhooks().receive(channel, hook, [&reply](const IntakeReply &answer) { reply = answer; });
    if (!QTest::qWaitFor([&reply] { return reply.has_value(); }, 10'000))
        return {.status = 0};
    return *reply;
}

QList<int> IntakeFixture::postAll(const QList<QByteArray> &bodies)
{
    QList<int> codes;
    for (const QByteArray &body : bodies)
        m_intake->webhooks().receive(Channel::Tiktok, hook(body), [&codes](const IntakeReply &answer) { codes.append(answer.status); });
    if (!QTest::qWaitFor([&] { return codes.size() == bodies.size(); }, 60'000))
        qWarning("not every webhook was answered");
    return codes;
}

void IntakeFixture::drain()
{
    const QString waiting = u"SELECT (SELECT COUNT(*) FROM delivery WHERE split_state = 'pending')"
                            " + (SELECT COUNT(*) FROM event WHERE state = 'pending' AND next_at <= %1)"
                            " + (SELECT COUNT(*) FROM event WHERE state = 'parked' AND next_at <= %1)"_s.arg(toUnixMs(m_store->clock().now()));
    m_intake->wakeLanes();
    if (!QTest::qWaitFor([&] { return m_store->integer(waiting) == 0; }, 60'000))
        qWarning("the lanes are not empty");
    m_store->settle();
}

void IntakeFixture::advance(Milliseconds by)
{
    m_store->clock().advance(by);
    m_intake->wakeLanes();
    m_intake->wakeJobs();
}

IntakeStats IntakeFixture::stats()
{
    std::optional<IntakeStats> stats;
    m_intake->readStats([&stats](const Result<IntakeStats> &read) { stats = read ? *read : IntakeStats{}; });
    if (!QTest::qWaitFor([&stats] { return stats.has_value(); }, 10'000))
        return {};
    return *stats;
}

QByteArray envelope(const QString &event, const QString &account, const QJsonObject &content, qint64 atMs)
{
    return json::toBytes({{u"client_key"_s, u"7000000000000000001"_s},
                          {u"event"_s, event},
                          {u"create_time"_s, atMs / 1000},
                          {u"user_openid"_s, account},
                          {u"content"_s, json::toText(content)}});
}

QJsonObject saidContent(const Said &said, bool byBusiness)
{
    const QString person = u"usr-"_s + said.customer;
    const QJsonObject business{{u"id"_s, said.account}, {u"role"_s, u"business_account"_s}};
    const QJsonObject customer{{u"id"_s, person}, {u"role"_s, u"personal_account"_s}};
    QJsonObject content{{u"from"_s, byBusiness ? u"lantern.books"_s : said.customer},
                        {u"to"_s, byBusiness ? said.customer : u"lantern.books"_s},
                        {u"unique_identifier"_s, person},
                        {u"from_user"_s, byBusiness ? business : customer},
                        {u"to_user"_s, byBusiness ? customer : business},
                        {u"conversation_id"_s, said.conversation},
                        {u"message_id"_s, said.id},
                        {u"timestamp"_s, said.at},
                        {u"type"_s, said.type},
                        {u"message_tag"_s, QJsonObject{{u"source"_s, said.source}}}};
    if (said.type == "text"_L1)
        content.insert("text"_L1, QJsonObject{{u"body"_s, said.text}});
    for (auto it = said.more.begin(); it != said.more.end(); ++it)
        content.insert(it.key(), it.value());
    return content;
}

QByteArray incoming(const Said &said)
{
    return envelope(u"im_receive_msg"_s, said.account, saidContent(said, false));
}

QByteArray echo(const Said &said)
{
    return envelope(u"im_send_msg"_s, said.account, saidContent(said, true));
}

QByteArray readMark(qint64 upTo, const QString &conversation)
{
    QJsonObject content = saidContent({.conversation = conversation}, false);
    content.remove("message_id"_L1);
    content.insert("timestamp"_L1, upTo + 1);
    content.insert("read"_L1, QJsonObject{{u"last_read_timestamp"_s, upTo}});
    return envelope(u"im_mark_read_msg"_s, u"biz-0001-openid"_s, content);
}

QByteArray reaction(const QString &message, const QString &emoji, const QString &operation, qint64 at, const QString &conversation)
{
    QJsonObject content = saidContent({.conversation = conversation, .type = u"reaction"_s}, false);
    content.insert("reaction"_L1, QJsonArray{QJsonObject{{u"operation"_s, operation},
                                                         {u"type"_s, u"EMOJI"_s},
                                                         {u"emoji"_s, emoji},
                                                         {u"unique_identifier"_s, u"usr-mira.shops"_s},
                                                         {u"timestamp"_s, at},
                                                         {u"original_msg_id"_s, message}}});
    return envelope(u"im_receive_msg"_s, u"biz-0001-openid"_s, content);
}

} // namespace antiphon::test
