#pragma once

#include "ui/notices/toasts.h"

#include <QDBusConnection>
#include <QHash>
#include <QStringList>

#include <optional>

class QDBusPendingCallWatcher;

namespace antiphon {

/// The desktop's own notifications: org.freedesktop.Notifications, version 1.2 of its specification. Nothing blocks; what the service can do is asked before the
/// first one, and again where another service takes its place.
class BusToasts final : public Toasts {
    Q_OBJECT
public:
    explicit BusToasts(const QDBusConnection &bus, QObject *parent = nullptr);

    void show(const Toast &toast) override;
    void close(const QString &key) override;

private slots:
    void takeAction(uint id, const QString &action);
    void takeClosed(uint id, uint reason);
    void takeToken(uint id, const QString &token);

private:
    /// What is known of one key. While its call is under way the id isn't known, and what comes meanwhile waits for it.
    struct Shown {
        uint id = 0;
        bool isAsking = false;
        bool shallClose = false;
        std::optional<Toast> next{};
    };

    void askWhatItCan();
    void takeCapabilities(QDBusPendingCallWatcher *call);
    void send(const Toast &toast);
    void takeShown(const Toast &toast, QDBusPendingCallWatcher *call);
    void takeRefusal(const Toast &toast, const std::optional<Toast> &next);
    void takeDown(uint id);
    void begin();
    QString keyOf(uint id) const;
    QVariantList argumentsOf(const Toast &toast, uint replaces) const;

    QDBusConnection m_bus;
    std::optional<QStringList> m_capabilities;
    bool m_isAsking = false;
    bool m_isMissing = false;                // there is no service, and the log says so
    QList<Toast> m_waiting;                  // until the capabilities are known
    QHash<QString, Shown> m_shown;
    QByteArray m_token;                      // of the click that is about to come
};

} // namespace antiphon
