#pragma once

#include "app/host/options.h"
#include "core/base/mailbox.h"
#include "core/base/random.h"
#include "core/channels/channelregistry.h"
#include "core/secrets/secretstoreopener.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace antiphon {

/// The whole server, wired: store, secrets, accounts, intake, outbox, desk and the two listeners. Lives in the net thread.
/// Nothing here decides anything; it makes the rooms in their order and takes them down in the other.
class ServerModule final : public QObject {
    Q_OBJECT
public:
    struct Setup {
        Options options{};
        QString dataDir{};
        QString ownerToken{};
        std::shared_ptr<const ChannelRegistry> channels{};
        SecretsHome secrets = SecretsHome::Automatic;
    };

    explicit ServerModule(const Setup &setup, QObject *parent = nullptr);
    ~ServerModule() override;

    void open();                       ///< ends with ready or failed
    void noteReachable(bool isReachable);   ///< the system says whether there is a network
    void noteNetwork();                     ///< it is another one, or back: whatever waits for its next try needn't
    void close();                      ///< ends with closed: nothing new is taken, what is under way ends, the store has its mark

signals:
    void ready(int intakePort, int deskPort);
    void failed(const antiphon::Error &error);
    void closed();

private:
    struct Rooms;

    Result<void> openStore();
    void openSecrets();
    Result<void> openRooms();
    Result<void> openIntakeServer();
    Result<void> openDeskServer();
    void connectRooms();
    void startWork();
    void takeDown();
    void fetchTemplates();
    void announce();
    void fail(const Error &error);

    Setup m_setup;
    SystemClock m_clock;
    SystemRandom m_random;
    Mailbox m_mailbox{this};          // a child, so that it moves to the net thread too
    QTimer m_templates{this};
    std::unique_ptr<Rooms> m_rooms;
    int m_descriptors = 0;            ///< that this process may have
    bool m_isAnnounced = false;
    bool m_isClosing = false;
};

} // namespace antiphon
