#pragma once

#include "core/base/clock.h"

#include <QByteArray>
#include <QString>

#include <optional>

namespace antiphon::demo {

/// An answer of one's own choice. Where `code` or `httpStatus` say failure, the request has no effect unless `takesEffect` says so.
struct ScriptedAnswer {
    int code = 0;
    QString message{};
    int httpStatus = 200;
    Milliseconds delay{0};
    qint64 cutAfterBytes = -1;
    bool closeWithoutAnswer = false;
    std::optional<QByteArray> garbageBody{};
    std::optional<std::chrono::seconds> retryAfter{};
    std::optional<bool> takesEffect{};
    int subcode = 0;                    ///< of Meta's errors
    QString details{};                  ///< `error_data.details` of Meta's errors
};

/// When what follows a send of the API (an echo, a status) is posted.
enum class Echo { AfterAnswer, BeforeAnswer, Never };

} // namespace antiphon::demo
