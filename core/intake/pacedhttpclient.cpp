#include "core/intake/pacedhttpclient.h"

namespace antiphon {

PacedHttpClient::PacedHttpClient(HttpClient &http, Milliseconds between, QObject *parent)
    : QObject(parent)
    , m_http(http)
    , m_between(between)
{
    m_pause.setSingleShot(true);
    connect(&m_pause, &QTimer::timeout, this, [this] {
        if (m_waiting.empty())
            return;
        const Waiting next = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_pause.start(m_between);
        m_http.send(next.request, next.done);
    });
}

void PacedHttpClient::send(const HttpRequest &request, Done done)
{
    if (m_pause.isActive()) {
        m_waiting.push_back({request, std::move(done)});
        return;
    }
    m_pause.start(m_between);
    m_http.send(request, std::move(done));
}

} // namespace antiphon
