#include "ui/models/tunnelwatch.h"

#include "ui/models/whendone.h"

namespace antiphon {
using namespace Qt::StringLiterals;

TunnelWatch::TunnelWatch(DeskClient &client, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_api(client)
{
    connect(&m_client, &DeskClient::opened, this, &TunnelWatch::read);
    connect(&m_client, &DeskClient::resyncNeeded, this, &TunnelWatch::read);
    connect(&m_client, &DeskClient::eventReceived, this, [this](const DeskEvent &event) {
        if (event.type != "tunnel.updated"_L1)
            return;
        if (const auto tunnel = tunnelFromJson(event.data))
            take(*tunnel);
    });
    if (m_client.state() == DeskClient::State::Open)
        read();
}

void TunnelWatch::read()
{
    whenDone(m_api.tunnel(), this, [this](const Result<DeskTunnel> &tunnel) {
        if (tunnel)
            take(*tunnel);
    });
}

void TunnelWatch::take(const DeskTunnel &tunnel)
{
    m_tunnel = tunnel;
    emit changed();
}

} // namespace antiphon
