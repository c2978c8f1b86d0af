#pragma once

#include "core/client/tunnelapi.h"

#include <QObject>

namespace antiphon {

/// The public address as the server tells it, kept live. Who may not see it (an agent) gets nothing, and no error is shown for that.
class TunnelWatch final : public QObject {
    Q_OBJECT
public:
    explicit TunnelWatch(DeskClient &client, QObject *parent = nullptr);

    const std::optional<DeskTunnel> &tunnel() const { return m_tunnel; }
    bool isDown() const { return m_tunnel && m_tunnel->state == QStringLiteral("down"); }
    TunnelApi &api() { return m_api; }
    void take(const DeskTunnel &tunnel);

signals:
    void changed();

private:
    void read();

    DeskClient &m_client;
    TunnelApi m_api;
    std::optional<DeskTunnel> m_tunnel;
};

} // namespace antiphon
