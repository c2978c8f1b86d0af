#pragma once

#include "core/net/httpclient.h"

#include <QTimer>

#include <deque>
#include <vector>

namespace antiphon::test {

/// Answers with what was scripted, in the order of the requests, from the event loop; records every request.
/// A request beyond the script stays unanswered until `answer`.
class FakeHttpClient final : public HttpClient {
public:
    struct Sent {
        HttpRequest request{};
        Done done{};
    };

    static HttpReply reply(int status, const QByteArray &body = {}, const HttpHeaders &headers = {})
    {
        return {.status = status, .headers = headers, .body = body, .requestWritten = true};
    }
    static HttpReply notSent() { return {.transport = Error{Error::Kind::Network, QStringLiteral("refused")}}; }
    static HttpReply cutOff() { return {.requestWritten = true, .transport = Error{Error::Kind::Timeout, QStringLiteral("no answer")}}; }

    void script(HttpReply reply) { m_script.push_back(std::move(reply)); }

    void send(const HttpRequest &request, Done done) override
    {
        requests.push_back(request);
        if (m_script.empty()) {
            m_waiting.push_back({request, std::move(done)});
            return;
        }
        QTimer::singleShot(0, [done = std::move(done), reply = std::move(m_script.front())] { done(reply); });
        m_script.pop_front();
    }

    int waiting() const { return int(m_waiting.size()); }

    /// Answers the oldest request that waits.
    void answer(const HttpReply &reply)
    {
        const Sent sent = std::move(m_waiting.front());
        m_waiting.pop_front();
        sent.done(reply);
    }
    void forgetWaiting() { m_waiting.clear(); }     ///< as if the process had died

    std::vector<HttpRequest> requests{};

private:
    std::deque<HttpReply> m_script;
    std::deque<Sent> m_waiting;
};

} // namespace antiphon::test
