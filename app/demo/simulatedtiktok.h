#pragma once

#include "app/demo/scriptedanswer.h"
#include "app/demo/simulatedhttp.h"
#include "app/demo/tiktokscene.h"
#include "app/demo/webhooksender.h"
#include "core/base/random.h"

#include <QHash>
#include <QMap>

#include <deque>
#include <memory>

namespace antiphon::demo {

struct TikTokOptions {
    QString appId = QStringLiteral("7000000000000000001");
    QString appSecret = QStringLiteral("antiphon-test-app-secret");
    QList<BusinessAccount> accounts{BusinessAccount{}};
    QString redirectUri{};                              ///< as stored in the portal; any where empty
    std::chrono::seconds accessTokenLife{86'400};
    std::chrono::seconds refreshTokenLife{31'536'000};  ///< from the consent on; refreshing doesn't restart it
    std::chrono::seconds codeLife{600};
    double webhookPauseScale = 1.0;
    Milliseconds webhookTimeout{10'000};
    int sendsPerWindow = 0;                             ///< 40064 above it; 0 means no limit
    bool ownMediaHost = false;                          ///< media on a port of its own instead of the API's
    int threadsListed = 100;                            ///< the cap of the conversation list, of each type
    bool confusedRoles = true;                          ///< lists show both sides as BUSINESS_ACCOUNT, as the official sample does
};

/// How the next authorize page ends.
struct Consent {
    bool isDenied = false;
    QStringList withheldScopes{};
    QString businessId{};               ///< the account the owner picks; the first where empty
};

/// About one event of a customer or of the phone app.
struct EventOptions {
    std::optional<Timestamp> at{};      ///< platform time; now where absent
    QString quotedId{};
    bool withWebhook = true;            ///< false: found by the lists only
    bool isListed = true;               ///< false: the lists don't have it
    WebhookOptions webhook{};
};

struct TokenPair {
    QString accessToken{};
    QString refreshToken{};
};

/// TikTok on loopback: the Business Messaging API, the authorize page, oEmbed and the media host over real HTTP, and webhooks with real
/// signatures. All calls in the thread that made it (see SimulatorThread). Endpoints are named by their path after `/open_api/v1.3/`
/// without the last slash ("business/message/send"); the others are "authorize", "oembed", "media" (signed downloads), "files" (public pictures).
class SimulatedTikTok : public QObject {
    Q_OBJECT
public:
    SimulatedTikTok(TikTokOptions options, const Clock &clock, RandomSource &random, QObject *parent = nullptr);

    Result<void> listen();
    void shutDown();                            ///< unreachable until `listen` brings it back under the same addresses
    QUrl apiUrl() const { return m_http.url(); }        ///< value of ANTIPHON_TIKTOK_API
    QUrl webUrl() const { return m_http.url(); }        ///< value of ANTIPHON_TIKTOK_WEB
    QUrl mediaUrl() const;
    const TikTokOptions &options() const { return m_options; }
    WebhookSender &webhooks() { return *m_webhooks; }

    // Scripting answers
    void next(const QString &endpoint, const ScriptedAnswer &answer);      ///< the next request not yet scripted; of sends the next message, no typing sign
    void always(const QString &endpoint, const ScriptedAnswer &answer);    ///< every one, behind those of `next`
    void normal(const QString &endpoint);                                  ///< forgets both
    void setEcho(Echo echo, Milliseconds delay = Milliseconds(20)) { m_echo = echo; m_echoDelay = delay; }
    void consentNext(const Consent &consent) { m_consent = consent; }

    // What was received
    struct Received { QString endpoint{}; SimulatedHttp::Request request{}; };
    const QList<Received> &received() const { return m_received; }
    QList<SimulatedHttp::Request> received(const QString &endpoint) const;
    void forgetReceived() { m_received.clear(); }
    int count(const QString &endpoint) const { return int(received(endpoint).size()); }

    // Tokens
    TokenPair issueTokens(const QString &businessId);
    void expireAccessTokens(const QString &businessId);     ///< 40105 until refreshed
    void revokeTokens(const QString &businessId);           ///< refresh refused as well

    // Customers. A conversation's id is what every event takes; events return the message's id.
    QString startConversation(const Customer &customer, const QString &businessId = {});
    QString customerWrites(const QString &conversation, const QString &text, const EventOptions &options = {});
    QString customerSendsImage(const QString &conversation, const QByteArray &bytes, const EventOptions &options = {});
    QString customerSendsVideo(const QString &conversation, const EventOptions &options = {});
    QString customerSharesPost(const QString &conversation, const QString &videoId, bool withEmbedUrl = true, const EventOptions &options = {});
    QString customerSendsSticker(const QString &conversation, const EventOptions &options = {});
    QString customerSendsEmoji(const QString &conversation, const EventOptions &options = {});
    QString customerQuotes(const QString &conversation, const QString &quotedId, const QString &text, EventOptions options = {});
    QString customerReacts(const QString &conversation, const QString &messageId, const QString &emoji, bool added = true, const EventOptions &options = {});
    void customerReads(const QString &conversation, Timestamp upTo, const EventOptions &options = {});
    /// `content` false: the event comes, but the lists never show the message.
    QString europeanCustomerWrites(const QString &conversation, const QString &text, bool content = true, const EventOptions &options = {});
    /// `referral` as in the documentation, e.g. {"source": "ad", "ad": {…}}.
    void customerComesFrom(const QString &conversation, const QJsonObject &referral, const EventOptions &options = {});
    /// Any type and content, for what nobody has documented.
    QString customerSends(const QString &conversation, const QString &type, const QJsonObject &content, const EventOptions &options = {});

    // The business, outside Antiphon
    QString ownerAnswersFromApp(const QString &conversation, const QString &text, const EventOptions &options = {});
    QString automaticWelcome(const QString &conversation, const QString &text, const EventOptions &options = {});
    /// An echo with a source of choice: API is another connected tool.
    QString businessSends(const QString &conversation, SceneMessage message, const EventOptions &options = {});
    void authorizationRemoved(const QString &businessId, const WebhookOptions &options = {});
    /// Any event; `content` becomes a JSON string.
    qint64 sendEvent(const QString &event, const QString &businessId, const QJsonObject &content, const WebhookOptions &options = {});

    // The scene
    SceneConversation *conversation(const QString &id);
    const BusinessAccount *account(const QString &businessId) const;
    void setPost(const QString &videoId, const QString &title, const QString &author);     ///< what oEmbed says
    QString newId(const char *prefix);          ///< base64-like, always with a `+`

signals:
    void requested(const QString &endpoint);
    void callbackRegistered(const QUrl &callback);
    /// The API took a message of the business; echoes and customers' reactions may follow.
    void messageSent(const QString &conversation, const QString &messageId, const QString &type, const QString &text);

private:
    struct Outcome {
        int code = 0;
        QString message = QStringLiteral("OK");
        QJsonObject data{};
        int httpStatus = 200;
        std::optional<SimulatedHttp::Reply> raw{};      ///< instead of the JSON envelope
        QString sentConversation{};                     ///< an API send: echoes are due
        QString sentMessage{};
    };
    struct Token { QString businessId{}; QStringList scopes{}; Timestamp expires{}; QString grant{}; };
    struct Code { QString businessId{}; QStringList scopes{}; QString redirectUri{}; Timestamp expires{}; };
    struct Script { std::deque<ScriptedAnswer> once{}; std::optional<ScriptedAnswer> lasting{}; };
    using Method = Outcome (SimulatedTikTok::*)(const SimulatedHttp::Request &);

    static Outcome refused(int code, const QString &message) { return {.code = code, .message = message}; }
    static Outcome badRequest(const QString &message) { return {.code = 40002, .message = message, .httpStatus = 400}; }
    static QString endpointOf(const QByteArray &path);
    static const QHash<QString, QPair<QByteArray, Method>> &methods();

    void handle(const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer);
    std::optional<ScriptedAnswer> scripted(const QString &endpoint, const SimulatedHttp::Request &request);
    SimulatedHttp::Reply rendered(const Outcome &outcome) const;
    void answerSend(const Outcome &outcome, const SimulatedHttp::Reply &reply, const SimulatedHttp::Answer &answer);
    void postEcho(const QString &conversation, const QString &messageId);

    // simulatedtiktokaccounts.cpp: consent, tokens, profile, registration
    Outcome exchangeToken(const SimulatedHttp::Request &request);
    Outcome refreshToken(const SimulatedHttp::Request &request);
    Outcome revokeToken(const SimulatedHttp::Request &request);
    Outcome getBusiness(const SimulatedHttp::Request &request);
    Outcome updateWebhook(const SimulatedHttp::Request &request);
    Outcome listWebhook(const SimulatedHttp::Request &request);
    Outcome deleteWebhook(const SimulatedHttp::Request &request);
    Outcome authorize(const SimulatedHttp::Request &request);
    QJsonObject grantTokens(const QString &businessId, const QStringList &scopes, Timestamp refreshExpires);
    std::optional<Outcome> refusedApp(const QString &appId, const QString &secret) const;
    /// Checks token, business and scope. On success `businessId` is the account's.
    std::optional<Outcome> refusedCall(const SimulatedHttp::Request &request, const QString &businessId, const QString &scope) const;

    // simulatedtiktokmessages.cpp: sending, files, lists
    Outcome sendMessage(const SimulatedHttp::Request &request);
    std::optional<Outcome> refusedContent(SceneConversation &to, const QJsonObject &body, SceneMessage &message);
    Outcome uploadMedia(const SimulatedHttp::Request &request);
    Outcome downloadMedia(const SimulatedHttp::Request &request);
    Outcome getCapabilities(const SimulatedHttp::Request &request);
    Outcome listConversations(const SimulatedHttp::Request &request);
    Outcome listMessages(const SimulatedHttp::Request &request);
    Outcome serveMedia(const SimulatedHttp::Request &request);
    Outcome serveFile(const SimulatedHttp::Request &request);
    Outcome describePost(const SimulatedHttp::Request &request);

    QString addMessage(const QString &conversation, SceneMessage message, const EventOptions &options, const QString &event);
    QString profileImage(const QString &seed) const;

    TikTokOptions m_options;
    const Clock &m_clock;
    RandomSource &m_random;
    SimulatedHttp m_http;
    SimulatedHttp m_mediaHttp;
    WebhookSender *m_webhooks = nullptr;
    QHash<QString, Script> m_scripts{};
    QList<Received> m_received{};
    QHash<QString, Token> m_accessTokens{};
    QHash<QString, Token> m_refreshTokens{};
    QHash<QString, Code> m_codes{};
    QMap<QString, SceneConversation> m_conversations{};
    QHash<QString, SceneMedia> m_media{};
    QHash<QString, QPair<QString, QString>> m_posts{};      ///< video id to title and author
    QHash<QString, QPair<QString, Timestamp>> m_downloads{};///< path to media id and expiry
    Consent m_consent{};
    Echo m_echo = Echo::AfterAnswer;
    Milliseconds m_echoDelay{20};
    qint64 m_requests = 0;
};

} // namespace antiphon::demo
