#pragma once

#include "core/channels/mediarules.h"
#include "core/channels/operation.h"

namespace antiphon::tiktok {

/// Title and picture of a post by TikTok's own oEmbed call at `web` (its web address, or the override). nullptr where `post` is none of TikTok's: no other host is
/// asked. @see https://developers.tiktok.com/doc/embed-videos
OperationPtr<PostCard> describePost(const QUrl &post, const QUrl &web);

} // namespace antiphon::tiktok
