#include "ui/mainwindow/gapstrip.h"

#include "ui/diagnosis/diagnosistext.h"
#include "ui/models/gapwatch.h"
#include "ui/models/inboxmodel.h"

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

/// Worth a line of its own: something was fetched, may be missing, or waits.
bool isWorthSaying(const Gap &gap)
{
    return gap.recovered > 0 || gap.state == Gap::State::Partial || gap.state == Gap::State::Unrecoverable || !gap.reasons.isEmpty();
}

} // namespace

GapStrip::GapStrip(const Theme &theme, const InboxModel &inboxes, GapWatch &watch, QWidget *parent)
    : Banner(theme, parent)
    , m_inboxes(inboxes)
    , m_watch(watch)
{
    connect(&m_watch, &GapWatch::changed, this, &GapStrip::showGaps);
    connect(&m_inboxes, &InboxModel::changed, this, &GapStrip::showGaps);
    connect(this, &Banner::closed, &m_watch, &GapWatch::dismiss);
    hide();
    showGaps();
}

void GapStrip::showGaps()
{
    QStringList filling;
    QStringList lines;
    bool isWhole = true;
    bool canClose = false;
    for (const Gap &gap : m_watch.gaps()) {
        const Inbox *inbox = m_inboxes.find(gap.inboxId);
        if (!inbox)
            continue;
        if (gap.state == Gap::State::Open && gap.reasons.isEmpty()) {
            if (!filling.contains(inbox->name))
                filling.append(inbox->name);
            continue;
        }
        if (!isWorthSaying(gap))
            continue;
        isWhole = isWhole && gap.state == Gap::State::Recovered;
        canClose = canClose || gap.state != Gap::State::Open;
        const QString why = diagnosis::gapReasons(gap);
        const QString result = diagnosis::gapState(gap);
        lines.append(why.isEmpty() ? tr("%1: %2").arg(inbox->name, result) : tr("%1: %2. %3").arg(inbox->name, result, why));
    }
    if (!filling.isEmpty())
        lines.prepend(tr("Catching up: %1 …").arg(filling.join(u", "_s)));
    if (lines.isEmpty()) {
        hide();
        return;
    }
    const bool isOver = filling.isEmpty();
    setContent(!isOver ? Tone::Info : isWhole ? Tone::Ok : Tone::Warn, !isOver ? "clock"_L1 : isWhole ? "ok-circle"_L1 : "alert"_L1, lines.join(u'\n'));
    setClosable(canClose);
    show();
}

} // namespace antiphon
