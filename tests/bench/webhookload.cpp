#include "tests/bench/webhookload.h"

#include "tests/bench/figures.h"

#include <arpa/inet.h>
#include <array>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace antiphon::bench {
namespace {

constexpr int kPatienceMs = 10'000;

/// One kept-alive connection with its request under way.
struct Connection {
    int descriptor = -1;
    QByteArray answer{};
    SteadyClock::time_point startedAt{};
};

class Load {
public:
    Load(quint16 port, const std::vector<QByteArray> &requests) : m_port(port), m_requests(requests), m_epoll(epoll_create1(0)) {}
    Load(const Load &) = delete;
    Load &operator=(const Load &) = delete;
    ~Load()
    {
        for (const Connection &connection : m_connections)
            ::close(connection.descriptor);
        ::close(m_epoll);
    }

    LoadResult run(int connections)
    {
        for (int i = 0; i < connections; ++i) {
            const int descriptor = connectTo(m_port);
            if (descriptor < 0)
                continue;
            epoll_event wanted{};
            wanted.events = EPOLLIN;
            wanted.data.u32 = quint32(m_connections.size());
            epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &wanted);
            m_connections.push_back({.descriptor = descriptor});
        }
        m_result.latencies.reserve(m_requests.size());
        const auto start = SteadyClock::now();
        for (Connection &connection : m_connections)
            post(connection);
        std::array<epoll_event, 256> events{};
        while (m_underWay > 0) {
            const int count = epoll_wait(m_epoll, events.data(), int(events.size()), kPatienceMs);
            if (count <= 0)
                break;
            for (int i = 0; i < count; ++i)
                take(m_connections[events.at(size_t(i)).data.u32]);
        }
        m_result.seconds = millisecondsSince(start) / 1000;
        m_result.broken = qint64(m_requests.size()) - m_result.acknowledged - m_result.refused;
        return std::move(m_result);
    }

private:
    void post(Connection &connection)
    {
        if (m_next == m_requests.size())
            return;
        const QByteArray &request = m_requests[m_next++];
        connection.answer.resize(0);
        connection.startedAt = SteadyClock::now();
        if (::send(connection.descriptor, request.constData(), size_t(request.size()), MSG_NOSIGNAL) == request.size())
            ++m_underWay;      // a request fits into the socket's buffer: one write takes it whole
    }

    void take(Connection &connection)
    {
        std::array<char, 4096> buffer{};
        const ssize_t got = ::recv(connection.descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0) {
            epoll_ctl(m_epoll, EPOLL_CTL_DEL, connection.descriptor, nullptr);
            --m_underWay;
            return;
        }
        connection.answer.append(buffer.data(), got);
        const int status = statusOf(connection.answer);
        if (status == 0)
            return;
        --m_underWay;
        if (status == 200) {
            ++m_result.acknowledged;
            m_result.latencies.push_back(millisecondsSince(connection.startedAt));
        } else {
            ++m_result.refused;
        }
        post(connection);
    }

    const quint16 m_port;
    const std::vector<QByteArray> &m_requests;
    const int m_epoll;
    std::vector<Connection> m_connections{};
    size_t m_next = 0;
    int m_underWay = 0;
    LoadResult m_result{};
};

} // namespace

int statusOf(const QByteArray &bytes)
{
    const qsizetype head = bytes.indexOf("\r\n\r\n");
    if (head < 0)
        return 0;
    const QByteArray lines = bytes.first(head).toLower();
    const qsizetype length = lines.indexOf("content-length:");
    qsizetype body = 0;
    if (length >= 0) {
        const qsizetype from = length + 15;
        const qsizetype end = lines.indexOf('\r', from);
        body = lines.mid(from, end < 0 ? -1 : end - from).trimmed().toLongLong();
    }
    return bytes.size() >= head + 4 + body ? bytes.mid(9, 3).toInt() : 0;
}

LoadResult runLoad(quint16 port, int connections, const std::vector<QByteArray> &requests)
{
    return Load(port, requests).run(connections);
}

QByteArray webhookRequest(quint16 port, const QByteArray &signature, const QByteArray &body)
{
    return "POST /webhooks/tiktok HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port) + "\r\nContent-Type: application/json\r\nTikTok-Signature: " + signature +
        "\r\nContent-Length: " + QByteArray::number(body.size()) + "\r\n\r\n" + body;
}

int connectTo(quint16 port)
{
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        ::close(descriptor);
        return -1;
    }
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

} // namespace antiphon::bench
