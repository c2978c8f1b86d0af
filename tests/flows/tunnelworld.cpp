#include "tests/flows/tunnelworld.h"

#include "tests/flows/tiktokworld.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QStandardPaths>
#include <QTcpSocket>
#include <QTest>

#include <unistd.h>

namespace antiphon::test {
namespace {
using namespace Qt::StringLiterals;

bool write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size();
}

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

Line::Line(quint16 to, const QByteArray &host)
    : m_to(to)
    , m_host(host)
{
    QObject::connect(&m_server, &QTcpServer::newConnection, &m_server, [this] {
        while (QTcpSocket *outer = m_server.nextPendingConnection())
            take(outer);
    });
    mend();
}

bool Line::mend()
{
    const bool listens = m_server.listen(QHostAddress::LocalHost, m_port);
    m_port = m_server.serverPort();
    return listens;
}

void Line::cut()
{
    m_server.close();
    for (const QPointer<QTcpSocket> &end : std::as_const(m_ends)) {
        if (end)
            end->abort();
    }
    m_ends.clear();
}

void Line::take(QTcpSocket *outer)
{
    auto *inner = new QTcpSocket(outer);
    m_ends.append(outer);
    QObject::connect(outer, &QTcpSocket::readyRead, inner, [this, outer, inner] {
        QByteArray bytes = outer->readAll();
        const qsizetype at = m_host.isEmpty() ? -1 : bytes.toLower().indexOf("\r\nhost:");
        if (at >= 0)
            bytes.replace(at, bytes.indexOf("\r\n", at + 2) - at, "\r\nHost: " + m_host);
        inner->write(bytes);
    });
    QObject::connect(inner, &QTcpSocket::readyRead, outer, [outer, inner] { outer->write(inner->readAll()); });
    QObject::connect(outer, &QTcpSocket::disconnected, inner, &QTcpSocket::disconnectFromHost);
    QObject::connect(inner, &QTcpSocket::disconnected, outer, &QTcpSocket::disconnectFromHost);
    QObject::connect(inner, &QTcpSocket::errorOccurred, outer, &QTcpSocket::disconnectFromHost);
    QObject::connect(outer, &QTcpSocket::disconnected, outer, &QObject::deleteLater);
    inner->connectToHost(QHostAddress(QHostAddress::LocalHost), m_to);
}

LoopbackSshd::~LoopbackSshd()
{
    if (m_process.state() != QProcess::NotRunning) {
        m_process.terminate();
        if (!m_process.waitForFinished(5000)) {
            m_process.kill();
            m_process.waitForFinished();
        }
    }
}

QString LoopbackSshd::start()
{
    const QString program = QStandardPaths::findExecutable(u"sshd"_s, {u"/usr/sbin"_s, u"/usr/local/sbin"_s, u"/usr/bin"_s});
    if (program.isEmpty() || QStandardPaths::findExecutable(u"ssh"_s).isEmpty())
        return u"no ssh and sshd here (packages openssh-client and openssh-server)"_s;
    if (::getuid() == 0 && !QDir().mkpath(u"/run/sshd"_s))   // sshd's empty room for its unprivileged half
        return u"/run/sshd can't be made"_s;
    for (const QString &name : {u"host_key"_s, u"user_key"_s, u"other_key"_s}) {
        QProcess keygen;
        keygen.start(u"ssh-keygen"_s, {u"-q"_s, u"-t"_s, u"ed25519"_s, u"-N"_s, QString(), u"-f"_s, file(name)});
        if (!keygen.waitForFinished(20'000) || keygen.exitCode() != 0)
            return u"ssh-keygen did not work: "_s + QString::fromUtf8(keygen.readAllStandardError());
    }
    m_port = freePort();
    const QByteArray config = "Port " + QByteArray::number(m_port) + "\nListenAddress 127.0.0.1\nHostKey " + file(u"host_key"_s).toUtf8() + "\nAuthorizedKeysFile "
        + file(u"user_key.pub"_s).toUtf8()
        + "\nPidFile none\nUsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nStrictModes no\nPermitRootLogin prohibit-password\n"
          "AllowTcpForwarding yes\nMaxStartups 100\nPrintMotd no\nLogLevel ERROR\n";
    if (!write(file(u"sshd_config"_s), config))
        return u"the configuration can't be written"_s;
    m_process.start(program, {u"-D"_s, u"-e"_s, u"-f"_s, file(u"sshd_config"_s)});
    const bool listens = QTest::qWaitFor([this] {
        QTcpSocket probe;
        probe.connectToHost(QHostAddress(QHostAddress::LocalHost), m_port);
        return probe.waitForConnected(200) || m_process.state() == QProcess::NotRunning;
    }, 20'000);
    if (!listens || m_process.state() != QProcess::Running)
        return u"sshd did not start: "_s + QString::fromUtf8(m_process.readAllStandardError());
    knowHostAt(m_port);
    return {};
}

void LoopbackSshd::knowHostAt(quint16 port)
{
    const QList<QByteArray> key = contents(file(u"host_key.pub"_s)).split(' ');
    write(file(u"known_hosts"_s), "[127.0.0.1]:" + QByteArray::number(port) + ' ' + key.value(0) + ' ' + key.value(1) + '\n');
}

TunnelWorld::TunnelWorld()
    : platform(TiktokWorld::defaultOptions())
{
}

QString TunnelWorld::start(const QStringList &arguments)
{
    if (const auto listening = platform.tiktok.listen(); !listening)
        return listening.error().detail;
    server.environment.insert(u"ANTIPHON_TIKTOK_API"_s, platform.tiktok.apiUrl().toString());
    server.environment.insert(u"ANTIPHON_TIKTOK_WEB"_s, platform.tiktok.webUrl().toString());
    server.arguments = arguments;
    if (!server.start(30'000))
        return u"the server did not start: "_s + server.standardError();
    return openSeat();
}

QString TunnelWorld::restart()
{
    seat.reset();
    if (!server.start(30'000))
        return u"the server did not start again: "_s + server.standardError();
    return openSeat();
}

QString TunnelWorld::openSeat()
{
    seat = std::make_unique<RawDesk>(server.deskPort());
    return seat->open(server.token()).contains("result"_L1) ? QString() : u"no session"_s;
}

QString TunnelWorld::connectTiktok()
{
    const demo::TikTokOptions &options = platform.tiktok.options();
    const QString app = seat->verdict(u"apps.set"_s, {{u"channel"_s, u"tiktok"_s},
                                                      {u"settings"_s, QJsonObject{{u"app_id"_s, options.appId}}},
                                                      {u"secrets"_s, QJsonObject{{u"app_secret"_s, options.appSecret}}}});
    if (app != "ok"_L1)
        return app;
    const QString id = options.accounts.first().businessId;
    const demo::TokenPair tokens = platform.tiktok.issueTokens(id);
    const QString inbox = seat->verdict(u"inboxes.create"_s,
                                        {{u"channel"_s, u"tiktok"_s},
                                         {u"settings"_s, QJsonObject{{u"business_id"_s, id}}},
                                         {u"secrets"_s, QJsonObject{{u"access_token"_s, tokens.accessToken}, {u"refresh_token"_s, tokens.refreshToken}}},
                                         {u"delivery"_s, u"webhook"_s}});
    return inbox == "ok"_L1 ? QString() : inbox;
}

bool TunnelWorld::waitState(const QString &wanted, int ms)
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < ms) {
        if (state() == wanted)
            return true;
        QTest::qWait(50);
    }
    qWarning().noquote() << "still" << QJsonDocument(tunnel()).toJson(QJsonDocument::Compact);
    return false;
}

qint64 TunnelWorld::tool(const QString &name) const
{
    const QStringList ids = QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot);
    for (const QString &id : ids) {
        const QByteArray stat = contents(u"/proc/%1/stat"_s.arg(id));
        const qsizetype open = stat.indexOf('(');
        const qsizetype close = stat.lastIndexOf(')');
        if (open < 0 || close < 0)
            continue;
        const QList<QByteArray> rest = stat.mid(close + 2).split(' ');
        if (stat.mid(open + 1, close - open - 1) == name.toUtf8() && rest.value(1).toLongLong() == server.pid() && rest.value(0) != "Z")
            return id.toLongLong();
    }
    return 0;
}

int TunnelWorld::countEvents(const QString &type) const
{
    int count = 0;
    for (const QJsonObject &event : seat->events)
        count += event.value("type"_L1).toString() == type ? 1 : 0;
    return count;
}

bool TunnelWorld::messageArrives()
{
    const QString words = u"Is anybody there? %1"_s.arg(++m_customers);
    const QString thread = platform.tiktok.startConversation({.username = u"customer.%1"_s.arg(m_customers)});
    platform.tiktok.customerWrites(thread, words);
    return QTest::qWaitFor([&] {
        for (const QJsonObject &event : std::as_const(seat->events)) {
            if (event.value("type"_L1) == "message.created"_L1 && event.value("data"_L1).toObject().value("content"_L1).toString() == words)
                return true;
        }
        return false;
    }, 30'000);
}

bool isRunning(qint64 pid)
{
    const QByteArray stat = contents(u"/proc/%1/stat"_s.arg(pid));
    return !stat.isEmpty() && !stat.mid(stat.lastIndexOf(')') + 2).startsWith('Z');
}

} // namespace antiphon::test
