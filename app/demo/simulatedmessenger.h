#pragma once

#include "app/demo/simulatedthreads.h"

namespace antiphon::demo {

class SimulatedPageInstagram;

struct MessengerOptions {
    GraphApp app{.appSecret = QStringLiteral("antiphon-test-facebook-secret")};
    QList<ThreadAccount> pages{{.id = QStringLiteral("300000000000001"), .name = QStringLiteral("Lantern Books"), .username = QStringLiteral("lantern.books")}};
    bool delivers = true;               ///< a delivery receipt behind every echo of an API send
};

/// Messenger on loopback: Pages, their threads and receipts. Every call needs its appsecret_proof.
class SimulatedMessenger : public SimulatedThreads {
    Q_OBJECT
public:
    SimulatedMessenger(MessengerOptions options, const Clock &clock, RandomSource &random, QObject *parent = nullptr);

    /// A Page's token.
    QString issueToken() { return SimulatedGraph::issueToken(account().id); }
    QString issueToken(const QStringList &scopes) { return SimulatedGraph::issueToken(account().id, scopes); }
    void revokeTokens() { SimulatedGraph::revokeTokens(account().id); }
    /// The Instagram accounts that are linked to these Pages are reached at this address, too.
    void link(SimulatedPageInstagram &instagram) { m_linked = &instagram; }
    QStringList subscribed() const { return subscribedFields(account().id); }       ///< of the Page

    void customerReads(const QString &person, Timestamp upTo, const GraphEvent &event = {});
    /// @param messageIds may be empty, as the platform's may.
    void tellDelivery(const QString &person, const QStringList &messageIds, Timestamp upTo, const GraphEvent &event = {});
    /// Another application's echo: its id, and its own metadata.
    QString otherAppWrites(const QString &person, const QString &text, qint64 appId, const GraphEvent &event = {});
    /// pass_thread_control, take_thread_control, request_thread_control.
    void handOver(const QString &person, const QString &what, const QJsonObject &about, const GraphEvent &event = {});

protected:
    void handle(const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer) override;
    Outcome describePerson(const ThreadPerson &person, const SimulatedHttp::Request &request) override;
    Outcome describeAccount(const ThreadAccount &account, const SimulatedHttp::Request &request) override;
    QJsonObject echoOf(const QJsonObject &asked) const override;
    void sentAlso(const QString &person, const QString &messageId) override;
    QStringList subscribable() const override;

private:
    bool m_delivers;
    SimulatedPageInstagram *m_linked = nullptr;
};

} // namespace antiphon::demo
