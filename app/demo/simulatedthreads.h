#pragma once

#include "app/demo/simulatedgraph.h"

#include <QMap>

namespace antiphon::demo {

/// A professional account at Instagram, or a Page.
struct ThreadAccount {
    QString id{};                       ///< as webhooks have it: `user_id` of Instagram, the Page's id
    QString scopedId{};                 ///< Instagram: what `id` of /me and of the token's answer is
    QString name{};
    QString username{};
    QString pageId{};                   ///< Instagram by way of a Page: which one
};

/// A person who writes to an account.
struct ThreadPerson {
    QString id{};                       ///< scoped to the account; made where empty
    QString name{};
    QString username{};
    int profileCode = 0;                ///< an error that the profile answers instead, with its subcode
    int profileSubcode = 0;
};

struct ThreadMessage {
    QString id{};
    Timestamp at{};
    bool fromBusiness = false;
    QJsonObject content{};              ///< {"text": …, "attachments": […]} as webhooks have it
    bool isListed = true;
};

/// A file or card in a message of a customer or an owner.
struct ThreadFile {
    QString type = QStringLiteral("image");
    QByteArray bytes{};
    QByteArray mime{};
    QJsonObject payload{};              ///< merged into the payload: {"title": …}
};

/// Instagram's and Messenger's direct messages: one language of events, sends and lists, with what differs left to the two.
/// A person is known by meet(); at() chooses the account. Echoes of API sends follow by setEcho().
class SimulatedThreads : public SimulatedGraph {
    Q_OBJECT
public:
    const QList<ThreadAccount> &accounts() const { return m_accounts; }
    const ThreadAccount &account() const { return m_accounts[m_at]; }
    void at(int account) { m_at = account; }

    QString meet(const ThreadPerson &person);                   ///< their id
    ThreadPerson *person(const QString &id);

    // Customers. The id of the message.
    QString customerWrites(const QString &person, const QString &text, const GraphEvent &event = {});
    QString customerSendsFiles(const QString &person, const QList<ThreadFile> &files, const QString &text = {}, const GraphEvent &event = {});
    QString customerSends(const QString &person, const QJsonObject &message, const GraphEvent &event = {});
    QString customerTaps(const QString &person, const QString &title, const QString &payload, const GraphEvent &event = {});
    void customerEdits(const QString &person, const QString &messageId, const QString &text, int revision = 1, const GraphEvent &event = {});
    void customerReacts(const QString &person, const QString &messageId, const QString &reaction, const QString &emoji, bool added = true, const GraphEvent &event = {});
    void customerArrivesBy(const QString &person, const QJsonObject &referral, const GraphEvent &event = {});

    // The business, outside Antiphon
    QString appWrites(const QString &person, const QString &text, const GraphEvent &event = {});
    /// An echo; `message` may name {"app_id", "metadata", "attachments"}.
    QString businessSends(const QString &person, const QJsonObject &message, const GraphEvent &event = {});
    /// Any element of `messaging`, from the customer or from the business; times are added.
    void tellElement(const QString &person, bool fromBusiness, QJsonObject element, const GraphEvent &event = {});
    /// An entry that isn't about a thread: {"changes": […]}.
    void tellEntry(QJsonObject entry, const GraphEvent &event = {});

    /// An address of this server under which the bytes lie for everybody who has it.
    QUrl offerFile(const QByteArray &bytes, const QByteArray &mime);

    QList<ThreadMessage> messages(const QString &person) const { return m_threads.value(person).messages; }
    struct Sent { QString id{}; QString to{}; QJsonObject body{}; QByteArray file{}; QByteArray mime{}; };
    const QList<Sent> &sent() const { return m_sent; }          ///< what the API took, oldest first
    QStringList signs() const { return m_signs; }               ///< sender actions, oldest first
    void setNeedsProof(bool needs) { m_rules.needsProof = needs; }
    void forgetSubscriptions() { m_subscribed.clear(); }        ///< as who removes the application at the platform

signals:
    void messageSent(const QString &person, const QString &messageId, const QString &text);

protected:
    struct Rules {
        QString object{};               ///< "instagram", "page"
        QString idPrefix{};             ///< of messages
        qsizetype longestText = 0;
        bool countsBytes = false;
        int windowSubcode = 0;
        bool needsMessagingType = false;
        bool needsProof = false;        ///< appsecret_proof on every call
        QStringList sendable{};         ///< types of attachments
        QStringList messageKeys{};
    };

    SimulatedThreads(GraphApp app, QList<ThreadAccount> accounts, Rules rules, const Clock &clock, RandomSource &random, QObject *parent);

    Route routeOf(const SimulatedHttp::Request &request) const override;
    void perform(const Route &route, const SimulatedHttp::Request &request, const Done &done) override;
    bool isOnlySign(const SimulatedHttp::Request &request) const override;
    QJsonObject webhookBody(const QJsonArray &entries) const override;

    virtual Outcome describePerson(const ThreadPerson &person, const SimulatedHttp::Request &request) = 0;
    virtual Outcome describeAccount(const ThreadAccount &account, const SimulatedHttp::Request &request) = 0;
    virtual QJsonObject echoOf(const QJsonObject &asked) const = 0;     ///< what an echo of an API send says beside its content
    virtual void sentAlso(const QString &person, const QString &messageId) = 0;    ///< receipts behind the echo
    /// The fields of an account's subscription that exist, else 100.
    virtual QStringList subscribable() const = 0;

    virtual const ThreadAccount *accountOf(const QString &node, const QString &token);
    /// 190 and its like, 100 without a right proof.
    virtual std::optional<Outcome> refusedCall(const SimulatedHttp::Request &request, const QString &accountId);
    /// Where files and further pages lie.
    virtual QString baseUrl() const { return apiUrl().toString(); }
    /// Whether a request is about a thread, a person, a message or a file of this platform.
    bool knows(const SimulatedHttp::Request &request) const;
    std::optional<Timestamp> lastFrom(const QString &person) const { return m_threads.value(person).lastFromCustomer; }
    QString pictureOf(const QString &seed) const;
    bool isPersonal(const QString &id) const { return m_threads.contains(id); }
    QStringList subscribedFields(const QString &accountId) const { return m_subscribed.value(accountId); }

private:
    struct Thread { ThreadPerson person{}; QString accountId{}; QString id{}; QList<ThreadMessage> messages{}; Timestamp updated{}; std::optional<Timestamp> lastFromCustomer{}; };
    struct File { QByteArray bytes{}; QByteArray mime{}; };
    struct Asked { QString to{}; QJsonObject message{}; QJsonObject body{}; QByteArray file{}; QByteArray mime{}; };

    void addMessage(const QString &person, const ThreadMessage &message);
    Outcome subscription(const QString &accountId, const SimulatedHttp::Request &request);
    // simulatedthreadscalls.cpp
    void send(const QString &accountId, const SimulatedHttp::Request &request, const Done &done);
    std::optional<Outcome> readSend(const SimulatedHttp::Request &request, Asked &asked);
    std::optional<Outcome> refusedSend(const QString &accountId, const Asked &asked);
    Outcome takeSign(const Asked &asked);
    void fetchFile(const Asked &asked, const QString &type, const std::function<void(std::optional<Outcome>, const Asked &)> &done);
    std::optional<Outcome> refusedFile(const QString &type, const QByteArray &mime, qint64 size);
    Outcome take(const Asked &asked);
    Outcome listThreads(const QString &accountId, const SimulatedHttp::Request &request);
    Outcome getThread(const QString &id, const SimulatedHttp::Request &request);
    Outcome getMessage(const QString &id, const SimulatedHttp::Request &request);
    QJsonObject listedThread(const Thread &thread, const QStringList &fields) const;
    QJsonObject listedMessage(const Thread &thread, const ThreadMessage &message) const;
    QJsonObject party(const Thread &thread, bool business) const;

    QList<ThreadAccount> m_accounts;
    Rules m_rules;
    int m_at = 0;
    QMap<QString, Thread> m_threads{};          ///< by person
    QHash<QString, File> m_files{};             ///< by path
    QHash<QString, QStringList> m_subscribed{}; ///< fields by account
    QList<Sent> m_sent{};
    QStringList m_signs{};
};

} // namespace antiphon::demo
