#include "core/client/deskclient.h"

#include "core/base/json.h"
#include "core/base/logging.h"
#include "core/client/deskfiles.h"
#include "core/client/deskwire.h"

#include <QHash>
#include <QPromise>
#include <QRandomGenerator>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QTimer>
#include <QWebSocket>

#include <algorithm>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds kFirstPause{1000};
constexpr Milliseconds kLongestPause{30'000};
constexpr Milliseconds kPingInterval{30'000};
constexpr Milliseconds kOpeningDeadline{15'000};
constexpr quint64 kLargestMessage = 64 * 1024 * 1024;

QUrl withScheme(QUrl url, bool isForFiles)
{
    const bool isSecure = url.scheme() == "wss"_L1 || url.scheme() == "https"_L1;
    if (isForFiles)
        url.setScheme(isSecure ? u"https"_s : u"http"_s);
    else
        url.setScheme(isSecure ? u"wss"_s : u"ws"_s);
    url.setPath(QString());
    return url;
}

} // namespace

class DeskClient::Private {
public:
    using Promise = std::shared_ptr<QPromise<Result<QJsonObject>>>;

    Private(DeskClient *client, const QUrl &desk, const QString &accessToken)
        : q(client)
        , token(accessToken)
        , address(withScheme(desk, false))
        , files(withScheme(desk, true), accessToken)
    {
        address.setPath(u"/api/v1/desk"_s);
        socket.setMaxAllowedIncomingMessageSize(kLargestMessage);
        socket.setMaxAllowedIncomingFrameSize(kLargestMessage);
        reconnect.setSingleShot(true);
        openingDeadline.setSingleShot(true);
        QObject::connect(&reconnect, &QTimer::timeout, q, [this] { dial(); });
        QObject::connect(&openingDeadline, &QTimer::timeout, q, [this] {
            problem = {.kind = Problem::Kind::Unreachable};          // nobody has said anything
            socket.abort();
        });
        QObject::connect(&ping, &QTimer::timeout, q, [this] { askForLife(); });
        QObject::connect(&socket, &QWebSocket::connected, q, [this] { greet(); });
        QObject::connect(&socket, &QWebSocket::disconnected, q, [this] { lose(); });
        QObject::connect(&socket, QOverload<QAbstractSocket::SocketError>::of(&QWebSocket::error), q, [this](QAbstractSocket::SocketError error) {
            const bool isCertificate = error == QAbstractSocket::SslHandshakeFailedError;
            problem = {.kind = isCertificate ? Problem::Kind::Certificate : Problem::Kind::Unreachable, .detail = socket.errorString()};
            if (socket.state() == QAbstractSocket::UnconnectedState)
                lose();
        });
        QObject::connect(&socket, &QWebSocket::sslErrors, q, [this] {
            if (!trusted.isNull() && socket.sslConfiguration().peerCertificate() == trusted)
                socket.ignoreSslErrors();
        });
        QObject::connect(&socket, &QWebSocket::textMessageReceived, q, [this](const QString &text) { receive(text); });
    }

    void setState(State next)
    {
        if (state == next)
            return;
        state = next;
        emit q->stateChanged(next);
    }

    void dial()
    {
        reconnect.stop();
        isLost = false;
        setState(State::Connecting);
        openingDeadline.start(kOpeningDeadline);
        socket.open(address);
    }

    void greet()
    {
        QJsonObject params{{u"token"_s, token}};
        if (lastSeq >= 0)
            params.insert(u"resume_from"_s, lastSeq);
        openingId = ++lastId;
        socket.sendTextMessage(deskwire::requestText(openingId, u"session.open"_s, params));
    }

    void finishOpening(const Result<QJsonObject> &result)
    {
        openingDeadline.stop();
        openingId = 0;
        if (!result) {
            qCWarning(lcClient).noquote() << "session.open:" << describe(result.error());
            problem = {.kind = Problem::Kind::Refused, .detail = result.error().detail};
            if (result.error().kind == Error::Kind::Unauthorized) {
                isWanted = false;
                setState(State::Refused);
            }
            socket.close();
            return;
        }
        const auto agent = agentFromJson(result->value("agent"_L1).toObject());
        const auto seq = json::integer(result->value("seq"_L1));
        if (!agent || !seq) {
            socket.close();
            return;
        }
        const bool isResync = result->value("resync"_L1).toBool();
        session = {.agent = *agent,
                   .workspace = workspaceFromJson(result->value("workspace"_L1).toObject()),
                   .serverVersion = result->value("server_version"_L1).toString(),
                   .seq = *seq};
        if (lastSeq < 0 || isResync)
            lastSeq = *seq;
        problem = {};
        pause = kFirstPause;
        ping.start(kPingInterval);
        setState(State::Open);
        if (isResync)
            emit q->resyncNeeded();
        emit q->opened();
    }

    void receive(const QString &text)
    {
        const auto message = json::parseObject(text.toUtf8());
        if (!message) {
            qCWarning(lcClient).noquote() << "a frame that is no object";
            return;
        }
        if (const auto event = deskwire::eventOf(*message)) {
            if (event->seq > 0)
                lastSeq = event->seq;
            if (event->type != "none"_L1)
                emit q->eventReceived(*event);
            return;
        }
        const auto answer = deskwire::answerOf(*message);
        if (!answer)
            return;
        if (answer->id == openingId && openingId != 0)
            return finishOpening(answer->result);
        if (const Promise promise = calls.take(answer->id))
            settle(promise, answer->result);
    }

    /// A connection that died without a word is found by a question that stays unanswered.
    void askForLife()
    {
        if (isAsking) {
            socket.abort();
            return;
        }
        isAsking = true;
        q->call(u"session.ping"_s).then(q, [this](const Result<QJsonObject> &) { isAsking = false; });
    }

    void lose()
    {
        if (std::exchange(isLost, true))
            return;
        openingDeadline.stop();
        ping.stop();
        isAsking = false;
        openingId = 0;
        const auto broken = std::exchange(calls, {});
        if (state != State::Refused)
            setState(State::Disconnected);
        for (const Promise &promise : broken)
            settle(promise, Error{Error::Kind::Network, u"the connection broke"_s});
        if (!isWanted)
            return;
        // Half of the pause is by chance, so that many seats don't come back at the same moment.
        const qint64 half = pause.count() / 2;
        reconnect.start(Milliseconds(half + QRandomGenerator::global()->bounded(half + 1)));
        pause = std::min(pause * 2, kLongestPause);
    }

    static void settle(const Promise &promise, const Result<QJsonObject> &result)
    {
        promise->addResult(result);
        promise->finish();
    }

    DeskClient *q;
    const QString token;
    QUrl address;
    QSslCertificate trusted;           ///< null: only what the system trusts
    DeskFiles files;
    QWebSocket socket;
    QTimer reconnect;
    QTimer openingDeadline;
    QTimer ping;
    State state = State::Disconnected;
    Session session;
    Problem problem;
    QHash<qint64, Promise> calls;
    qint64 lastId = 0;
    qint64 openingId = 0;
    qint64 lastSeq = -1;             ///< the newest event seen; none before the first session
    Milliseconds pause = kFirstPause;
    bool isWanted = false;
    bool isLost = true;
    bool isAsking = false;
};

DeskClient::DeskClient(const QUrl &desk, const QString &token, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, desk, token))
{
}

DeskClient::~DeskClient()
{
    d->isWanted = false;
    d->socket.disconnect(this);
    const auto broken = std::exchange(d->calls, {});
    for (const Private::Promise &promise : broken)
        Private::settle(promise, Error{Error::Kind::Cancelled, u"the client is gone"_s});
}

void DeskClient::trust(const QSslCertificate &certificate)
{
    d->trusted = certificate;
    d->files.trust(certificate);
}

void DeskClient::open()
{
    d->isWanted = true;
    if (d->state == State::Disconnected || d->state == State::Refused)
        d->dial();
}

void DeskClient::close()
{
    d->isWanted = false;
    d->reconnect.stop();
    d->socket.close();
    if (d->socket.state() == QAbstractSocket::UnconnectedState)
        d->setState(State::Disconnected);
}

DeskClient::State DeskClient::state() const
{
    return d->state;
}

const DeskClient::Session &DeskClient::session() const
{
    return d->session;
}

const DeskClient::Problem &DeskClient::problem() const
{
    return d->problem;
}

QUrl DeskClient::address() const
{
    return d->address;
}

QFuture<Result<QJsonObject>> DeskClient::call(const QString &method, const QJsonObject &params)
{
    auto promise = std::make_shared<QPromise<Result<QJsonObject>>>();
    promise->start();
    const auto future = promise->future();
    if (d->state != State::Open) {
        Private::settle(promise, Error{Error::Kind::Unavailable, u"not connected"_s});
        return future;
    }
    const qint64 id = ++d->lastId;
    d->calls.insert(id, promise);
    d->socket.sendTextMessage(deskwire::requestText(id, method, params));
    return future;
}

QFuture<Result<QJsonObject>> DeskClient::upload(const QString &path, const QString &name, const QString &mime)
{
    return d->files.upload(path, name, mime);
}

QFuture<Result<QByteArray>> DeskClient::download(const QString &url, qint64 maxBytes)
{
    return d->files.download(url, maxBytes);
}

QFuture<Result<void>> DeskClient::save(const QString &url, const QString &path)
{
    return d->files.save(url, path);
}

} // namespace antiphon
