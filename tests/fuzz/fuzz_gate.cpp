// The whole Gate with the HTTP library behind it, over a real socket: whatever a client sends and however it comes in pieces, what reaches a handler is
// what a plain reading of the bytes says, request for request, and when the client is gone nothing is left of it.

#include "core/server/gate/gate.h"
#include "core/server/gate/httpstream.h"
#include "core/server/httpdispatcher.h"
#include "tests/fuzz/fuzzinput.h"
#include "tests/support/fakeclock.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QLoggingCategory>
#include <QTcpSocket>

#include <arpa/inet.h>
#include <cerrno>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace antiphon;
using namespace antiphon::fuzz;

namespace {

constexpr qint64 kBodyLimit = 2000;

struct Seen {
    QByteArray method{};
    QByteArray target{};
    QByteArray body{};

    bool operator==(const Seen &) const = default;
};

/// A Gate of every kind of route on a free port.
class Listener {
public:
    Listener()
        : m_dispatcher([this](const HttpDispatcher::Request &request, const Answer &answer) {
              seen.append({request.head.method().toByteArray(), request.head.target().toByteArray(), request.body});
              answer.send({.body = "ok"});
          }),
          m_gate(new Gate(clock, {.name = "fuzz"}))
    {
        RoutePolicy &policy = m_gate->policy();
        policy.addRoute({.pattern = "/hook", .methods = {"POST"}, .bodyLimit = kBodyLimit});
        policy.addRoute({.pattern = "/hooks/{id}", .methods = {"GET", "POST"}, .bodyLimit = kBodyLimit});
        policy.addRoute({.pattern = "/hello", .methods = {"GET", "HEAD"}});
        policy.addRoute({.pattern = "/stream", .methods = {"POST"}, .bodyLimit = kBodyLimit, .kind = Route::Kind::Stream});
        policy.addRoute({.pattern = "/socket", .methods = {"GET"}, .kind = Route::Kind::WebSocket});
        m_gate->setStreamHandler([this](HttpStream *stream) { drain(stream); });
        m_gate->setWebSocketHandler([](QTcpSocket *socket) {
            socket->abort();
            socket->deleteLater();
        });
        FUZZ_CHECK(bool(m_gate->open(QHostAddress(QHostAddress::LocalHost), 0)));
        m_dispatcher.attach(m_gate);
    }

    quint16 port() const { return m_gate->serverPort(); }
    const RoutePolicy &policy() const { return m_gate->policy(); }
    ServerStats stats() const { return m_gate->stats(); }

    test::FakeClock clock;
    QList<Seen> seen;

private:
    void drain(HttpStream *stream)
    {
        const auto body = std::make_shared<QByteArray>();
        const Seen head{stream->head().method().toByteArray(), stream->head().target().toByteArray(), {}};
        const auto pull = [this, stream, body, head] {
            for (QByteArray piece; !(piece = stream->read(512)).isEmpty();)
                *body += piece;
            if (stream->isBodyComplete()) {
                Seen whole = head;
                whole.body = *body;
                seen.append(whole);
                stream->answer({.status = 201});
            }
        };
        QObject::connect(stream, &HttpStream::readable, stream, pull);
        pull();
    }

    HttpDispatcher m_dispatcher;
    Gate *m_gate = nullptr; // the dispatcher's
};

Listener &listener()
{
    static int argc = 1;
    static char name[] = "fuzz_gate";
    static char *argv[] = {name, nullptr};
    static QCoreApplication *app = [] {
        QLoggingCategory::setFilterRules(QStringLiteral("*=false"));
        return new QCoreApplication(argc, argv);
    }();
    Q_UNUSED(app)
    static Listener *only = new Listener;
    return *only;
}

void turn(int times)
{
    for (int i = 0; i < times; ++i) {
        QCoreApplication::processEvents(QEventLoop::AllEvents);
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
}

/// The kernel may bring bytes later than they were sent, on a busy machine by milliseconds: what has to come is waited for.
template<typename Condition>
bool comes(Condition condition)
{
    QElapsedTimer since;
    since.start();
    while (!condition() && since.elapsed() < 25'000)
        QCoreApplication::processEvents(QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents, 5);
    return condition();
}

struct Plain {
    QList<Seen> requests{};
    bool isJustOne = false; ///< one request that is handled, and not a byte besides
};

/// The requests in these bytes, one behind the other, as the same parsers read them without any socket.
Plain plainReading(const QByteArray &bytes, const RoutePolicy &policy)
{
    QList<Seen> requests;
    QByteArrayView left(bytes);
    int heads = 0;
    while (!left.isEmpty()) {
        HeadParser parser;
        ++heads;
        left = left.sliced(parser.feed(left));
        if (parser.state() != HeadParser::State::Complete)
            break;
        const Judgement judgement = policy.judge(parser.head());
        if (judgement.refusal) {
            if (judgement.refusal->close)
                break;
            continue;
        }
        Seen request{parser.head().method().toByteArray(), parser.head().target().toByteArray(), {}};
        if (judgement.body == Judgement::Body::Chunked) {
            ChunkedFraming framing(judgement.route->bodyLimit);
            left = left.sliced(framing.feed(left, &request.body));
            if (framing.state() != ChunkedFraming::State::Complete)
                break;
        } else if (judgement.body == Judgement::Body::Length) {
            if (left.size() < judgement.length)
                break;
            request.body = left.first(judgement.length).toByteArray();
            left = left.sliced(judgement.length);
        }
        if (judgement.route->kind == Route::Kind::WebSocket)
            break;
        requests.append(request);
    }
    return {requests, heads == 1 && requests.size() == 1 && left.isEmpty()};
}

int connectTo(quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int client = -1;
    // Thousands of connections a second, other tests' among them, may use up the ports for a while.
    for (int tries = 0; client < 0; ++tries) {
        client = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (::connect(client, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0)
            break;
        FUZZ_CHECK(errno == EADDRNOTAVAIL && tries < 200);
        ::close(client);
        client = -1;
        ::usleep(50'000);
    }
    ::fcntl(client, F_SETFL, O_NONBLOCK);
    const int yes = 1;
    ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    const linger reset{1, 0}; // no port left waiting behind every input
    ::setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    return client;
}

void takeAnswers(int client, QByteArray *answers)
{
    char buffer[4096];
    ssize_t got = 0;
    while ((got = ::recv(client, buffer, sizeof buffer, 0)) > 0)
        answers->append(buffer, qsizetype(got));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    Listener &gate = listener();
    FuzzInput input(data, size);
    const uchar seed = input.byte();
    const uchar end = input.byte();
    const QByteArray bytes = input.rest();
    gate.seen.clear();
    const Plain expected = plainReading(bytes, gate.policy());

    const int client = connectTo(gate.port());
    turn(1);
    QByteArray answers;
    Cuts cuts(seed);
    for (qsizetype sent = 0; sent < bytes.size();) {
        const qsizetype piece = cuts.next(bytes.size() - sent);
        const ssize_t taken = ::send(client, bytes.constData() + sent, size_t(piece), MSG_NOSIGNAL);
        if (taken <= 0)
            break;
        sent += taken;
        turn(2);
        takeAnswers(client, &answers);
    }
    turn(2);
    if (expected.isJustOne)
        FUZZ_CHECK(comes([&gate] { return !gate.seen.isEmpty(); }));
    takeAnswers(client, &answers);
    if (end & 1) {
        ::shutdown(client, SHUT_WR);
        turn(2);
        takeAnswers(client, &answers);
    }
    ::close(client);
    turn(2);
    FUZZ_CHECK(comes([&gate] {
        turn(1);
        return gate.stats().connections == 0;
    }));
    FUZZ_CHECK(gate.stats().bufferedBytes == 0);
    FUZZ_CHECK(answers.isEmpty() || answers.startsWith("HTTP/1.1 "));
    FUZZ_CHECK(gate.seen.size() <= expected.requests.size());
    FUZZ_CHECK(gate.seen == expected.requests.first(gate.seen.size()));
    FUZZ_CHECK(!expected.isJustOne || gate.seen.size() == 1);
    return 0;
}
