// Stands in for cloudflared: prints its lines on standard error, in pieces, and forwards what comes in on a free port of this machine to --url.
// CLOUDFLARED_DOUBLE chooses another behaviour: "exit", "silent", "noisy", "token", "endless"; "family" and
// "orphans" leave a child behind that is deaf to SIGTERM and one that isn't, and the second ends by itself.

#include <QCoreApplication>
#include <QTcpServer>
#include <QTcpSocket>
#include <QUrl>

#include <cstdio>

#include <csignal>
#include <unistd.h>

namespace {

void print(const QByteArray &text)
{
    // In two pieces, as a busy pipe would give it.
    const qsizetype half = text.size() / 2;
    std::fwrite(text.constData(), 1, size_t(half), stderr);
    std::fflush(stderr);
    std::fwrite(text.constData() + half, 1, size_t(text.size() - half), stderr);
    std::fflush(stderr);
}

/// Its id stands in the output.
void leaveChild(bool isDeaf)
{
    const pid_t pid = ::fork();
    if (pid == 0) {
        ::signal(SIGTERM, isDeaf ? SIG_IGN : SIG_DFL);
        ::alarm(60);   // whatever becomes of the test
        for (;;)
            ::pause();
    }
    print("child " + QByteArray::number(pid) + "\n");
}

void pipe(QTcpSocket *from, QTcpSocket *to)
{
    QObject::connect(from, &QTcpSocket::readyRead, to, [from, to] { to->write(from->readAll()); });
    QObject::connect(from, &QTcpSocket::disconnected, to, &QTcpSocket::disconnectFromHost);
    QObject::connect(from, &QTcpSocket::disconnected, from, &QObject::deleteLater);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QByteArray mode = qgetenv("CLOUDFLARED_DOUBLE");
    const QStringList arguments = QCoreApplication::arguments();
    if (mode == "exit") {
        print("2026-11-21T10:00:00Z ERR something of no known kind\n");
        return 1;
    }
    if (mode == "token") {
        print("2026-11-21T10:00:00Z INF the token is " + qgetenv("TUNNEL_TOKEN") + "\n");
        return QCoreApplication::exec();
    }
    if (mode == "endless") {
        for (;;)
            std::fputs("y\n", stderr);
    }
    if (mode == "family" || mode == "orphans") {
        leaveChild(false);
        leaveChild(true);
        return mode == "family" ? QCoreApplication::exec() : 1;
    }
    if (mode == "silent")
        return QCoreApplication::exec();
    const qsizetype at = arguments.indexOf(QStringLiteral("--url"));
    const QUrl target(arguments.value(at + 1));
    QTcpServer server;
    if (at < 0 || !server.listen(QHostAddress::LocalHost, 0))
        return 2;
    QObject::connect(&server, &QTcpServer::newConnection, &server, [&server, target] {
        while (QTcpSocket *outer = server.nextPendingConnection()) {
            auto *inner = new QTcpSocket(outer);
            pipe(outer, inner);
            QObject::connect(inner, &QTcpSocket::readyRead, outer, [outer, inner] { outer->write(inner->readAll()); });
            QObject::connect(inner, &QTcpSocket::disconnected, outer, &QTcpSocket::disconnectFromHost);
            QObject::connect(inner, &QTcpSocket::errorOccurred, outer, &QTcpSocket::disconnectFromHost);
            inner->connectToHost(target.host(), quint16(target.port()));
        }
    });
    if (mode == "noisy") {
        print(QByteArray(100'000, 'x') + "\n");
        print(QByteArray("\xff\xfe\x00\x1b]0;title\x07\x1b[2K\r", 19) + "\n");
        print("\x1b[31mhttps://not.ours.example\x1b[0m\n");
    }
    const QByteArray address = "http://127.0.0.1:" + QByteArray::number(server.serverPort());
    print("2026-11-21T10:00:00Z INF Thank you for trying Cloudflare Tunnel. Doing so, without a Cloudflare account, is a quick way to experiment and try it out.\n"
          "2026-11-21T10:00:00Z INF Requesting new quick Tunnel on trycloudflare.com...\n"
          "2026-11-21T10:00:03Z INF +--------------------------------------------------------------------------------------------+\n"
          "2026-11-21T10:00:03Z INF |  Your quick Tunnel has been created! Visit it at (it may take some time to be reachable):  |\n"
          "2026-11-21T10:00:03Z INF |  " + address.leftJustified(88) + "  |\n"
          "2026-11-21T10:00:03Z INF +--------------------------------------------------------------------------------------------+\n"
          "2026-11-21T10:00:03Z INF Settings: map[ha-connections:1 no-autoupdate:true protocol:quic url:" + target.toString().toLatin1() + "]\n"
          "2026-11-21T10:00:03Z INF Starting metrics server on 127.0.0.1:20241/metrics\n"
          "2026-11-21T10:00:04Z INF Registered tunnel connection connIndex=0 connection=c206cf44-945f-4c3c-a85c-af60c6338dc2 event=0 ip=198.41.200.13 location=ham01 protocol=quic\n");
    return QCoreApplication::exec();
}
