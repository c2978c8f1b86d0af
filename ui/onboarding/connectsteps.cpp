#include "ui/onboarding/connectsteps.h"

#include <QCoreApplication>

namespace antiphon {
namespace {
struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::ConnectPlan)
};
} // namespace

ConnectStep addressStep(Channel channel, const QString &without)
{
    const QString text = Words::tr("%1 delivers messages to an https address that leads to this computer. Choose what leads there; this program starts it, "
                                   "watches it and tells you what to enter at the platform.")
                             .arg(channelTitle(channel));
    return {.kind = ConnectStep::Kind::Address,
            .title = Words::tr("Public address"),
            .heading = Words::tr("How %1 reaches this computer").arg(channelTitle(channel)),
            .text = text,
            .note = without};
}

ConnectStep roundTripStep(const QString &text)
{
    return {.kind = ConnectStep::Kind::RoundTrip, .title = Words::tr("Round trip"), .detail = Words::tr("One real message"), .heading = Words::tr("One real message"), .text = text};
}

} // namespace antiphon
