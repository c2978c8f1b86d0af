#pragma once

#include "app/demo/simulatedtiktok.h"
#include "app/demo/simulatorthread.h"
#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/client/deskapi.h"
#include "tests/bench/localserver.h"

#include <QTemporaryDir>

#include <memory>

namespace antiphon::bench {

/// The real server in this process, in its own threads, on a throw-away data folder, with a simulated TikTok in another thread, and an owner's session.
class BenchWorld {
public:
    /// @param folder where the data folder is made
    explicit BenchWorld(const QString &folder);
    ~BenchWorld();

    /// Everything is up: the app is entered and the account connected. An empty string, or what did not work.
    QString start();

    QString database() const { return m_folder.filePath(QStringLiteral("antiphon.db")); }
    const LocalServer &server() const { return m_server; }
    DeskApi &api() { return *m_api; }
    DeskClient &client() { return *m_client; }
    QByteArray appSecret() const { return m_platformOptions.appSecret.toUtf8(); }

    /// Makes customers that TikTok knows.
    void startConversations(int count);
    /// The body of a message nobody has sent before, from the customer of `conversation`. @param id gets the message's source id.
    QByteArray newMessage(int conversation, const QString &text, QString *id = nullptr);
    /// The same as a whole, signed HTTP request to `port`.
    QByteArray newRequest(quint16 port, int conversation, const QString &text, QString *id = nullptr);

private:
    struct Platform {
        SystemClock clock{};
        SystemRandom random{};
        demo::SimulatedTikTok tiktok;
        Result<void> listening{};

        explicit Platform(const demo::TikTokOptions &options) : tiktok(options, clock, random) { listening = tiktok.listen(); }
    };

    QString connectAccount();

    QTemporaryDir m_folder;
    demo::TikTokOptions m_platformOptions{};
    SystemClock m_clock{};
    SystemRandom m_random{};
    std::unique_ptr<demo::SimulatorThread<Platform>> m_platform{};
    LocalServer m_server{};
    std::unique_ptr<DeskClient> m_client{};
    std::unique_ptr<DeskApi> m_api{};
    QList<demo::SceneConversation> m_conversations{};
};

} // namespace antiphon::bench
