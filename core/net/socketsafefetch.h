#pragma once

#include "core/net/resolver.h"
#include "core/net/safefetch.h"

#include <QObject>

namespace antiphon {

/// SafeFetch over own sockets: the connection goes to the address that was judged, the certificate is checked against the name.
class SocketSafeFetch final : public QObject, public SafeFetch {
    Q_OBJECT
public:
    /// `resolver` outlives this.
    explicit SocketSafeFetch(Resolver &resolver, QObject *parent = nullptr);

    /// GET only. Forbidden: an address that may not be fetched. BadPayload: too large, or compressed though nobody asked. Everything that is not
    /// 2xx ends as an Error too: NotFound (404, 410), Unauthorized (401, 403), RateLimited (429), else Network. Pieces may have come before an error.
    void fetch(const HttpRequest &request, const FetchPolicy &policy, Piece piece, Done done) override;

private:
    struct Run;
    void judge(const std::shared_ptr<Run> &run);
    void connectTo(const std::shared_ptr<Run> &run, QList<QHostAddress> addresses);
    void finished(const std::shared_ptr<Run> &run, int status, const HttpHeaders &headers);

    Resolver &m_resolver;
};

} // namespace antiphon
