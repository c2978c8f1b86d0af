#pragma once

#include <QByteArray>
#include <QMap>

namespace antiphon {

/// What one listener has seen since its start, for /metrics and the health page.
struct ServerStats {
    QMap<int, quint64> answersByStatus{};           ///< every answer, refusals too
    QMap<QByteArray, quint64> refusalsByCause{};    ///< what no handler saw
    quint64 accepted = 0;                           ///< connections since the start
    int connections = 0;                            ///< open now
    qint64 bufferedBytes = 0;                       ///< of request bodies, over all listeners that share the budget
};

/// The same as Prometheus text (format 0.0.4), each line labelled `listener="<listener>"`.
QByteArray toPrometheus(const ServerStats &stats, const QByteArray &listener);

/// Metrics of several sources as one valid text: the samples of a family stand together behind its one "# TYPE" line.
QByteArray groupedMetrics(const QByteArray &text);

} // namespace antiphon
