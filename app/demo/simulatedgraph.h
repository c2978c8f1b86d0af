#pragma once

#include "app/demo/scriptedanswer.h"
#include "app/demo/simulatedhttp.h"
#include "app/demo/webhooksender.h"
#include "core/base/random.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QObject>
#include <QStringList>

#include <deque>

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

/// What the Graph API's platforms have in common: versions, tokens, error objects, proofs, handshakes, signed and batched webhooks, answers of one's own
/// choice. All calls in the thread that made it (see SimulatorThread). Endpoints are named by verb and edge: "POST messages", "GET media", "GET number".
class SimulatedGraph : public QObject {
    Q_OBJECT
public:
    SimulatedGraph(GraphApp app, const Clock &clock, RandomSource &random, QObject *parent = nullptr);

    Result<void> listen();
    void shutDown();                            ///< unreachable until `listen` brings it back under the same address
    QUrl apiUrl() const { return m_http.url(); }
    const GraphApp &app() const { return m_app; }
    WebhookSender &webhooks() { return *m_webhooks; }

    void next(const QString &endpoint, const ScriptedAnswer &answer);      ///< the next request not yet scripted; of sends the next message, no sign
    void always(const QString &endpoint, const ScriptedAnswer &answer);    ///< every one, behind those of `next`
    void normal(const QString &endpoint);                                  ///< forgets both
    void setEcho(Echo echo, Milliseconds delay = Milliseconds(20)) { m_echo = echo; m_echoDelay = delay; }

    struct Received { QString endpoint{}; SimulatedHttp::Request request{}; };
    const QList<Received> &received() const { return m_received; }
    QList<SimulatedHttp::Request> received(const QString &endpoint) const;
    int count(const QString &endpoint) const { return int(received(endpoint).size()); }
    void forgetReceived() { m_received.clear(); }

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

signals:
    void requested(const QString &endpoint);

protected:
    struct Token { QString owner{}; QStringList scopes{}; Timestamp issued{}; std::optional<Timestamp> expires{}; };
    struct Route { QString endpoint{}; QString node{}; };
    struct Outcome {
        QJsonObject body{};
        int httpStatus = 200;
        bool isRefused = false;
        std::optional<SimulatedHttp::Reply> raw{};      ///< instead of JSON
        std::function<void()> follows{};                ///< the echo or status of a send; by setEcho()
        std::function<void()> then{};                   ///< right behind the answer
    };
    using Done = std::function<void(const Outcome &)>;

    /// Which endpoint a request is for; an empty one: there is none.
    virtual Route routeOf(const SimulatedHttp::Request &request) const = 0;
    virtual void perform(const Route &route, const SimulatedHttp::Request &request, const Done &done) = 0;
    /// Whether a send is only a sign (typing, read mark), which scripted answers pass over.
    virtual bool isSign(const SimulatedHttp::Request &request) const = 0;
    /// The body of a webhook with these entries.
    virtual QJsonObject webhookBody(const QJsonArray &entries) const = 0;

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
    /// The first name that isn't in `known`, or empty.
    static QString strangeKey(const QJsonObject &object, const QStringList &known);
    static QJsonObject bodyOf(const SimulatedHttp::Request &request);   ///< empty where it is no JSON object
    static QStringList queryNames(const SimulatedHttp::Request &request);

    void tell(const QJsonObject &entry, const GraphEvent &event);       ///< by webhook, or into the batch
    QString newDigits(int count);
    QString newId(const QString &prefix);
    Timestamp now() const { return m_clock.now(); }
    RandomSource &random() { return m_random; }
    const Clock &clock() const { return m_clock; }
    QNetworkAccessManager &network() { return *m_network; }
    QHash<QString, Token> &tokens() { return m_tokens; }

    void handle(const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer);

private:
    struct Script { std::deque<ScriptedAnswer> once{}; std::optional<ScriptedAnswer> lasting{}; };

    std::optional<ScriptedAnswer> scripted(const QString &endpoint, const SimulatedHttp::Request &request);
    void answerScripted(const ScriptedAnswer &script, const Outcome &outcome, const SimulatedHttp::Answer &answer);
    void finish(const Outcome &outcome, SimulatedHttp::Reply reply, const SimulatedHttp::Answer &answer);
    static SimulatedHttp::Reply rendered(const Outcome &outcome);

    GraphApp m_app;
    const Clock &m_clock;
    RandomSource &m_random;
    SimulatedHttp m_http;
    WebhookSender *m_webhooks = nullptr;
    QNetworkAccessManager *m_network = nullptr;
    QHash<QString, Script> m_scripts{};
    QList<Received> m_received{};
    QHash<QString, Token> m_tokens{};
    QJsonArray m_batch{};
    bool m_isBatching = false;
    Echo m_echo = Echo::AfterAnswer;
    Milliseconds m_echoDelay{20};
};

} // namespace antiphon::demo
