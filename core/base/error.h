#pragma once

#include <QMetaType>
#include <QString>

#include <chrono>
#include <optional>

namespace antiphon {

/// Why something outside the program's control did not work. Code branches on `kind`; `detail` is for the log.
/// The sentence an agent reads is made in the ui by `errorText()`, the only place that translates errors.
struct Error {
    enum class Kind {
        Network, Timeout, RateLimited, Unauthorized, Forbidden, BadPayload, Invalid, NotFound, Conflict,
        WindowClosed, ChannelLimit, OutcomeUnknown, Unavailable, Storage, Cancelled
    };
    Kind kind = Kind::Storage;
    QString detail{};                                ///< English, for the log; no secrets, no message text
    QString field{};                                 ///< the parameter at fault, where there is one
    std::optional<std::chrono::seconds> retryAfter{};///< as told by the platform
    QString code{};                                  ///< the platform's own code, where there is one
};

/// The word of `kind` as it stands in logs, e.g. "rate_limited".
QString errorKindName(Error::Kind kind);

/// One line for the log: kind, field, code and detail.
QString describe(const Error &error);

} // namespace antiphon

Q_DECLARE_METATYPE(antiphon::Error)
