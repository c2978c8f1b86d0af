#pragma once

#include "tests/flows/serverprocess.h"

#include <QList>
#include <QSignalSpy>

namespace antiphon::test {

/// A simulated TikTok, the real server as a process, and an owner's session: everything a flow from a signed webhook to an event needs.
class TiktokWorld {
public:
    explicit TiktokWorld(demo::TikTokOptions options = defaultOptions());

    static demo::TikTokOptions defaultOptions();

    /// Platform and server are up, the app is entered, the owner's session is open. An empty string, or what did not work.
    QString start();
    /// The same with the account connected by pasted tokens.
    QString startConnected();
    QString connectAccount();
    QString openSession();
    /// Ends the server without mercy and starts it again on the same folder and ports.
    QString crashAndRestart();

    demo::SimulatedTikTok &tiktok() { return m_platform.tiktok; }
    ServerProcess &server() { return m_server; }
    DeskClient &client() { return *m_client; }
    DeskApi &api() { return *m_api; }
    const Inbox &inbox() const { return m_inbox; }

    /// The conversation with this source id; nothing while there is none.
    std::optional<Conversation> conversation(const QString &sourceId);
    QList<Message> messages(const QString &sourceId);
    std::optional<Message> message(const QString &sourceId, const QString &messageSourceId);
    qint64 stat(const QString &name);

    const QList<DeskEvent> &events() const { return m_events; }
    int countEvents(const QString &type) const;

private:
    Platform m_platform;
    ServerProcess m_server;
    std::unique_ptr<DeskClient> m_client;
    std::unique_ptr<DeskApi> m_api;
    QList<DeskEvent> m_events;
    Inbox m_inbox{};
};

/// A TCP port of loopback that was free a moment ago.
quint16 freePort();

} // namespace antiphon::test
