#pragma once

#include "core/server/gate/refusal.h"
#include "core/server/gate/requesthead.h"

#include <QByteArray>
#include <QList>

#include <optional>

namespace antiphon {

/// One route of a listener. What stands in no table doesn't exist on that port.
struct Route {
    enum class Kind {
        Library,    ///< complete, bounded requests: QHttpServer
        Stream,     ///< bodies of any size, in or out: HttpStream, the connection closes afterwards
        WebSocket   ///< an upgrade
    };
    QByteArray pattern{};         ///< a path; one segment may be a name in braces, e.g. "/webhooks/line/{line_channel_id}"
    QList<QByteArray> methods{};  ///< upper case; HEAD only where it is named
    qint64 bodyLimit = 0;         ///< bytes; of POST, PUT and PATCH, any other method has no body here
    Kind kind = Kind::Library;
    int tag = 0;                  ///< the owner's own name for the route
};

/// What the Gate does with a complete head.
struct Judgement {
    enum class Body { None, Length, Chunked };

    std::optional<Refusal> refusal{};
    const Route *route = nullptr;      ///< valid as long as the policy; null where refused
    QByteArray segment{};              ///< what stood for the name in braces, percent-decoded
    Body body = Body::None;
    qint64 length = 0;                 ///< announced; Body::Length only
    bool expectsContinue = false;
    bool closes = false;               ///< the client asked for `Connection: close`
};

/// The table of one listener: which routes it has, under which names it is known. Pure but for its settings.
class RoutePolicy {
public:
    /// Routes are added before the first request and stay.
    void addRoute(Route route) { m_routes.append(std::move(route)); }

    /// Names beside the loopback ones (`localhost`, `127.0.0.1`, `[::1]`) that `Host` may carry; without a port.
    void setKnownHosts(const QList<QByteArray> &hosts);

    /// Values of `Origin` that may open a WebSocket; a client without Origin always may (it is no browser).
    void setAllowedOrigins(const QList<QByteArray> &origins) { m_origins = origins; }

    Judgement judge(const RequestHead &head) const;

private:
    bool isKnownHost(QByteArrayView host) const;
    const Route *find(QByteArrayView path, QByteArray *segment) const;
    std::optional<Refusal> judgeUpgrade(const RequestHead &head, const Route &route) const;

    QList<Route> m_routes;
    QList<QByteArray> m_hosts;
    QList<QByteArray> m_origins;
};

} // namespace antiphon
