#include "app/host/keepawake.h"

#include "core/base/logging.h"
#include "core/store/inboxrepository.h"
#include "core/store/settingrepository.h"

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr Milliseconds kAgain{60'000};

} // namespace

KeepAwake::KeepAwake(Database &database, Mailbox &mailbox, QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_mailbox(mailbox)
    , m_alive(std::make_shared<bool>(true))
{
    m_again.setInterval(kAgain);
    connect(&m_again, &QTimer::timeout, this, &KeepAwake::look);
}

KeepAwake::~KeepAwake()
{
    *m_alive = false;
}

void KeepAwake::look()
{
    m_database.read<Wish>(
        "keep awake",
        [](ReadTransaction &tx) -> Result<Wish> {
            const auto value = settings::value(tx, u"keep_awake"_s);
            if (!value)
                return value.error();
            const QString word = value->value_or(QJsonValue()).toString();
            const auto rows = inboxes::list(tx);
            if (!rows)
                return rows.error();
            const bool isConnected = std::any_of(rows->cbegin(), rows->cend(), [](const auto &row) { return row.inbox.state == Inbox::State::Active; });
            return !isConnected ? Wish::Off : word == "always"_L1 ? Wish::Always : word == "on_mains"_L1 ? Wish::OnMains : Wish::Off;
        },
        m_mailbox, [this, alive = m_alive](const Result<Wish> &wish) {
            if (*alive && wish)
                follow(*wish);
        });
}

void KeepAwake::follow(Wish wish)
{
    switch (wish) {
    case Wish::Off:
        m_again.stop();
        m_inhibitor = QDBusUnixFileDescriptor();
        return tell(u"off"_s);
    case Wish::Always: m_again.start(); return inhibit();
    case Wish::OnMains: m_again.start(); return askForMains();
    }
}

void KeepAwake::askForMains()
{
    if (!QDBusConnection::systemBus().isConnected())
        return inhibit();
    QDBusMessage ask = QDBusMessage::createMethodCall(u"org.freedesktop.UPower"_s, u"/org/freedesktop/UPower"_s, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    ask.setArguments({u"org.freedesktop.UPower"_s, u"OnBattery"_s});
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::systemBus().asyncCall(ask), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher *call) {
        call->deleteLater();
        const QDBusPendingReply<QDBusVariant> reply = *call;
        if (reply.isError() || !reply.value().variant().toBool())      // a computer that knows of no battery is on mains
            return inhibit();
        m_inhibitor = QDBusUnixFileDescriptor();
        tell(u"on_battery"_s);
    });
}

void KeepAwake::inhibit()
{
    if (!QDBusConnection::systemBus().isConnected()) {      // a call there would never end
        if (m_state != "not_available"_L1)
            qCInfo(lcApp) << "this computer can't be kept awake: no system bus";
        return tell(u"not_available"_s);
    }
    if (m_inhibitor.isValid() || std::exchange(m_isAsking, true))
        return;
    QDBusMessage ask = QDBusMessage::createMethodCall(u"org.freedesktop.login1"_s, u"/org/freedesktop/login1"_s, u"org.freedesktop.login1.Manager"_s, u"Inhibit"_s);
    ask.setArguments({u"sleep:idle"_s, u"Antiphon"_s, u"Customers' messages are being received"_s, u"block"_s});
    auto *watcher = new QDBusPendingCallWatcher(QDBusConnection::systemBus().asyncCall(ask), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher *call) {
        call->deleteLater();
        m_isAsking = false;
        const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *call;
        if (reply.isError()) {
            if (m_state != "not_available"_L1)
                qCInfo(lcApp).noquote() << "this computer can't be kept awake:" << reply.error().name();
            return tell(u"not_available"_s);
        }
        m_inhibitor = reply.value();
        tell(u"active"_s);
    });
}

void KeepAwake::release()
{
    m_again.stop();
    m_inhibitor = QDBusUnixFileDescriptor();
}

void KeepAwake::tell(const QString &state)
{
    if (std::exchange(m_state, state) == state)
        return;
    m_database.writer().submit(
        Writer::Priority::Background, "keep awake", [state](WriteTransaction &tx) { return settings::store(tx, u"keep_awake_state"_s, state); },
        [](const Result<void> &stored) {
            if (!stored)
                qCWarning(lcApp).noquote() << "how the computer is kept awake is not stored:" << describe(stored.error());
        });
}

} // namespace antiphon
