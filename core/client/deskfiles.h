#pragma once

#include "core/base/result.h"

#include <QFuture>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QObject>
#include <QSslCertificate>
#include <QUrl>

namespace antiphon {

/// Files over the desk port: up and down in pieces, with the session's token. Redirects are never followed.
class DeskFiles : public QObject {
    Q_OBJECT
public:
    /// @param desk "http://…" or "https://…" of the desk port
    DeskFiles(const QUrl &desk, const QString &token, QObject *parent = nullptr);

    void trust(const QSslCertificate &certificate) { m_trusted = certificate; }   ///< as DeskClient::trust

    QFuture<Result<QJsonObject>> upload(const QString &path, const QString &name, const QString &mime);
    QFuture<Result<QByteArray>> download(const QString &url, qint64 maxBytes);
    QFuture<Result<void>> save(const QString &url, const QString &path);

private:
    Result<QNetworkRequest> requestOf(const QString &url) const;

    QUrl m_desk;
    QString m_token;
    QSslCertificate m_trusted;
    QNetworkAccessManager m_network;
};

} // namespace antiphon
