#pragma once

#include "app/demo/simulatedinstagram.h"
#include "app/demo/simulatedmessenger.h"
#include "app/demo/simulatedwhatsapp.h"
#include "tests/flows/rawdesk.h"
#include "tests/flows/serverprocess.h"

namespace antiphon::test {

/// Meta's three simulated platforms, the real server as a process, and an owner's seat that sees plain JSON.
class MetaWorld {
public:
    MetaWorld();

    /// Platforms and server are up, the applications are entered, the owner's seat is open. An empty string, or what did not work.
    QString start();
    QString restart();                                      ///< kills the server and starts it on the same folder and ports

    /// The account of the platform's options, connected by pasted credentials.
    QString connectWhatsapp();
    QString connectInstagram();
    QString connectMessenger();

    demo::SimulatedWhatsapp &whatsapp() { return m_whatsapp; }
    demo::SimulatedInstagram &instagram() { return m_instagram; }
    demo::SimulatedMessenger &messenger() { return m_messenger; }
    ServerProcess &server() { return m_server; }
    RawDesk &desk() { return *m_desk; }

    static QString wordsOf(const QJsonObject &answer);      ///< of a refusal; empty of a result
    QJsonObject inbox(const QString &channel);
    /// The settings and secrets of `inboxes.create` for the simulated number.
    QJsonObject whatsappAccount();

    QJsonArray conversations();
    QJsonObject conversation(const QString &sourceId);      ///< by an identifier of its contact; empty: none
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

    /// Posts bytes to the intake with this signature; the status.
    int deliver(const QString &path, const QByteArray &body, const QByteArray &signature);
    /// Announced messages of a colleague on the platform's own app.
    int nativeAnnounced() const;

private:
    SystemClock m_clock{};
    SystemRandom m_random{};
    demo::SimulatedWhatsapp m_whatsapp;
    demo::SimulatedInstagram m_instagram;
    demo::SimulatedMessenger m_messenger;
    ServerProcess m_server;
    std::unique_ptr<RawDesk> m_desk;
};

} // namespace antiphon::test
