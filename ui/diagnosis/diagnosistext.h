#pragma once

#include "core/client/deskapi.h"
#include "core/client/tunnelapi.h"
#include "ui/widgets/tone.h"

/// What the diagnosis page says. Pure: values in, sentences out.
namespace antiphon::diagnosis {

struct Finding {
    Tone tone = Tone::Ok;
    QLatin1StringView icon{"ok-circle"};
    QString text{};
};

/// An inbox in one glance.
Finding stateOf(const Inbox &inbox, const DeskHealth::OfInbox *health, Timestamp now);

/// The most urgent of everything, or that all is well.
Finding mostUrgent(const QList<Inbox> &inboxes, const DeskHealth &health, const std::optional<DeskTunnel> &tunnel, qint64 dead, Timestamp now);

QString usually(const DeskHealth::OfInbox &health);
QString tokenLife(const DeskHealth::OfInbox &health, Timestamp now);
QString tunnelState(const DeskTunnel &tunnel);
QString milliseconds(double ms);
QString gapCause(Gap::Cause cause);
QString gapState(const Gap &gap);
QString gapReasons(const Gap &gap);            ///< what may be missing; empty where nothing is
QString gapTimes(const Gap &gap, Timestamp now);
QString letterKind(const QString &kind);
QString refusalReason(const QString &reason);

} // namespace antiphon::diagnosis
