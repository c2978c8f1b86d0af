#pragma once

#include "app/demo/simulatedhttp.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <deque>

namespace antiphon::test {

/// Whoever takes webhooks: records them and answers 200, or what `replies` say first.
class HookReceiver {
public:
    explicit HookReceiver(const Clock &clock)
        : m_http(clock, [this](const demo::SimulatedHttp::Request &request, const demo::SimulatedHttp::Answer &answer) { take(request, answer); })
    {
    }
    bool listen() { return bool(m_http.listen()); }
    void close() { m_http.close(); }
    QUrl url(const QString &path = {}) const { return QUrl(m_http.url().toString() + path); }
    QJsonObject body(qsizetype at) const { return QJsonDocument::fromJson(received[at].body).object(); }

    QList<demo::SimulatedHttp::Request> received{};
    std::deque<demo::SimulatedHttp::Reply> replies{};

private:
    void take(const demo::SimulatedHttp::Request &request, const demo::SimulatedHttp::Answer &answer)
    {
        received.append(request);
        demo::SimulatedHttp::Reply reply;
        if (!replies.empty()) {
            reply = replies.front();
            replies.pop_front();
        }
        answer(reply);
    }

    demo::SimulatedHttp m_http;
};

} // namespace antiphon::test
