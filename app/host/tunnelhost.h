#pragma once

#include "core/accounts/accounts.h"
#include "core/base/mailbox.h"
#include "core/channels/channelregistry.h"
#include "core/secrets/secretstore.h"
#include "core/server/intakeserver.h"
#include "core/store/database.h"
#include "core/tunnel/tunnel.h"
#include "core/tunnel/tunnelservice.h"

#include <QObject>

#include <mutex>

namespace antiphon {

/// Ties the tunnel to the rest: its choice rests in the database, its token sealed; its address is given to the intake port, the accounts and
/// the platforms; what it does is told to the sessions. Lives in the net thread.
class TunnelHost final : public QObject, public TunnelService {
    Q_OBJECT
public:
    struct Surroundings {
        Database &database;
        const ChannelRegistry &channels;
        HttpClient &http;
        const Clock &clock;
        RandomSource &random;
        Mailbox &mailbox;
        IntakeServer &intakeServer;    ///< open
        QUrl optionUrl{};              ///< --public-url: wins over what is chosen here; empty: not given
    };

    explicit TunnelHost(const Surroundings &surroundings, QObject *parent = nullptr);
    ~TunnelHost() override;

    /// Once both are there. @param secrets outlives the database's Writer, which seals in its closures
    void setRooms(Accounts &accounts, SecretStore &secrets);
    void start();                      ///< reads the choice and begins; again once the secrets are open
    void stop();
    void networkChanged() { m_tunnel.networkChanged(); }    ///< what waits for its next try needn't

    QString publicUrl() const;         ///< what platforms are given; empty: nothing yet. Any thread.

    QJsonObject tunnel() const override;
    void setTunnel(const QJsonObject &params, Done done) override;
    void checkTunnel(Done done) override;

signals:
    void wentDown(antiphon::Timestamp from);
    void cameUp();

private:
    struct Choice {
        TunnelSettings settings{};
        QByteArray sealedToken{};
    };
    static Result<Choice> readChoice(ReadTransaction &tx);
    void takeChoice(const Choice &choice);
    void begin();
    void useAddress();
    void publish();
    QJsonObject render() const;
    void renderAddress(QJsonObject &json) const;
    void tellSessions();

    Database &m_database;
    const ChannelRegistry &m_channels;
    Mailbox &m_mailbox;
    IntakeServer &m_intakeServer;
    const QUrl m_optionUrl;
    Tunnel m_tunnel;
    Accounts *m_accounts = nullptr;
    SecretStore *m_secrets = nullptr;
    TunnelSettings m_settings;         ///< as chosen, also where the option wins
    TunnelSecrets m_token;
    bool m_hasToken = false;           ///< one is stored, whether or not it can be opened now
    bool m_isRead = false;             ///< from the database
    QUrl m_used;                       ///< given to the platforms
    bool m_isStopped = false;          ///< the rooms around may be gone

    mutable std::mutex m_mutex;        ///< of the two below
    QJsonObject m_shown;
    QString m_publicUrl;
};

} // namespace antiphon
