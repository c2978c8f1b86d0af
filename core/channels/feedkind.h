#pragma once

#include "core/channels/channeladapter.h"
#include "core/domain/inbox.h"

namespace antiphon {

/// Whether a platform lists everything that came to an account in the order it came.
inline bool hasFeed(const ChannelAdapter *adapter)
{
    return adapter && adapter->feedRhythm();
}

/// Whether it can be read by one reader only, and not while a webhook is set: the one that the platform holds its answers back for.
inline bool isFeedExclusive(const ChannelAdapter *adapter)
{
    return hasFeed(adapter) && adapter->feedRhythm()->waitsFor.count() > 0;
}

/// Whether the messages of an inbox come by reading the feed.
inline bool isFedBy(const ChannelAdapter *adapter, Inbox::Delivery delivery)
{
    return hasFeed(adapter) && (delivery == Inbox::Delivery::Poll || (delivery == Inbox::Delivery::Both && !isFeedExclusive(adapter)));
}

} // namespace antiphon
