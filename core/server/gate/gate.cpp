#include "core/server/gate/gate.h"

#include "core/base/logging.h"
#include "core/server/gate/gateconnection.h"

#include <QDateTime>
#include <QLocale>
#include <QSslSocket>
#include <QTcpSocket>

#include <algorithm>

#ifdef Q_OS_UNIX
#include <cerrno>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

namespace antiphon {

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace {

constexpr int kBacklog = 1024;
constexpr int kMaxTurnedAway = 64;            // connections over the cap that may still be hearing their 503
constexpr int kAcceptBurst = 64;              // connections taken before others get their turn
constexpr auto kAcceptPause = 200ms;          // after the system refused a descriptor

} // namespace

Gate::Gate(const Clock &clock, Options options, QObject *parent)
    : QTcpServer(parent), m_clock(clock), m_options(std::move(options))
{
    if (!m_options.budget)
        m_options.budget = std::make_shared<BufferBudget>();
    setListenBacklogSize(kBacklog);
    const GateLimits &limits = m_options.limits;
    const Milliseconds shortest = std::min({limits.tlsHandshake, limits.head, limits.body, limits.idle, limits.handler, limits.stalledReader, limits.farewell});
    m_sweeper.setInterval(std::clamp(shortest / 8, 10ms, 250ms));
    connect(&m_sweeper, &QTimer::timeout, this, &Gate::sweep);
    refreshDate();
}

Gate::~Gate()
{
    const std::vector<GateConnection *> all = std::move(m_connections);
    m_connections.clear();
    for (GateConnection *connection : all) {
        connection->m_gate = nullptr;
        delete connection;
    }
#ifdef Q_OS_UNIX
    m_acceptor.reset();
    if (m_listener >= 0)
        ::close(m_listener);
#endif
}

Result<void> Gate::open(const QHostAddress &address, quint16 port)
{
    if (!address.isLoopback() && !m_options.tls)
        return Error{.kind = Error::Kind::Invalid, .detail = u"an address beyond this machine needs TLS"_s, .field = u"listen"_s};
    if (!listen(address, port))
        return Error{.kind = Error::Kind::Unavailable, .detail = u"port %1 of %2: %3"_s.arg(port).arg(address.toString(), errorString())};
    m_sweeper.start();
    startAccepting();
    return {};
}

// Without a free descriptor Qt's own accepting tries again and again and takes a whole core. So on Unix we accept ourselves, over a second handle of the
// listening socket, and pause when the system refuses.
void Gate::startAccepting()
{
#ifdef Q_OS_UNIX
    m_listener = ::dup(int(socketDescriptor()));
    if (m_listener < 0)
        return;
    ::fcntl(m_listener, F_SETFD, FD_CLOEXEC);
    pauseAccepting();
    m_acceptor = std::make_unique<QSocketNotifier>(m_listener, QSocketNotifier::Read);
    connect(m_acceptor.get(), &QSocketNotifier::activated, this, &Gate::acceptWaiting);
#endif
}

void Gate::acceptWaiting()
{
#ifdef Q_OS_UNIX
    for (int i = 0; i < kAcceptBurst; ++i) {
        const int descriptor = ::accept(m_listener, nullptr, nullptr);
        if (descriptor >= 0) {
            ::fcntl(descriptor, F_SETFD, FD_CLOEXEC);
            incomingConnection(descriptor);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return;
        } else if (errno != EINTR && errno != ECONNABORTED) {
            countRefusal("no_descriptor", 0);
            m_acceptor->setEnabled(false);
            QTimer::singleShot(kAcceptPause, this, [this] { m_acceptor->setEnabled(true); });
            return;
        }
    }
#endif
}

void Gate::attachToLibrary(QTcpSocket *socket)
{
    addPendingConnection(socket);
    if (m_acceptor)
        pauseAccepting();              // taking a pending connection makes Qt accept again
}

void Gate::detachFromLibrary(QTcpSocket *socket) const
{
    if (parent())
        QObject::disconnect(socket, &QTcpSocket::readyRead, parent(), nullptr);
    if (socket->isTransactionStarted())
        socket->commitTransaction();
}

QTcpSocket *Gate::makeSocket(qintptr descriptor)
{
    if (!m_options.tls) {
        auto *socket = new QTcpSocket(this);
        socket->setSocketDescriptor(descriptor);
        return socket;
    }
    auto *socket = new QSslSocket(this);
    socket->setSslConfiguration(*m_options.tls);
    if (socket->setSocketDescriptor(descriptor))
        socket->startServerEncryption();
    return socket;
}

void Gate::incomingConnection(qintptr descriptor)
{
    ++m_stats.accepted;
    const int open = int(m_connections.size());
    const bool isFull = open >= m_options.limits.maxConnections;
    const bool isHeard = !m_options.tls && open < m_options.limits.maxConnections + kMaxTurnedAway;
    QTcpSocket *socket = makeSocket(descriptor);
    if (socket->state() != QAbstractSocket::ConnectedState || (isFull && !isHeard)) {
        if (isFull)
            countRefusal("too_many_connections", 0);
        socket->abort();
        socket->deleteLater();
        return;
    }
    socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
    auto *connection = new GateConnection(this, socket);
    if (isFull)
        connection->refuse({.status = 503, .cause = "too_many_connections", .close = true, .extraHeaders = "Retry-After: 5\r\n"});
}

void Gate::add(GateConnection *connection)
{
    connection->m_index = m_connections.size();
    m_connections.push_back(connection);
    m_bySocket.insert(connection->socket(), connection);
}

void Gate::remove(GateConnection *connection)
{
    m_bySocket.remove(connection->socket());
    GateConnection *last = m_connections.back();
    m_connections[connection->m_index] = last;
    last->m_index = connection->m_index;
    m_connections.pop_back();
}

void Gate::sweep()
{
    refreshDate();
    const SteadyTime time = now();
    const std::vector<GateConnection *> all = m_connections;   // none is deleted meanwhile: connections die with their sockets, later
    for (GateConnection *connection : all)
        connection->sweep(time);
}

void Gate::refreshDate()
{
    const QDateTime utc = QDateTime::fromMSecsSinceEpoch(toUnixMs(m_clock.now()), Qt::UTC);
    m_dateLine = "Date: " + QLocale::c().toString(utc, u"ddd, dd MMM yyyy hh:mm:ss"_s).toLatin1() + " GMT\r\n";
}

void Gate::countRefusal(const char *cause, int status)
{
    const QByteArray name(cause);
    ++m_stats.refusalsByCause[name];
    LogState &log = m_logStates[name];
    const SteadyTime time = now();
    if (time < log.next) {
        ++log.unlogged;
        return;
    }
    qCInfo(lcServer, "%s: refused %d %s (%llu more since the last line)", m_options.name.constData(), status, cause, log.unlogged);
    log = {.next = time + 1s, .unlogged = 0};
}

ServerStats Gate::stats() const
{
    ServerStats stats = m_stats;
    stats.connections = int(m_connections.size());
    stats.bufferedBytes = m_options.budget->used;
    return stats;
}

} // namespace antiphon
