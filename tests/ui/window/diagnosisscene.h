#pragma once

#include "tests/ui/scene.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonObject>
#include <QString>

namespace antiphon::test {

/// What the shop's desk answers to the diagnosis page: all well, or something of everything.
inline QHash<QString, QJsonObject> diagnosisAnswers(bool isWell)
{
    using namespace Qt::StringLiterals;
    const auto ago = [](std::chrono::minutes minutes) { return toRfc3339(kNow - minutes); };
    QJsonArray inboxes;
    for (int id = 1; id <= 7; ++id) {
        QJsonObject own{{u"inbox_id"_s, QString::number(id)},
                        {u"channel"_s, u"tiktok"_s},
                        {u"state"_s, u"active"_s},
                        {u"last_event_at"_s, ago(std::chrono::minutes(3 * id))},
                        {u"received"_s, 747 / id},
                        {u"duplicates"_s, 37 / id},
                        {u"usual_pause_ms"_s, 240'000 * id},
                        {u"token_expires_at"_s, toRfc3339(kNow + std::chrono::hours(24 * (40 + id)))}};
        if (!isWell && id == 6) {
            own.insert(u"last_event_at"_s, ago(std::chrono::minutes(206)));
            own.insert(u"quiet_since"_s, ago(std::chrono::minutes(206)));
        }
        if (!isWell && id == 4)
            own.insert(u"dead"_s, 3);
        inboxes.append(own);
    }
    QHash<QString, QJsonObject> answers;
    answers[u"intake.health"_s] = {
        {u"inboxes"_s, inboxes},
        {u"latency"_s, QJsonArray{QJsonObject{{u"channel"_s, u"tiktok"_s}, {u"count"_s, 747}, {u"p50_ms"_s, 2.1}, {u"p99_ms"_s, 7.8}}}},
        {u"refused"_s, isWell ? QJsonArray() : QJsonArray{QJsonObject{{u"at"_s, ago(std::chrono::minutes(20))}, {u"route"_s, u"/webhooks/tiktok"_s}, {u"reason"_s, u"signature"_s}}}},
        {u"lanes"_s, QJsonArray()},
        {u"store"_s, QJsonObject{{u"writable"_s, true}, {u"wal_bytes"_s, 3'400'000}, {u"batch_size"_s, 1.8}, {u"longest_closure_ms"_s, 14}}},
        {u"work"_s, QJsonObject{{u"lost_leases"_s, 0}}},
        {u"clock_offset_ms"_s, 200},
        {u"disk_free"_s, 212'000'000'000.0}};
    answers[u"tunnel.get"_s] = {{u"provider"_s, u"cloudflared_named"_s}, {u"state"_s, u"up"_s}, {u"public_url"_s, u"https://desk.example"_s}, {u"proved_at"_s, ago(std::chrono::minutes(1))}};
    if (isWell)
        return answers;
    const auto group = [&](const QString &reason, int count) {
        return QJsonObject{{u"inbox_id"_s, u"4"_s}, {u"kind"_s, u"message"_s}, {u"error_class"_s, u"shape"_s}, {u"reason"_s, reason}, {u"count"_s, count}, {u"newest_at"_s, ago(std::chrono::minutes(9))}};
    };
    const auto letter = [&](const QString &id, const QString &reason, int minutes) {
        return QJsonObject{{u"id"_s, id}, {u"inbox_id"_s, u"4"_s}, {u"kind"_s, u"message"_s}, {u"error_class"_s, u"shape"_s}, {u"reason"_s, reason}, {u"attempts"_s, 1}, {u"received_at"_s, ago(std::chrono::minutes(minutes))}};
    };
    const QString first = u"the message has no id"_s;
    const QString second = u"the amount is no number"_s;
    answers[u"intake.dead_letter_groups"_s] = {{u"items"_s, QJsonArray{group(first, 2), group(second, 1)}}};
    answers[u"intake.dead_letters"_s] = {{u"items"_s, QJsonArray{letter(u"20"_s, first, 9), letter(u"18"_s, first, 30), letter(u"16"_s, second, 95)}}};
    answers[u"intake.dead_letter"_s] = {{u"id"_s, u"20"_s}, {u"payload"_s, u"{}"_s}, {u"conversation_id"_s, u"1"_s}};
    answers[u"intake.retry_all"_s] = {{u"count"_s, 2}};
    answers[u"intake.retry"_s] = {{u"ok"_s, true}};
    const auto gap = [&](const QString &id, const QString &inbox, const QString &state, int recovered, const QJsonArray &reasons) {
        return QJsonObject{{u"id"_s, id}, {u"inbox_id"_s, inbox}, {u"from"_s, ago(std::chrono::minutes(574))}, {u"to"_s, ago(std::chrono::minutes(106))}, {u"cause"_s, u"sleep"_s},
                           {u"state"_s, state}, {u"recovered"_s, recovered}, {u"reasons"_s, reasons}};
    };
    answers[u"intake.gaps"_s] = {{u"items"_s, QJsonArray{gap(u"2"_s, u"4"_s, u"recovered"_s, 12, {}),
                                                        gap(u"1"_s, u"6"_s, u"partial"_s, 3, {QJsonObject{{u"code"_s, u"waiting_for_redelivery"_s}}})}}};
    return answers;
}

} // namespace antiphon::test
