#pragma once

#include <QDBusConnection>
#include <QDBusContext>
#include <QObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>
#include <QVariantMap>

#include <functional>

namespace antiphon::test {

/// A bus of the test's own, that starts no services and knows nothing of the machine's. Where it can't be, `problem` says so.
class OwnBus {
public:
    OwnBus();
    ~OwnBus();

    static bool isInstalled();                                 ///< there is a dbus-daemon
    QString problem() const { return m_problem; }
    QDBusConnection connection(const QString &name);           ///< another seat on it, under this name

private:
    QTemporaryDir m_place;
    QProcess m_daemon;
    QString m_address;
    QString m_problem;
    QStringList m_names;
};

/// org.freedesktop.Notifications as a desktop has it, writing down what it is given.
class FakeDesktop : public QObject, protected QDBusContext {
    Q_OBJECT
    Q_CLASSINFO("D-Bus Interface", "org.freedesktop.Notifications")
public:
    struct Notice {
        QString application{};
        uint replaces = 0;
        QString icon{};
        QString summary{};
        QString body{};
        QStringList actions{};
        QVariantMap hints{};
        int timeout = 0;
        uint id = 0;
    };

    explicit FakeDesktop(const QDBusConnection &bus);

    bool appear();                                              ///< takes the service's name
    void vanish();
    void invoke(uint id, const QString &action);
    void dismiss(uint id, uint reason = 2);

    QStringList capabilities{QStringLiteral("body"), QStringLiteral("body-markup"), QStringLiteral("actions")};
    QList<Notice> notices;
    QList<uint> closed;
    QString refusal{};                                          ///< the error's name that Notify and GetCapabilities give
    bool refusesOnlyToasts = false;
    std::function<void(uint replaces)> beforeAnswer{};          ///< in Notify

public slots:
    Q_SCRIPTABLE QStringList GetCapabilities();
    Q_SCRIPTABLE uint Notify(const QString &application, uint replaces, const QString &icon, const QString &summary, const QString &body, const QStringList &actions,
                             const QVariantMap &hints, int timeout);
    Q_SCRIPTABLE void CloseNotification(uint id);

signals:
    Q_SCRIPTABLE void NotificationClosed(uint id, uint reason);
    Q_SCRIPTABLE void ActionInvoked(uint id, const QString &action);
    Q_SCRIPTABLE void ActivationToken(uint id, const QString &token);

private:
    QDBusConnection m_bus;
    uint m_last = 0;
};

} // namespace antiphon::test
