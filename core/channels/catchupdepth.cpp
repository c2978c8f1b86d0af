#include "core/channels/catchupdepth.h"

#include <QStringList>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

QString retentionText(std::chrono::hours retention)
{
    const auto hours = qint64(retention.count());
    return hours % 24 == 0 && hours > 48 ? u"%1 days"_s.arg(hours / 24) : u"%1 hours"_s.arg(hours);
}

QString withoutTunnel(const CatchUpDepth &depth)
{
    return depth.needsPublicAddress ? u"; a public address is needed"_s : u"; it works without a public address"_s;
}

} // namespace

QString describe(const CatchUpDepth &depth)
{
    const bool hasEnd = depth.retention.count() > 0;
    switch (depth.kind) {
    case CatchUpDepth::Kind::Complete:
        return u"after an absence everything is fetched"_s + (hasEnd ? u" of the last "_s + retentionText(depth.retention) : QString()) + withoutTunnel(depth);
    case CatchUpDepth::Kind::NewestPerThread: {
        QString text = u"after an absence the platform lists "_s;
        text += depth.mostThreads > 0 ? u"%1 threads"_s.arg(depth.mostThreads) : u"threads"_s;
        if (hasEnd)
            text += u" of the last "_s + retentionText(depth.retention);
        return text + u", the %1 newest messages of each"_s.arg(depth.newest) + withoutTunnel(depth);
    }
    case CatchUpDepth::Kind::RedeliveryOnly:
        return u"the platform has no history: after an absence only what it delivers again comes in"_s
            + (hasEnd ? u", for "_s + retentionText(depth.retention) : QString()) + withoutTunnel(depth);
    case CatchUpDepth::Kind::None: return u"the platform gives nothing back of an absence"_s + withoutTunnel(depth);
    }
    Q_UNREACHABLE();
}

} // namespace antiphon
