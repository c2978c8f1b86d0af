#pragma once

#include "app/demo/simulatedhttp.h"

#include <QHash>

class QNetworkAccessManager;

namespace antiphon::demo {

/// What came back for a webhook.
struct HookAnswer {
    int status = 0;                     ///< 0: none
    QByteArray contentType{};
    QByteArray body{};
    std::optional<std::chrono::seconds> retryAfter{};
    bool connected = true;              ///< false: nobody listened at all
};

/// Posts a webhook once and keeps what came of it. Repeating is each platform's own business. Lives in the thread that made it.
class HookPoster : public QObject {
    Q_OBJECT
public:
    struct Post {
        QUrl url{};                     ///< without its fragment, as it goes over the line
        QByteArray body{};
        HookAnswer answer{};
        bool isOver = false;
    };

    explicit HookPoster(Milliseconds answerTimeout, QObject *parent = nullptr);

    using Done = std::function<void(const HookAnswer &)>;
    void post(const QUrl &url, const QList<SimulatedHttp::Header> &headers, const QByteArray &body, Done done = {});
    /// Asks for an address as a platform does that fetches a file: GET or HEAD, redirects not followed.
    void ask(const QByteArray &method, const QUrl &url, Done done);

    const QList<Post> &posts() const { return m_posts; }       ///< in the order they were posted
    int pending() const;

private:
    void send(const QByteArray &method, const QUrl &url, const QList<SimulatedHttp::Header> &headers, const QByteArray &body, Done done);

    QNetworkAccessManager *m_network = nullptr;
    Milliseconds m_answerTimeout;
    QList<Post> m_posts{};
};

} // namespace antiphon::demo
