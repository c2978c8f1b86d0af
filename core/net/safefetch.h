#pragma once

#include "core/base/result.h"
#include "core/net/http.h"

#include <functional>

namespace antiphon {

/// What may be fetched from outside, and how much of it.
struct FetchPolicy {
    QStringList hosts{};                          ///< "tiktokcdn.com" stands for itself and its sub-domains, "*" for all; https on port 443 only
    std::optional<QUrl> overrideOrigin{};         ///< a channel's override: that scheme, host and port are accepted too, loopback included
    std::optional<QUrl> overrideDataOrigin{};     ///< likewise of the host of its files, where that is another
    qint64 maxBytes = 20 * 1024 * 1024;
    std::chrono::milliseconds idleTimeout{30'000};
    std::chrono::milliseconds totalTimeout{120'000};
    int maxRedirects = 5;
};

struct FetchResult {
    int status = 0;
    QByteArray contentType{};
    QString fileName{};                           ///< as `Content-Disposition` gives it; may be empty
    qint64 size = 0;
};

/// Fetches media whose address came from outside. Each address, and each redirect anew, is judged before a packet leaves: scheme, host on the
/// list, and every resolved address public (no loopback, private, link-local, carrier, documentation, mapped or translated ranges); the
/// connection goes to the very address that was judged. Headers are not carried to another origin, and
/// `Authorization` not even to another address of the same.
/// Lives in the net thread; callbacks come there.
class SafeFetch {
public:
    using Piece = std::function<void(const QByteArray &)>;
    using Done = std::function<void(Result<FetchResult>)>;

    virtual ~SafeFetch() = default;
    virtual void fetch(const HttpRequest &request, const FetchPolicy &policy, Piece piece, Done done) = 0;
};

} // namespace antiphon
