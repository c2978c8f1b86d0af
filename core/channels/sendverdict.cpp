#include "core/channels/sendverdict.h"

namespace antiphon {

SendVerdict verdictByKind(const Error &error)
{
    switch (error.kind) {
    case Error::Kind::Network:
    case Error::Kind::Timeout:
    case Error::Kind::Unavailable: return SendVerdict::NotTaken;
    case Error::Kind::RateLimited: return SendVerdict::RateLimited;
    case Error::Kind::Unauthorized: return SendVerdict::TokenRejected;
    case Error::Kind::Forbidden: return SendVerdict::Unauthorized;
    case Error::Kind::OutcomeUnknown: return SendVerdict::OutcomeUnknown;
    case Error::Kind::BadPayload:
    case Error::Kind::Invalid:
    case Error::Kind::NotFound:
    case Error::Kind::Conflict:
    case Error::Kind::WindowClosed:
    case Error::Kind::ChannelLimit:
    case Error::Kind::Storage:
    case Error::Kind::Cancelled: return SendVerdict::Refused;
    }
    Q_UNREACHABLE();
}

} // namespace antiphon
