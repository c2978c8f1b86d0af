#pragma once

#include <QByteArray>
#include <QThread>

#include <memory>

class QHttpServer;

namespace antiphon::bench {

/// What any server on this library has to do for a webhook, and nothing else: QHttpServer in a thread of its own that checks the signature, parses the
/// JSON and answers 200. No Gate, no store. What the durable acknowledgements are measured against.
class BareListener {
public:
    explicit BareListener(QByteArray appSecret);
    ~BareListener();
    BareListener(const BareListener &) = delete;
    BareListener &operator=(const BareListener &) = delete;

    quint16 port() const { return m_port; }      ///< 0 where it couldn't listen

private:
    void open(const QByteArray &appSecret);

    QThread m_thread{};
    std::unique_ptr<QObject> m_context;
    std::unique_ptr<QHttpServer> m_server;
    quint16 m_port = 0;
};

} // namespace antiphon::bench
