#pragma once

#include "core/base/result.h"
#include "core/net/http.h"

/// What a platform's own oEmbed call tells of a shared post. Pure.
/// @see https://developers.tiktok.com/doc/embed-videos
namespace antiphon::oembed {

/// Asks `web` (the platform's web address, or its override) about a post. Nothing where the post is not one of that platform's: no other host is asked.
std::optional<HttpRequest> request(const QUrl &post, const QUrl &web);

struct Card {
    QString title{};
    QUrl picture{};              ///< https; may be empty
};
Result<Card> read(const HttpReply &reply);

} // namespace antiphon::oembed
