#pragma once

#include "app/host/servermodule.h"

#include <QThread>

namespace antiphon {

class NetworkWatch;

/// The server in a net thread of its own, for both programs. Lives in the main thread.
class ServerHost final : public QObject {
    Q_OBJECT
public:
    explicit ServerHost(const ServerModule::Setup &setup, QObject *parent = nullptr);
    ~ServerHost() override;             ///< closes first where that has not happened

    void start();
    void stop();                        ///< ends with stopped

    /// All platforms of this version, with the overrides of the environment. Invalid with the variable's name.
    static Result<std::shared_ptr<const ChannelRegistry>> makeChannels();

signals:
    void ready(int intakePort, int deskPort);
    void failed(const antiphon::Error &error);
    void stopped();

private:
    QThread m_thread;
    ServerModule *m_module;             ///< lives in m_thread
    NetworkWatch *m_network;            ///< lives in the main thread
    bool m_isStopped = false;
};

} // namespace antiphon
