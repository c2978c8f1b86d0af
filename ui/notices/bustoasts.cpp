#include "ui/notices/bustoasts.h"

#include "core/base/logging.h"

#include <QCoreApplication>
#include <QDBusError>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusServiceWatcher>
#include <QGuiApplication>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::BusToasts)
};

const QString kService = u"org.freedesktop.Notifications"_s;
const QString kPath = u"/org/freedesktop/Notifications"_s;
const QString kApplication = u"org.antiphon.Antiphon"_s;      // its desktop file and its icon
const QString kOpen = u"default"_s;
const QString kRead = u"read"_s;
constexpr char kTokenVariable[] = "XDG_ACTIVATION_TOKEN";
constexpr int kAsTheDesktopLikes = -1;
constexpr uchar kNormal = 1;

QDBusMessage callOf(const QString &method)
{
    return QDBusMessage::createMethodCall(kService, kPath, kService, method);
}

} // namespace

BusToasts::BusToasts(const QDBusConnection &bus, QObject *parent)
    : Toasts(parent)
    , m_bus(bus)
{
    if (!m_bus.isConnected())
        return;
    m_bus.connect(kService, kPath, kService, u"ActionInvoked"_s, this, SLOT(takeAction(uint,QString)));
    m_bus.connect(kService, kPath, kService, u"NotificationClosed"_s, this, SLOT(takeClosed(uint,uint)));
    m_bus.connect(kService, kPath, kService, u"ActivationToken"_s, this, SLOT(takeToken(uint,QString)));
    auto *watcher = new QDBusServiceWatcher(kService, m_bus, QDBusServiceWatcher::WatchForOwnerChange, this);
    connect(watcher, &QDBusServiceWatcher::serviceOwnerChanged, this, [this](const QString &, const QString &before) {
        if (!before.isEmpty())
            begin();
    });
}

/// Another service knows nothing of what the former one showed.
void BusToasts::begin()
{
    m_capabilities.reset();
    for (auto it = m_shown.begin(); it != m_shown.end(); ++it)
        it->id = 0;
}

void BusToasts::show(const Toast &toast)
{
    if (!m_bus.isConnected()) {               // a call there would never end
        emit notShown(toast);
        return;
    }
    if (!m_capabilities) {
        m_waiting.removeIf([&toast](const Toast &waiting) { return waiting.key == toast.key; });
        m_waiting.append(toast);
        askWhatItCan();
        return;
    }
    Shown &shown = m_shown[toast.key];
    shown.shallClose = false;
    if (shown.isAsking)
        shown.next = toast;
    else
        send(toast);
}

void BusToasts::askWhatItCan()
{
    if (std::exchange(m_isAsking, true))
        return;
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(callOf(u"GetCapabilities"_s)), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, &BusToasts::takeCapabilities);
}

void BusToasts::takeCapabilities(QDBusPendingCallWatcher *call)
{
    call->deleteLater();
    m_isAsking = false;
    const QDBusPendingReply<QStringList> reply = *call;
    const QList<Toast> waiting = std::exchange(m_waiting, {});
    if (reply.isError()) {
        if (!std::exchange(m_isMissing, true))       // said once, not with every message
            qCInfo(lcUi).noquote() << "the desktop shows no notifications:" << reply.error().name();
        for (const Toast &toast : waiting) {
            if (reply.error().type() == QDBusError::ServiceUnknown)
                emit notShown(toast);
            else
                takeRefusal(toast, std::nullopt);
        }
        return;
    }
    m_isMissing = false;
    m_capabilities = reply.value();
    for (const Toast &toast : waiting)
        show(toast);
}

QVariantList BusToasts::argumentsOf(const Toast &toast, uint replaces) const
{
    QStringList actions;
    if (m_capabilities->contains("actions"_L1)) {
        actions << kOpen << Words::tr("Open");
        if (toast.canMarkRead)
            actions << kRead << Words::tr("Mark as read");
    }
    // The body is markup where the service knows any: a customer's words must come out as they were written.
    const QString body = m_capabilities->contains("body-markup"_L1) ? toast.body.toHtmlEscaped() : toast.body;
    QVariantMap hints{{u"desktop-entry"_s, kApplication}, {u"category"_s, u"im.received"_s}, {u"urgency"_s, QVariant::fromValue(kNormal)}};
    if (toast.isSilent)
        hints.insert(u"suppress-sound"_s, true);
    else
        hints.insert(u"sound-name"_s, u"message-new-instant"_s);
    return {u"Antiphon"_s, replaces, kApplication, toast.title, body, actions, hints, kAsTheDesktopLikes};
}

void BusToasts::send(const Toast &toast)
{
    Shown &shown = m_shown[toast.key];
    shown.isAsking = true;
    QDBusMessage message = callOf(u"Notify"_s);
    message.setArguments(argumentsOf(toast, shown.id));
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(message), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, toast](QDBusPendingCallWatcher *call) { takeShown(toast, call); });
}

void BusToasts::takeShown(const Toast &toast, QDBusPendingCallWatcher *call)
{
    call->deleteLater();
    const QDBusPendingReply<uint> reply = *call;
    Shown &shown = m_shown[toast.key];
    shown.isAsking = false;
    const std::optional<Toast> next = std::exchange(shown.next, std::nullopt);
    if (reply.isError()) {
        qCInfo(lcUi).noquote() << "the desktop did not show a notification:" << reply.error().name();
        m_capabilities.reset();                // whoever comes next is asked first
        takeRefusal(toast, next);
        return;
    }
    shown.id = reply.value();
    emit this->shown(toast.key);
    if (shown.shallClose) {
        takeDown(shown.id);
        m_shown.remove(toast.key);
    } else if (next) {
        show(*next);
    }
}

/// What stood there before still does, and is still to be closed when its time comes.
void BusToasts::takeRefusal(const Toast &toast, const std::optional<Toast> &next)
{
    const Shown shown = m_shown.value(toast.key);
    if (shown.shallClose)
        takeDown(shown.id);
    if (shown.shallClose || shown.id == 0)
        m_shown.remove(toast.key);
    if (shown.shallClose)
        return;
    if (next) {
        show(*next);
        return;
    }
    emit refused(toast);
    if (shown.id == 0)
        emit closed(toast.key);
}

void BusToasts::close(const QString &key)
{
    m_waiting.removeIf([&key](const Toast &waiting) { return waiting.key == key; });
    const auto found = m_shown.find(key);
    if (found == m_shown.end())
        return;
    if (found->isAsking) {
        found->next.reset();
        found->shallClose = true;
        return;
    }
    takeDown(found->id);
    m_shown.erase(found);
}

void BusToasts::takeDown(uint id)
{
    if (id == 0)
        return;
    QDBusMessage message = callOf(u"CloseNotification"_s);
    message.setArguments({id});
    m_bus.send(message);
}

QString BusToasts::keyOf(uint id) const
{
    for (auto it = m_shown.cbegin(); it != m_shown.cend(); ++it) {
        if (id != 0 && it->id == id)
            return it.key();
    }
    return {};
}

void BusToasts::takeAction(uint id, const QString &action)
{
    const QString key = keyOf(id);             // the signal comes to every program, also of others' notifications
    if (key.isEmpty())
        return;
    const QByteArray token = std::exchange(m_token, {});
    if (action == kOpen) {
        // Other threads read the environment: it is changed only where Qt can take the token from nowhere else, and not for longer than the window needs.
        const bool isNeeded = !token.isEmpty() && QGuiApplication::platformName().startsWith("wayland"_L1);
        if (isNeeded)
            qputenv(kTokenVariable, token);
        emit activated(key);
        if (isNeeded)
            qunsetenv(kTokenVariable);
    } else if (action == kRead) {
        emit readRequested(key);
    }
}

void BusToasts::takeClosed(uint id, uint)
{
    const QString key = keyOf(id);
    if (key.isEmpty())
        return;
    if (m_shown.value(key).isAsking) {
        m_shown[key].id = 0;                   // its successor is on the way, and is what stands there then
        return;
    }
    m_shown.remove(key);
    emit closed(key);
}

/// With it the window may come to the front where programs mustn't push themselves there. It comes before the click that it belongs to.
void BusToasts::takeToken(uint id, const QString &token)
{
    if (!keyOf(id).isEmpty())
        m_token = token.toUtf8();
}

} // namespace antiphon
