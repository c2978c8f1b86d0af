#pragma once

#include "app/demo/hookposter.h"
#include "app/demo/simulatedplatform.h"
#include "app/demo/webhooksender.h"

namespace antiphon::demo {

struct LineCustomer {
    QString id{};                       ///< "U" and 32 hexadecimal digits
    QString name{};
    QString language{};
};

struct LineOptions {
    QString channelId = QStringLiteral("1650000001");
    QString channelSecret = QStringLiteral("8c570fa6dd201bb328f1c1eac23a96d8");
    QString botUserId = QStringLiteral("U00000000000000000000000000000b07");
    QString basicId = QStringLiteral("@lantern");
    QString displayName = QStringLiteral("Lantern Books");
    QString chatMode = QStringLiteral("chat");
    bool redelivers = false;            ///< the console's switch
    double pauseScale = 1.0;            ///< of redeliveries
    Milliseconds webhookTimeout{2'000};
    std::chrono::seconds replyTokenLife{60};
    bool fetchesAtOnce = true;          ///< media links are fetched when a message is taken, as by somebody who has the chat open
};

/// About one event.
struct LineEvent {
    std::optional<Timestamp> at{};
    QString quotedId{};
    QString id{};                       ///< of the message; made where empty
    QJsonObject more{};                 ///< merged into the event: {"mode": "standby"}
    bool withWebhook = true;
    WebhookOptions webhook{};           ///< its signature, copies and address
};

/// The Messaging API on loopback with one channel: api.line.me and, at a second address, api-data.line.me. Events that are gathered in a batch go out in one signed
/// request, of as many customers as they are from. Endpoints are called by verb and path behind /v2/bot: "POST message/push", "GET profile", "GET content".
class SimulatedLine : public SimulatedPlatform {
    Q_OBJECT
public:
    SimulatedLine(LineOptions options, const Clock &clock, RandomSource &random, QObject *parent = nullptr);

    Result<void> listen();                      ///< both addresses
    void shutDown();
    QUrl dataUrl() const { return m_data.url(); }
    const LineOptions &options() const { return m_options; }
    void setRedelivers(bool redelivers) { m_options.redelivers = redelivers; }
    QString issueToken();                       ///< a further one; all of them live until revokeTokens()
    void revokeTokens() { m_tokens.clear(); }
    HookPoster &posts() { return *m_poster; }
    QUrl webhook() const { return m_webhook; }
    void setWebhook(const QUrl &url) { m_webhook = url; }       ///< as typed in the console
    void setWebhookActive(bool isActive) { m_isActive = isActive; }
    void setQuota(std::optional<int> limit, int used = 0) { m_quota = limit; m_used = used; }       ///< pushes a month; nothing: no limit

    // Customers. The id of the message, or of the event where there is none.
    QString customerWrites(const LineCustomer &from, const QString &text, const LineEvent &event = {});
    /// `message` without its id: {"type": "sticker", …}.
    QString customerSends(const LineCustomer &from, QJsonObject message, const LineEvent &event = {});
    /// image, video, audio or file.
    QString customerSendsFile(const LineCustomer &from, const QString &type, const QByteArray &bytes, const QByteArray &mime, const QJsonObject &more = {}, const LineEvent &event = {});
    QString customerFollows(const LineCustomer &from, bool isUnblocked = false, const LineEvent &event = {});
    QString customerUnfollows(const LineCustomer &from, const LineEvent &event = {});
    QString customerUnsends(const LineCustomer &from, const QString &messageId, const LineEvent &event = {});
    QString customerPostsBack(const LineCustomer &from, const QString &data, const LineEvent &event = {});
    /// Any event of a customer.
    QString tell(const LineCustomer &from, const QString &type, const QJsonObject &members, bool withReplyToken, const LineEvent &event = {});
    /// Events are gathered from here on, and endBatch() posts them in one request.
    void beginBatch() { m_isBatching = true; }
    void endBatch(const WebhookOptions &options = {});
    void post(const QJsonArray &events, const WebhookOptions &options = {});
    /// Everything that was told of this message or event, told again with isRedelivery.
    void redeliver(const QString &id);
    /// The content of this message is made ready after so many answers 202.
    void setPreparing(const QString &messageId, int times) { m_content[messageId].preparing = times; }
    void forgetContent(const QString &messageId) { m_content.remove(messageId); }

    static QByteArray signature(const QByteArray &secret, const QByteArray &body);

    struct Sent {
        QString how{};                      ///< "reply" or "push"
        QString to{};
        QString id{};
        QJsonObject message{};
        QString retryKey{};
    };
    const QList<Sent> &sent() const { return m_sent; }          ///< what the API took, oldest first
    QStringList read() const { return m_read; }                 ///< tokens that were marked
    QStringList loading() const { return m_loading; }           ///< customers who saw the sign
    struct Fetched { QUrl url{}; HookAnswer answer{}; };
    const QList<Fetched> &fetched() const { return m_fetched; } ///< media links of taken messages

signals:
    void messageSent(const QString &to, const QString &messageId);

protected:
    Route routeOf(const SimulatedHttp::Request &request) const override;
    void perform(const Route &route, const SimulatedHttp::Request &request, const Done &done) override;
    Outcome nowhere(const SimulatedHttp::Request &) override { return refused(404, QStringLiteral("Not found")); }
    Outcome refusal(const ScriptedAnswer &script) override;
    QList<SimulatedHttp::Header> headersOfAll() override;

private:
    struct Content { QByteArray bytes{}; QByteArray mime{}; int preparing = 0; };
    struct ReplyToken { QString customer{}; Timestamp made{}; bool isUsed = false; };
    struct Accepted { QByteArray body{}; QString requestId{}; QJsonArray messages{}; };

    Outcome refused(int status, const QString &message, const QJsonArray &details = {}) const;
    Outcome info() const;
    Outcome setEndpoint(const SimulatedHttp::Request &request);
    void testEndpoint(const SimulatedHttp::Request &request, const Done &done);
    Outcome content(const QString &id, const QString &what);
    // simulatedlinemessages.cpp
    Outcome push(const SimulatedHttp::Request &request);
    Outcome reply(const SimulatedHttp::Request &request);
    std::optional<Outcome> refusedMessages(const QJsonObject &body) const;
    static QJsonObject wrongIn(const QJsonObject &message, const QString &property);
    QJsonArray keep(const QString &how, const QString &to, const QJsonArray &messages, const QString &retryKey);
    Outcome markRead(const QJsonObject &body);
    Outcome startLoading(const QJsonObject &body);

    QJsonObject envelope(const QString &type, const LineCustomer &from, bool withReplyToken, const LineEvent &event);
    QString told(const QJsonObject &event, const QString &id, const LineEvent &options);
    void deliver(const QByteArray &body, const QJsonArray &events, const WebhookOptions &options, int attempt);
    QString newRequestId();

    LineOptions m_options;
    SimulatedHttp m_data;
    HookPoster *m_poster = nullptr;
    QStringList m_tokens{};
    QUrl m_webhook{};
    bool m_isActive = true;
    std::optional<int> m_quota{};
    int m_used = 0;
    QHash<QString, LineCustomer> m_customers{};
    QStringList m_blocked{};
    QHash<QString, ReplyToken> m_replyTokens{};
    QHash<QString, Content> m_content{};
    QHash<QString, Accepted> m_accepted{};          ///< by retry key
    QHash<QString, QString> m_quoteTokens{};        ///< of messages, by token
    QStringList m_readTokens{};
    QHash<QString, QJsonObject> m_told{};           ///< events by message or event id
    QJsonArray m_batch{};
    bool m_isBatching = false;
    qint64 m_nextMessage = 500'000'000'000'000'100;
    qint64 m_nextEvent = 1000;            ///< the documented vectors begin at 1
    QList<Sent> m_sent{};
    QStringList m_read{};
    QStringList m_loading{};
    QList<Fetched> m_fetched{};
};

} // namespace antiphon::demo
