#include "core/client/deskfiles.h"

#include "core/base/json.h"

#include <QFile>
#include <QNetworkReply>
#include <QPromise>
#include <QSaveFile>
#include <QSslConfiguration>

#include <memory>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kPiece = 256 * 1024;
constexpr int kSilence = 60'000;   // ms without a byte
constexpr qint64 kLargestAnswer = 64 * 1024;

Error errorOf(const QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    switch (status) {
    case 0: return {reply.error() == QNetworkReply::OperationCanceledError ? Error::Kind::Timeout : Error::Kind::Network, reply.errorString()};
    case 401: return {Error::Kind::Unauthorized, u"wrong access token"_s};
    case 403: return {Error::Kind::Forbidden, u"not allowed"_s};
    case 404: return {Error::Kind::NotFound, u"no such file"_s};
    case 413: return {Error::Kind::Invalid, u"too large"_s, u"size"_s};
    case 503: return {Error::Kind::Unavailable, u"not now"_s};
    default: return {Error::Kind::BadPayload, u"HTTP %1"_s.arg(status)};
    }
}

bool isGood(const QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    return reply.error() == QNetworkReply::NoError && status >= 200 && status < 300;
}

template <typename T>
QFuture<Result<T>> ready(Error error)
{
    QPromise<Result<T>> promise;
    promise.start();
    promise.addResult(Result<T>(std::move(error)));
    promise.finish();
    return promise.future();
}

template <typename T>
std::shared_ptr<QPromise<Result<T>>> promised()
{
    auto promise = std::make_shared<QPromise<Result<T>>>();
    promise->start();
    return promise;
}

template <typename T>
void settle(const std::shared_ptr<QPromise<Result<T>>> &promise, Result<T> result)
{
    promise->addResult(std::move(result));
    promise->finish();
}

} // namespace

DeskFiles::DeskFiles(const QUrl &desk, const QString &token, QObject *parent)
    : QObject(parent)
    , m_desk(desk)
    , m_token(token)
{
    m_network.setTransferTimeout(kSilence);
    connect(&m_network, &QNetworkAccessManager::sslErrors, this, [this](QNetworkReply *reply) {
        if (!m_trusted.isNull() && reply->sslConfiguration().peerCertificate() == m_trusted)
            reply->ignoreSslErrors();
    });
}

/// Only the desk's own files: the token goes nowhere else.
Result<QNetworkRequest> DeskFiles::requestOf(const QString &url) const
{
    if (!url.startsWith("/api/v1/attachments"_L1) || url.contains(".."_L1))
        return Error{Error::Kind::Invalid, u"not an address of the desk"_s, u"url"_s};
    QUrl full = m_desk;
    full.setPath(url);
    QNetworkRequest request(full);
    request.setRawHeader("Authorization", "Bearer " + m_token.toUtf8());
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    return request;
}

QFuture<Result<QJsonObject>> DeskFiles::upload(const QString &path, const QString &name, const QString &mime)
{
    auto file = std::make_unique<QFile>(path);
    if (!file->open(QIODevice::ReadOnly))
        return ready<QJsonObject>({Error::Kind::NotFound, file->errorString(), u"path"_s});
    auto request = requestOf(u"/api/v1/attachments"_s);
    if (!request)
        return ready<QJsonObject>(request.error());
    QNetworkRequest post = *request;
    post.setHeader(QNetworkRequest::ContentTypeHeader, mime.isEmpty() ? u"application/octet-stream"_s : mime);
    post.setHeader(QNetworkRequest::ContentLengthHeader, file->size());
    post.setRawHeader("X-File-Name", QUrl::toPercentEncoding(name));
    post.setAttribute(QNetworkRequest::DoNotBufferUploadDataAttribute, true);
    QNetworkReply *reply = m_network.post(post, file.get());
    file.release()->setParent(reply);
    auto promise = promised<QJsonObject>();
    connect(reply, &QNetworkReply::finished, this, [reply, promise] {
        reply->deleteLater();
        if (!isGood(*reply))
            return settle<QJsonObject>(promise, errorOf(*reply));
        settle(promise, json::parseObject(reply->read(kLargestAnswer)));
    });
    return promise->future();
}

QFuture<Result<QByteArray>> DeskFiles::download(const QString &url, qint64 maxBytes)
{
    const auto request = requestOf(url);
    if (!request)
        return ready<QByteArray>(request.error());
    QNetworkReply *reply = m_network.get(*request);
    auto promise = promised<QByteArray>();
    auto bytes = std::make_shared<QByteArray>();
    connect(reply, &QNetworkReply::readyRead, this, [reply, bytes, maxBytes] {
        if (bytes->size() + reply->bytesAvailable() > maxBytes)
            reply->abort();
        else
            bytes->append(reply->readAll());
    });
    connect(reply, &QNetworkReply::metaDataChanged, this, [reply, maxBytes] {
        if (reply->header(QNetworkRequest::ContentLengthHeader).toLongLong() > maxBytes)
            reply->abort();
    });
    connect(reply, &QNetworkReply::finished, this, [reply, promise, bytes, maxBytes] {
        reply->deleteLater();
        const qint64 length = reply->header(QNetworkRequest::ContentLengthHeader).toLongLong();
        if (reply->error() == QNetworkReply::OperationCanceledError && (length > maxBytes || bytes->size() + reply->bytesAvailable() > maxBytes))
            return settle<QByteArray>(promise, Error{Error::Kind::Invalid, u"larger than asked for"_s, u"size"_s});
        if (!isGood(*reply))
            return settle<QByteArray>(promise, errorOf(*reply));
        settle<QByteArray>(promise, *bytes + reply->readAll());
    });
    return promise->future();
}

QFuture<Result<void>> DeskFiles::save(const QString &url, const QString &path)
{
    const auto request = requestOf(url);
    if (!request)
        return ready<void>(request.error());
    auto file = std::make_shared<QSaveFile>(path);
    if (!file->open(QIODevice::WriteOnly))
        return ready<void>({Error::Kind::Storage, file->errorString(), u"path"_s});
    QNetworkReply *reply = m_network.get(*request);
    reply->setReadBufferSize(kPiece);
    auto promise = promised<void>();
    connect(reply, &QNetworkReply::readyRead, this, [reply, file] {
        const QByteArray piece = reply->readAll();
        if (isGood(*reply) && file->write(piece) != piece.size())
            reply->abort();
    });
    connect(reply, &QNetworkReply::finished, this, [reply, promise, file] {
        reply->deleteLater();
        if (file->error() != QFileDevice::NoError)
            return settle<void>(promise, Error{Error::Kind::Storage, file->errorString(), u"path"_s});
        if (!isGood(*reply))
            return settle<void>(promise, errorOf(*reply));
        const QByteArray rest = reply->readAll();
        if (file->write(rest) != rest.size() || !file->commit())
            return settle<void>(promise, Error{Error::Kind::Storage, file->errorString(), u"path"_s});
        settle<void>(promise, Result<void>());
    });
    return promise->future();
}

} // namespace antiphon
