#pragma once

#include "tests/flows/rawdesk.h"
#include "tests/flows/serverprocess.h"

namespace antiphon::test {

/// The real server as a process and an owner's seat that sees plain JSON, with the questions that flows ask. What platforms there are is said by who derives.
class DeskWorld {
public:
    virtual ~DeskWorld() = default;

    QString restart();                                      ///< kills the server and starts it on the same folder and ports; what did not work, or empty
    ServerProcess &server() { return m_server; }
    RawDesk &desk() { return *m_desk; }

    static QString wordsOf(const QJsonObject &answer);      ///< of a refusal; empty of a result
    QJsonObject inbox(const QString &channel);

    QJsonArray conversations();
    /// By an identifier of its contact; empty: none.
    virtual QJsonObject conversation(const QString &sourceId);
    QJsonArray messages(const QString &sourceId);
    QJsonObject message(const QString &sourceId, const QString &messageSourceId);
    QJsonObject byId(const QString &sourceId, const QString &id);
    QStringList texts(const QString &sourceId);             ///< contents, oldest first
    qint64 stat(const QString &name);

    /// The message as it was queued, or {"error": …}.
    QJsonObject send(const QString &sourceId, const QString &content, const QJsonObject &more = {});
    QString upload(const QByteArray &bytes, const QByteArray &mime, const QByteArray &name);    ///< the attachment's id
    QByteArray download(const QJsonObject &attachment);
    QString status(const QString &sourceId, const QString &id) { return byId(sourceId, id).value(u"status").toString(); }
    /// Announced messages of a colleague on the platform's own app.
    int nativeAnnounced() const;

protected:
    static bool isOf(const QJsonValue &conversation, const QString &sourceId);     ///< an identifier of its contact

    ServerProcess m_server;
    std::unique_ptr<RawDesk> m_desk;
};

} // namespace antiphon::test
