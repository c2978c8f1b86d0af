#include "core/base/error.h"

namespace antiphon {

QString errorKindName(Error::Kind kind)
{
    switch (kind) {
    case Error::Kind::Network: return QStringLiteral("network");
    case Error::Kind::Timeout: return QStringLiteral("timeout");
    case Error::Kind::RateLimited: return QStringLiteral("rate_limited");
    case Error::Kind::Unauthorized: return QStringLiteral("unauthorized");
    case Error::Kind::Forbidden: return QStringLiteral("forbidden");
    case Error::Kind::BadPayload: return QStringLiteral("bad_payload");
    case Error::Kind::Invalid: return QStringLiteral("invalid");
    case Error::Kind::NotFound: return QStringLiteral("not_found");
    case Error::Kind::Conflict: return QStringLiteral("conflict");
    case Error::Kind::WindowClosed: return QStringLiteral("window_closed");
    case Error::Kind::ChannelLimit: return QStringLiteral("channel_limit");
    case Error::Kind::OutcomeUnknown: return QStringLiteral("outcome_unknown");
    case Error::Kind::Unavailable: return QStringLiteral("unavailable");
    case Error::Kind::Storage: return QStringLiteral("storage");
    case Error::Kind::Cancelled: return QStringLiteral("cancelled");
    }
    Q_UNREACHABLE();
}

QString describe(const Error &error)
{
    QString line = errorKindName(error.kind);
    if (!error.field.isEmpty())
        line += QStringLiteral(" [%1]").arg(error.field);
    if (!error.code.isEmpty())
        line += QStringLiteral(" code %1").arg(error.code);
    if (!error.detail.isEmpty())
        line += QStringLiteral(": ") + error.detail;
    return line;
}

} // namespace antiphon
