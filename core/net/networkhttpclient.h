#pragma once

#include "core/net/httpclient.h"

#include <QObject>

namespace antiphon {

/// Real requests over TCP and TLS. Lives in the net thread. Requests still under way when it dies are cut without an answer.
class NetworkHttpClient final : public QObject, public HttpClient {
    Q_OBJECT
public:
    explicit NetworkHttpClient(QObject *parent = nullptr);

    /// A reply over `maxReplyBytes` and one that is cut short come back as status 0 with `transport`.
    void send(const HttpRequest &request, Done done) override;
};

} // namespace antiphon
