#pragma once

#include "core/intake/intake.h"
#include "tests/support/fakerandom.h"
#include "tests/support/temporarystore.h"

#include <QJsonObject>

namespace antiphon::test {

/// Tokens as a test wants them.
class FakeTokens final : public TokenSource {
public:
    Result<AppCredentials> app(Channel) const override
    {
        if (isLocked)
            return Error{Error::Kind::Unavailable, QStringLiteral("locked")};
        return AppCredentials{.appId = QStringLiteral("7000000000000000001"), .appSecret = secret};
    }
    Result<WebhookSigners> signers(Channel channel, const WebhookKeys &keys) const override;
    void credentials(InboxId inbox, Done done) override;
    void renew(InboxId inbox, const QString &rejectedToken, Done done) override;
    void requireOwner(InboxId inbox, const QString &reason) override { ownersRequired.append({inbox, reason}); }
    void noteState(InboxId inbox, Inbox::State state) override { states.append({inbox, state}); }

    void noteSettings(InboxId inbox, const QJsonObject &now) override { settings.append({inbox, now}); }

    bool isLocked = false;
    QString secret = QStringLiteral("antiphon-test-app-secret");
    std::optional<QHash<Channel, AppCredentials>> apps{};     ///< of webhooks; nothing: every channel has `secret`
    QHash<QString, AppCredentials> numbers{};                 ///< of webhooks, by what their path names
    QString token = QStringLiteral("act.1");
    QStringList rejected{};
    QList<std::pair<InboxId, QString>> ownersRequired{};
    QList<std::pair<InboxId, Inbox::State>> states{};
    QList<std::pair<InboxId, QJsonObject>> settings{};
};

/// Answers by the end of the path; what nobody knows stays unanswered.
class RoutingHttp final : public HttpClient {
public:
    using Answer = std::function<HttpReply(const HttpRequest &)>;
    void send(const HttpRequest &request, Done done) override;
    /// The platform's JSON with code 0 and `data`.
    void route(const QString &path, const QJsonObject &data);
    void route(const QString &path, Answer answer) { m_answers.insert(path, std::move(answer)); }
    int count(const QString &path) const;

    QList<HttpRequest> requests{};

private:
    QHash<QString, Answer> m_answers;
};
HttpReply platformReply(const QJsonObject &data, int code = 0);

/// Gives the bytes that were put under an address, or an error.
class FakeSafeFetch final : public SafeFetch {
public:
    void fetch(const HttpRequest &request, const FetchPolicy &policy, Piece piece, Done done) override;

    QHash<QString, QByteArray> files{};
    QList<HttpRequest> requests{};
    QList<FetchPolicy> policies{};
    QList<Error> failures{};                ///< answered first, in their order
    int notReady = 0;                       ///< so many answers without a file come before it
    QList<std::function<void()>> held{};    ///< answers kept back while `isHolding`
    bool isHolding = false;
};

/// A workspace with one TikTok inbox ("biz-0001-openid") and the whole way in, without a network.
class IntakeFixture {
public:
    explicit IntakeFixture(bool startNow = true, StatementHook hook = {});
    ~IntakeFixture();

    void start();
    /// As if the process died: nothing is closed. Then the file is opened anew.
    void crash(bool startAgain = true);
    void stopCleanly(bool startAgain = true);

    TemporaryStore &store() { return *m_store; }
    Intake &intake() { return *m_intake; }
    FakeTokens &tokens() { return m_tokens; }
    RoutingHttp &http() { return m_http; }
    FakeSafeFetch &fetch() { return m_fetch; }
    const ChannelRegistry &channels() const { return m_channels; }
    ChannelRegistry &registry() { return m_channels; }        ///< to add another platform
    InboxId inbox() const { return m_inbox; }
    InboxId addInbox(const QString &account);
    InboxId addInbox(Inbox inbox);

    RawWebhook hook(const QByteArray &body) const;
    IntakeReply post(const QByteArray &body) { return post(hook(body)); }
    IntakeReply post(const RawWebhook &hook, Channel channel = Channel::Tiktok);
    /// All at once; their answers' status codes.
    QList<int> postAll(const QList<QByteArray> &bodies);
    /// Waits until nothing is left to split or apply that is due.
    void drain();
    void advance(Milliseconds by);

    qint64 count(const QString &fromWhere) { return m_store->integer(QStringLiteral("SELECT COUNT(*) FROM ") + fromWhere).value_or(-1); }
    IntakeStats stats();

private:
    void makeIntake();

    std::unique_ptr<TemporaryStore> m_store;
    ChannelRegistry m_channels;
    FakeTokens m_tokens;
    RoutingHttp m_http;
    FakeSafeFetch m_fetch;
    FakeRandom m_random;
    std::unique_ptr<FilesThread> m_files;
    std::unique_ptr<Intake> m_intake;
    InboxId m_inbox{};

public:
    std::atomic<qint64> freeBytes{-1};
    bool wasKilled = false;      ///< of the next process: its predecessor was ended from outside
};

// Webhooks as TikTok sends them.

struct Said {
    QString id{};
    QString text = QStringLiteral("Hello");
    qint64 at = 1'700'000'000'123;
    QString conversation = QStringLiteral("cnv+1==");
    QString customer = QStringLiteral("mira.shops");
    QString account = QStringLiteral("biz-0001-openid");
    QString source = QStringLiteral("APP");          ///< message_tag.source
    QString type = QStringLiteral("text");
    QJsonObject more{};                              ///< further fields of the content
};
QByteArray envelope(const QString &event, const QString &account, const QJsonObject &content, qint64 atMs = 1'700'000'000'000);
QJsonObject saidContent(const Said &said, bool byBusiness);
QByteArray incoming(const Said &said);
QByteArray echo(const Said &said);
QByteArray readMark(qint64 upTo, const QString &conversation = QStringLiteral("cnv+1=="));
QByteArray reaction(const QString &message, const QString &emoji, const QString &operation = QStringLiteral("ADD"), qint64 at = 1'700'000'170'000,
                    const QString &conversation = QStringLiteral("cnv+1=="));

} // namespace antiphon::test
