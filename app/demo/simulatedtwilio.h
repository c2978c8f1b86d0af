#pragma once

#include "app/demo/hookposter.h"
#include "app/demo/simulatedplatform.h"
#include "app/demo/webhooksender.h"

namespace antiphon::demo {

struct TwilioNumber {
    QString sid = QStringLiteral("PN00000000000000000000000000000001");
    QString number = QStringLiteral("+15005550006");
    QString service{};                  ///< the messaging service it is in; empty: none
};

struct TwilioOptions {
    QString accountSid = QStringLiteral("AC00000000000000000000000000000001");
    QString authToken = QStringLiteral("0123456789abcdef0123456789abcdef");
    QString apiKeySid = QStringLiteral("SK00000000000000000000000000000001");
    QString apiKeySecret = QStringLiteral("fedcba9876543210fedcba9876543210");
    QString accountStatus = QStringLiteral("active");
    QList<TwilioNumber> numbers{TwilioNumber{}};
    QString serviceSid = QStringLiteral("MG00000000000000000000000000000001");
    QString senderSid = QStringLiteral("XE00000000000000000000000000000001");
    QString whatsappNumber = QStringLiteral("whatsapp:+14155550123");
    QJsonArray templates = defaultTemplates();
    int mostPerPage = 3;                ///< however many are asked for, so that everybody has to page
    double pauseScale = 1.0;            ///< of repeated webhooks
    Milliseconds webhookTimeout{15'000};
    bool tellsOptOutType = false;       ///< Advanced Opt-Out is on

    static QJsonArray defaultTemplates();
};

/// A file of a customer.
struct TwilioMedia {
    QByteArray bytes{};
    QByteArray mime{};
    int missing = 0;                    ///< 404 for so many requests; -1: always
};

/// About one event.
struct TwilioEvent {
    std::optional<Timestamp> at{};
    QString to{};                       ///< the first number, or of a WhatsApp address the WhatsApp sender
    QString sid{};                      ///< made where empty
    QList<QPair<QString, QString>> more{};          ///< further fields, in their place instead of those of the same name
    QList<TwilioMedia> media{};
    bool withWebhook = true;            ///< false: only the list has it
    WebhookOptions webhook{};
};

/// Twilio on loopback, all its hosts behind one address: account, numbers, a messaging service, a WhatsApp sender, messages with their media and statuses, templates.
/// Webhooks are signed over the registered address without its fragment, which says how often they are repeated. Media redirect to an address that refuses credentials.
/// Endpoints: "POST Messages", "GET Messages", "GET Message", "GET MediaList", "GET Media", "GET content", "GET Account", "GET IncomingPhoneNumbers", …
class SimulatedTwilio : public SimulatedPlatform {
    Q_OBJECT
public:
    using Fields = QList<QPair<QString, QString>>;

    SimulatedTwilio(TwilioOptions options, const Clock &clock, RandomSource &random, QObject *parent = nullptr);

    const TwilioOptions &options() const { return m_options; }
    HookPoster &posts() { return *m_poster; }
    void changeAuthToken(const QString &token) { m_options.authToken = token; }     ///< the old one is refused from now on
    void suspend() { m_options.accountStatus = QStringLiteral("suspended"); }
    QString smsUrl() const { return m_smsUrls.value(m_options.numbers.first().sid); }
    QString serviceUrl() const { return m_service.value(QStringLiteral("inbound_request_url")).toString(); }
    QString senderUrl() const { return m_sender.value(QStringLiteral("callback_url")).toString(); }
    void setStatuses(const QStringList &statuses) { m_statuses = statuses; }        ///< told after each send, in this order; {"sent", "delivered"} at first

    /// A text of a customer. @param from "+1…", "72975", "whatsapp:+34…". The message's sid.
    QString customerWrites(const QString &from, const QString &body, const TwilioEvent &event = {});
    /// The address that a customer's message to this number is posted to.
    QUrl callbackOf(const QString &to) const;
    /// A status callback for a message that was sent here, at the address it asked for.
    void tellStatus(const QString &sid, const QString &status, int errorCode = 0, const WebhookOptions &webhook = {});
    /// Its status without telling: for those who ask.
    void setStatus(const QString &sid, const QString &status, int errorCode = 0);
    /// Posts fields as Twilio does.
    void post(const QUrl &url, const Fields &fields, const WebhookOptions &webhook = {});

    /// Over the address without its fragment and the fields, as documented.
    static QByteArray signature(const QString &authToken, const QUrl &url, const Fields &fields);
    static QByteArray formOf(const Fields &fields);
    static Fields fieldsOf(const QByteArray &form);

    struct Sent {
        QString sid{};
        QString to{};
        QString from{};                     ///< empty where a service chooses
        Fields parameters{};                ///< as they came
        QString value(const QString &name) const;
        QStringList values(const QString &name) const;
    };
    const QList<Sent> &sent() const { return m_sent; }          ///< what the API took, oldest first
    struct Fetched { QByteArray method{}; QUrl url{}; HookAnswer answer{}; };
    const QList<Fetched> &fetched() const { return m_fetched; } ///< media of taken messages: HEAD and GET
    QStringList typing() const { return m_typing; }             ///< sids of customers' messages
    QStringList textedBack() const { return m_textedBack; }     ///< answers to webhooks that a customer would have got as a text

signals:
    void messageSent(const QString &to, const QString &sid);

protected:
    Route routeOf(const SimulatedHttp::Request &request) const override;
    void perform(const Route &route, const SimulatedHttp::Request &request, const Done &done) override;
    Outcome nowhere(const SimulatedHttp::Request &) override { return refused(20404, QStringLiteral("The requested resource was not found"), 404); }
    Outcome refusal(const ScriptedAnswer &script) override;

private:
    struct Media { QString sid{}; TwilioMedia file{}; };
    struct Message {
        QString sid{};
        QString from{};
        QString to{};
        QString body{};
        QString service{};
        QString status{};
        int errorCode = 0;
        bool isInbound = false;
        Timestamp at{};
        QList<Media> media{};
        QUrl callback{};
    };

    Outcome refused(int code, const QString &message, int status = 400) const;
    bool isAuthorized(const SimulatedHttp::Request &request) const;
    QString sid(const QString &prefix) { return prefix + newHex(32); }
    Message *message(const QString &sid);
    bool isOurs(const QString &address) const;
    void deliver(const QUrl &url, const Fields &fields, const WebhookOptions &webhook, int attempt);

    // simulatedtwilioaccount.cpp
    Outcome account() const;
    Outcome listNumbers(const SimulatedHttp::Request &request) const;
    Outcome changeNumber(const QString &sid, const SimulatedHttp::Request &request);
    Outcome service(const QString &sid, const SimulatedHttp::Request &request);
    Outcome serviceNumbers(const QString &sid) const;
    Outcome listSenders(const SimulatedHttp::Request &request) const;
    Outcome changeSender(const QString &sid, const SimulatedHttp::Request &request);
    Outcome listTemplates(const SimulatedHttp::Request &request) const;
    Outcome takeTyping(const SimulatedHttp::Request &request);
    QJsonObject numberOf(const TwilioNumber &number) const;

    // simulatedtwiliomessages.cpp
    Outcome create(const SimulatedHttp::Request &request);
    std::optional<Outcome> refusedSend(const Sent &sent) const;
    void fetchMedia(const QString &sid, const QStringList &links);
    void endFetch(const QString &sid, bool isRight);
    void follow(const QString &sid);
    Outcome list(const SimulatedHttp::Request &request) const;
    Outcome mediaList(const QString &sid) const;
    Outcome media(const QString &path);
    Outcome content(const QString &sid, const SimulatedHttp::Request &request) const;
    QJsonObject objectOf(const Message &message) const;

    TwilioOptions m_options;
    HookPoster *m_poster = nullptr;
    QHash<QString, QString> m_smsUrls{};            ///< by number sid
    QJsonObject m_service{};
    QJsonObject m_sender{};                         ///< its webhook
    QStringList m_statuses{QStringLiteral("sent"), QStringLiteral("delivered")};
    QList<Message> m_messages{};                    ///< oldest first
    QHash<QString, Timestamp> m_lastFrom{};         ///< "<customer> <number>"
    QStringList m_optedOut{};                       ///< "<customer> <number>"
    QHash<QString, int> m_fetching{};               ///< links that are still being fetched, by sid
    QList<Sent> m_sent{};
    QList<Fetched> m_fetched{};
    QStringList m_typing{};
    QStringList m_textedBack{};
};

} // namespace antiphon::demo
