#include "core/server/serverstats.h"

#include <QHash>
#include <QList>
#include <QSet>

#include <algorithm>

namespace antiphon {

QByteArray toPrometheus(const ServerStats &stats, const QByteArray &listener)
{
    const QByteArray label = "listener=\"" + listener + '"';
    QByteArray out;
    out += "# TYPE antiphon_http_answers_total counter\n";
    for (auto it = stats.answersByStatus.cbegin(); it != stats.answersByStatus.cend(); ++it)
        out += "antiphon_http_answers_total{" + label + ",status=\"" + QByteArray::number(it.key()) + "\"} " + QByteArray::number(it.value()) + '\n';
    out += "# TYPE antiphon_http_refusals_total counter\n";
    for (auto it = stats.refusalsByCause.cbegin(); it != stats.refusalsByCause.cend(); ++it)
        out += "antiphon_http_refusals_total{" + label + ",cause=\"" + it.key() + "\"} " + QByteArray::number(it.value()) + '\n';
    out += "# TYPE antiphon_http_accepted_total counter\n";
    out += "antiphon_http_accepted_total{" + label + "} " + QByteArray::number(stats.accepted) + '\n';
    out += "# TYPE antiphon_http_connections gauge\n";
    out += "antiphon_http_connections{" + label + "} " + QByteArray::number(stats.connections) + '\n';
    out += "# TYPE antiphon_http_buffered_bytes gauge\n";
    out += "antiphon_http_buffered_bytes{" + label + "} " + QByteArray::number(stats.bufferedBytes) + '\n';
    return out;
}

QByteArray groupedMetrics(const QByteArray &text)
{
    struct Family {
        QByteArray type{};
        QByteArray samples{};
    };
    QList<QByteArray> order;
    QHash<QByteArray, Family> families;
    QSet<QByteArray> summaries;
    const auto familyOf = [&](const QByteArray &name) -> Family & {
        if (!families.contains(name))
            order.append(name);
        return families[name];
    };
    const QList<QByteArray> lines = text.split('\n');
    for (const QByteArray &line : lines) {
        if (line.startsWith("# TYPE ")) {
            const QList<QByteArray> words = line.split(' ');
            familyOf(words.value(2)).type = line + '\n';
            if (words.value(3) == "summary")
                summaries.insert(words.value(2));
        } else if (!line.isEmpty()) {
            const auto isNameEnd = [](char c) { return c == '{' || c == ' '; };
            QByteArray name = line.left(std::find_if(line.begin(), line.end(), isNameEnd) - line.begin());
            for (const QByteArray &part : {QByteArray("_sum"), QByteArray("_count")}) {
                if (name.endsWith(part) && summaries.contains(name.chopped(part.size())))
                    name.chop(part.size());
            }
            familyOf(name).samples += line + '\n';
        }
    }
    QByteArray out;
    for (const QByteArray &name : std::as_const(order))
        out += families.value(name).type + families.value(name).samples;
    return out;
}

} // namespace antiphon
