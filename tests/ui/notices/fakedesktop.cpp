#include "tests/ui/notices/fakedesktop.h"

#include <QFile>
#include <QStandardPaths>

namespace antiphon::test {
using namespace Qt::StringLiterals;

namespace {
const QString kService = u"org.freedesktop.Notifications"_s;
const QString kPath = u"/org/freedesktop/Notifications"_s;
constexpr int kPatienceMs = 30'000;

/// Without the folders of services: a name that nobody has taken is unknown here, whatever is installed on the machine.
const QString kConfiguration = uR"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=%1</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)"_s;
QString program()
{
    return QStandardPaths::findExecutable(u"dbus-daemon"_s);
}

} // namespace

bool OwnBus::isInstalled()
{
    return !program().isEmpty();
}

OwnBus::OwnBus()
{
    QFile configuration(m_place.filePath(u"bus.conf"_s));
    if (!configuration.open(QIODevice::WriteOnly) || configuration.write(kConfiguration.arg(m_place.path()).toUtf8()) < 0 || !configuration.flush()) {
        m_problem = configuration.errorString();
        return;
    }
    m_daemon.start(program(), {u"--config-file="_s + configuration.fileName(), u"--nofork"_s, u"--nopidfile"_s, u"--print-address"_s});
    if (!m_daemon.waitForReadyRead(kPatienceMs)) {
        m_problem = u"dbus-daemon does not start: "_s + QString::fromLocal8Bit(m_daemon.readAllStandardError()).trimmed();
        return;
    }
    m_address = QString::fromLocal8Bit(m_daemon.readLine()).trimmed();
}

OwnBus::~OwnBus()
{
    for (const QString &name : std::as_const(m_names))
        QDBusConnection::disconnectFromBus(name);
    m_daemon.terminate();
    if (!m_daemon.waitForFinished(kPatienceMs)) {
        m_daemon.kill();
        m_daemon.waitForFinished(kPatienceMs);
    }
}

QDBusConnection OwnBus::connection(const QString &name)
{
    m_names.append(name);
    return QDBusConnection::connectToBus(m_address, name);
}

FakeDesktop::FakeDesktop(const QDBusConnection &bus)
    : m_bus(bus)
{
}

bool FakeDesktop::appear()
{
    return m_bus.registerObject(kPath, this, QDBusConnection::ExportScriptableSlots | QDBusConnection::ExportScriptableSignals) && m_bus.registerService(kService);
}

void FakeDesktop::vanish()
{
    m_bus.unregisterService(kService);
    m_bus.unregisterObject(kPath);
}

QStringList FakeDesktop::GetCapabilities()
{
    if (!refusal.isEmpty() && !refusesOnlyToasts)
        sendErrorReply(refusal, u"for the test"_s);
    return capabilities;
}

uint FakeDesktop::Notify(const QString &application, uint replaces, const QString &icon, const QString &summary, const QString &body, const QStringList &actions,
                         const QVariantMap &hints, int timeout)
{
    if (beforeAnswer)
        beforeAnswer(replaces);
    if (!refusal.isEmpty()) {
        sendErrorReply(refusal, u"for the test"_s);
        return 0;
    }
    const uint id = replaces != 0 ? replaces : ++m_last;
    notices.append({application, replaces, icon, summary, body, actions, hints, timeout, id});
    return id;
}

void FakeDesktop::CloseNotification(uint id)
{
    closed.append(id);
    emit NotificationClosed(id, 3);
}

void FakeDesktop::invoke(uint id, const QString &action)
{
    emit ActionInvoked(id, action);
    emit NotificationClosed(id, 2);
}

void FakeDesktop::dismiss(uint id, uint reason)
{
    emit NotificationClosed(id, reason);
}

} // namespace antiphon::test
