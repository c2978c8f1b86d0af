#pragma once

#include "core/base/clock.h"
#include "core/net/httpclient.h"

#include <QObject>
#include <QTimer>

#include <deque>

namespace antiphon {

/// Lets requests out one after the other with a pause between them, so that fetching what was missed never takes the platform's allowance from answering.
class PacedHttpClient final : public QObject, public HttpClient {
public:
    PacedHttpClient(HttpClient &http, Milliseconds between, QObject *parent = nullptr);

    void send(const HttpRequest &request, Done done) override;

private:
    struct Waiting {
        HttpRequest request{};
        Done done{};
    };

    HttpClient &m_http;
    const Milliseconds m_between;
    QTimer m_pause;
    std::deque<Waiting> m_waiting;
};

} // namespace antiphon
