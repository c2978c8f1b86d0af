#pragma once

#include "core/base/clock.h"
#include "core/client/deskapi.h"

#include <QObject>

namespace antiphon {

/// The absences that are being caught up with or were just now, kept live. Who may not see them (an agent) gets nothing, and no error is shown for that.
class GapWatch final : public QObject {
    Q_OBJECT
public:
    /// @param clock tells which of the first list are fresh enough to speak of.
    GapWatch(DeskClient &client, const Clock &clock, QObject *parent = nullptr);

    /// Those that have ended and nobody dismissed, oldest first: open ones are being filled, the others have their result.
    const QList<Gap> &gaps() const { return m_gaps; }
    int missed() const;                          ///< messages the fetching brought that nobody was told of yet

    void dismiss();                              ///< the results were read; what is still being filled stays
    void forgetMissed();

signals:
    void changed();

private:
    void read();
    void take(const Gap &gap, bool isNews);

    DeskClient &m_client;
    const Clock &m_clock;
    DeskApi m_api;
    QList<Gap> m_gaps;
    QHash<qint64, qint64> m_missed;              ///< by gap
    QSet<qint64> m_dismissed;
    QSet<qint64> m_told;
};

} // namespace antiphon
