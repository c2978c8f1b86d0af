#pragma once

#include "app/demo/demoworld.h"
#include "app/demo/simulatorthread.h"
#include "core/client/deskapi.h"

#include <QTemporaryDir>

#include <memory>

namespace antiphon {

/// The demo around a server: simulated platforms, a throw-away data folder, and the first minutes of an owner who enters the apps and connects the accounts,
/// all over real HTTP. The scripts begin when the server's webhooks are known.
class DemoRun : public QObject {
    Q_OBJECT
public:
    explicit DemoRun(double speed = 1.0, QObject *parent = nullptr);
    ~DemoRun() override;

    /// Starts the platforms and points the environment of this process at them. Unavailable where loopback or the folder can't be had.
    Result<void> begin();
    QString dataDir() const { return m_folder.path(); }

    /// Names the workspace, enters the apps' ids and secrets and connects the accounts, once the desk is open. `done` comes in this thread.
    void connectAccount(const QUrl &desk, const QString &token, std::function<void(Result<void>)> done);

    demo::SimulatorThread<demo::DemoWorld> &world() { return *m_world; }

signals:
    void named();      ///< the workspace has its name: a window that opens now shows it

private:
    void enterApp(std::function<void(Result<void>)> done);
    void createInbox(std::function<void(Result<void>)> done);
    struct Account;
    /// Enters the app where the account has one, connects it, and tells its platform the webhook; then the next.
    void connectNext(std::function<void(Result<void>)> done);
    void createTyped(const Account &account, std::function<void(Result<void>)> done);

    double m_speed;
    QList<Account> m_waiting;      ///< accounts still to be connected
    QTemporaryDir m_folder;
    std::unique_ptr<demo::SimulatorThread<demo::DemoWorld>> m_world;
    std::unique_ptr<DeskClient> m_client;
    std::unique_ptr<DeskApi> m_api;
};

} // namespace antiphon
