#include "core/server/serverstats.h"

namespace antiphon {

QByteArray toPrometheus(const ServerStats &stats, const QByteArray &listener)
{
    const QByteArray label = "listener=\"" + listener + '"';
    QByteArray out;
    for (auto it = stats.answersByStatus.cbegin(); it != stats.answersByStatus.cend(); ++it)
        out += "antiphon_http_answers_total{" + label + ",status=\"" + QByteArray::number(it.key()) + "\"} " + QByteArray::number(it.value()) + '\n';
    for (auto it = stats.refusalsByCause.cbegin(); it != stats.refusalsByCause.cend(); ++it)
        out += "antiphon_http_refusals_total{" + label + ",cause=\"" + it.key() + "\"} " + QByteArray::number(it.value()) + '\n';
    out += "antiphon_http_accepted_total{" + label + "} " + QByteArray::number(stats.accepted) + '\n';
    out += "antiphon_http_connections{" + label + "} " + QByteArray::number(stats.connections) + '\n';
    out += "antiphon_http_buffered_bytes{" + label + "} " + QByteArray::number(stats.bufferedBytes) + '\n';
    return out;
}

} // namespace antiphon
