#pragma once

#include "app/demo/simulatedplatform.h"
#include "app/demo/webhooksender.h"

#include <memory>

class QNetworkAccessManager;

namespace antiphon::demo {

/// The application at Meta and what all its simulated platforms share.
struct GraphApp {
    QString appId = QStringLiteral("610000000000001");
    QString appSecret = QStringLiteral("antiphon-test-meta-secret");
    QString verifyToken = QStringLiteral("5f2d8c1a9b3e4f60a7c8d9e0f1a2b3c4");
    QString version = QStringLiteral("v23.0");          ///< every other one is refused
    double webhookPauseScale = 1.0;
    Milliseconds webhookTimeout{10'000};
};

/// About one event that is told by webhook.
struct GraphEvent {
    std::optional<Timestamp> at{};      ///< platform time; now where absent
    QString quotedId{};
    QString id{};                       ///< of the message; made where empty
    QJsonObject more{};                 ///< merged into the message: {"referral": {…}}
    bool withWebhook = true;            ///< false: known to the platform, told to nobody
    bool isListed = true;               ///< false: the lists don't have it
    bool isStandby = false;             ///< another application has the thread (Instagram, Messenger)
    WebhookOptions webhook{};
};

/// What the Graph API's platforms have in common: versions, tokens, error objects, proofs, handshakes, signed and batched webhooks.
/// Endpoints are named by verb and edge: "POST messages", "GET media", "GET number".
class SimulatedGraph : public SimulatedPlatform {
    Q_OBJECT
public:
    SimulatedGraph(GraphApp app, const Clock &clock, RandomSource &random, QObject *parent = nullptr);

    const GraphApp &app() const { return m_app; }
    WebhookSender &webhooks() { return *m_webhooks; }

    /// The GET of the webhook's address, as the dashboard does it: the status and what came back.
    void verifyCallback(const QUrl &callback, const QString &verifyToken, std::function<void(int status, const QByteArray &body, bool matches)> done);

    /// Events are gathered from here on, and endBatch() posts them in one body.
    void beginBatch() { m_isBatching = true; }
    qint64 endBatch(const WebhookOptions &options = {});
    /// One body as it is, signed.
    qint64 postRaw(const QByteArray &body, const WebhookOptions &options = {}) { return m_webhooks->send(body, options); }

    /// A new token of an account; it lives until revokeTokens() or its end.
    QString issueToken(const QString &owner, const QStringList &scopes = {}, std::optional<Timestamp> expires = {});
    void revokeTokens(const QString &owner);    ///< 190 from now on

    /// As Meta writes JSON: compact, everything beyond ASCII escaped, slashes too.
    static QByteArray metaBytes(const QJsonObject &object);

protected:
    struct Token { QString owner{}; QStringList scopes{}; Timestamp issued{}; std::optional<Timestamp> expires{}; };

    /// Whether a send is only a sign (typing, read mark), which scripted answers pass over.
    virtual bool isOnlySign(const SimulatedHttp::Request &request) const = 0;
    /// The body of a webhook with these entries.
    virtual QJsonObject webhookBody(const QJsonArray &entries) const = 0;

    bool isSign(const Route &route, const SimulatedHttp::Request &request) const override { return route.endpoint == QStringLiteral("POST messages") && isOnlySign(request); }
    Outcome nowhere(const SimulatedHttp::Request &request) override;
    Outcome refusal(const ScriptedAnswer &script) override;
    QByteArray bytesOf(const QJsonObject &body) const override { return metaBytes(body); }

    Outcome refused(int code, const QString &message, int subcode = 0, int httpStatus = 400, const QString &details = {});
    Outcome unknownObject(const QString &id);
    Outcome unknownParameter(const QString &name);
    /// "/v23.0/<node>" or "/v23.0/<node>/<edge>" as its two words; empty where the path or the version is another.
    QStringList graphPath(const SimulatedHttp::Request &request) const;
    /// The token of the header, or of the query where `orQuery`.
    static QString tokenOf(const SimulatedHttp::Request &request, bool orQuery);
    /// 190 where the token is unknown or over; 10 or 200 where it lacks `scope`; 100.33 where it isn't of `owner`.
    std::optional<Outcome> refusedToken(const QString &token, const QString &owner, const QString &scope);
    /// 100 where the proof of the token is not made with the application's secret, or is missing where it `isNeeded`.
    std::optional<Outcome> refusedProof(const SimulatedHttp::Request &request, const QString &token, bool isNeeded);
    /// The names of `fields`, of nested ones the part before the brace; 100 where one isn't `known`.
    std::optional<Outcome> readFields(const SimulatedHttp::Request &request, const QStringList &known, QStringList &fields);

    void tell(const QJsonObject &entry, const GraphEvent &event);       ///< by webhook, or into the batch
    QString newId(const QString &prefix);
    QNetworkAccessManager &network() { return *m_network; }
    QHash<QString, Token> &tokens() { return *m_tokens; }
    void shareTokens(SimulatedGraph &other) { m_tokens = other.m_tokens; }      ///< what is issued or revoked by either counts for both

private:
    GraphApp m_app;
    WebhookSender *m_webhooks = nullptr;
    QNetworkAccessManager *m_network = nullptr;
    std::shared_ptr<QHash<QString, Token>> m_tokens = std::make_shared<QHash<QString, Token>>();
    QJsonArray m_batch{};
    bool m_isBatching = false;
};

} // namespace antiphon::demo
