#pragma once

#include "app/demo/simulatedthreads.h"

namespace antiphon::demo {

struct InstagramOptions {
    GraphApp app{.appId = QStringLiteral("880000000000001"), .appSecret = QStringLiteral("antiphon-test-instagram-secret")};
    QList<ThreadAccount> accounts{{.id = QStringLiteral("17840000000000001"),
                                   .scopedId = QStringLiteral("9900000000000001"),
                                   .name = QStringLiteral("Lantern Books"),
                                   .username = QStringLiteral("lantern.books")}};
    QString redirectUri{};                              ///< as registered; any where empty
    bool flatTokens = false;                            ///< the token's answer as it is seen live, not as the documentation has it
    bool hasHumanAgent = true;                          ///< the permission for tagged sends
    std::chrono::seconds longTokenLife{5'184'000};
};

/// How the next consent page of Instagram ends.
struct InstagramConsent {
    bool isDenied = false;
    bool isUnfit = false;               ///< "Permissions error": the application isn't live
    QStringList withheld{};             ///< permissions that the owner leaves out
    int account = 0;                    ///< who logs in
};

/// Instagram with Instagram Login on loopback: consent, short and long tokens, accounts, threads. The consent page and the codes have an address of their
/// own, as they have at Instagram. Endpoints beside the threads': "authorize", "POST oauth/access_token", "GET access_token", "GET refresh_access_token".
class SimulatedInstagram : public SimulatedThreads {
    Q_OBJECT
public:
    SimulatedInstagram(InstagramOptions options, const Clock &clock, RandomSource &random, QObject *parent = nullptr);

    Result<void> listen();
    void shutDown();
    QUrl oauthUrl() const { return m_oauth.url(); }     ///< value of ANTIPHON_INSTAGRAM_OAUTH_API
    const InstagramOptions &options() const { return m_options; }
    void consentNext(const InstagramConsent &consent) { m_consent = consent; }
    void setFlatTokens(bool flat) { m_options.flatTokens = flat; }

    /// A long token of the account.
    QString issueToken() { return SimulatedGraph::issueToken(account().id, scopes(), now() + m_options.longTokenLife); }
    void revokeTokens() { SimulatedGraph::revokeTokens(account().id); }
    static QStringList scopes() { return {QStringLiteral("instagram_business_basic"), QStringLiteral("instagram_business_manage_messages")}; }

    void customerReads(const QString &person, const QString &messageId, const GraphEvent &event = {});
    QString customerAnswersStory(const QString &person, const QString &text, const QByteArray &picture, const GraphEvent &event = {});
    QString customerMentions(const QString &person, const QByteArray &picture, const GraphEvent &event = {});
    void customerDeletes(const QString &person, const QString &messageId, const GraphEvent &event = {});
    /// The dashboard's "Test".
    void sendTest(const GraphEvent &event = {});

protected:
    Route routeOf(const SimulatedHttp::Request &request) const override;
    void perform(const Route &route, const SimulatedHttp::Request &request, const Done &done) override;
    Outcome describePerson(const ThreadPerson &person, const SimulatedHttp::Request &request) override;
    Outcome describeAccount(const ThreadAccount &account, const SimulatedHttp::Request &request) override;
    QJsonObject echoOf(const QJsonObject &asked) const override;
    void sentAlso(const QString &person, const QString &messageId) override;
    QStringList subscribable() const override;

private:
    struct Code { int account = 0; QStringList scopes{}; QString redirectUri{}; Timestamp expires{}; };

    Outcome authorize(const SimulatedHttp::Request &request);
    Outcome exchangeCode(const SimulatedHttp::Request &request);
    Outcome exchangeToken(const SimulatedHttp::Request &request);
    Outcome refreshToken(const SimulatedHttp::Request &request);
    Outcome refusedCode(const QString &message) const;
    Outcome grant(const QString &owner, const QStringList &scopes);

    InstagramOptions m_options;
    SimulatedHttp m_oauth;
    InstagramConsent m_consent{};
    QHash<QString, Code> m_codes{};
    QStringList m_shortTokens{};
};

} // namespace antiphon::demo
