#pragma once

#include "core/channels/channeladapter.h"

#include <map>
#include <memory>

namespace antiphon {

/// The platforms this program speaks. Filled once in main(), read by every thread after that.
class ChannelRegistry {
public:
    void add(std::unique_ptr<ChannelAdapter> adapter, std::unique_ptr<AccountAdapter> accounts);

    QList<Channel> channels() const;                              ///< those that are built in, in the order of the enum
    const ChannelAdapter *adapter(Channel channel) const;         ///< nullptr where the channel is not built in
    const AccountAdapter *accounts(Channel channel) const;
    const ChannelEndpoints &endpoints(Channel channel) const;     ///< official, or as overridden

    /// Replaces scheme, host, port and prefix of a channel's API or web address: https anywhere, http on loopback only.
    Result<void> overrideApi(Channel channel, const QUrl &base);
    Result<void> overrideData(Channel channel, const QUrl &base);
    Result<void> overrideWeb(Channel channel, const QUrl &base);
    bool isOverridden(Channel channel) const;                     ///< the API is: then SafeFetch accepts that origin too
    bool isDataOverridden(Channel channel) const;                 ///< likewise the host of files

private:
    Result<void> override(Channel channel, const QUrl &base, QUrl ChannelEndpoints::*endpoint);
    struct Entry {
        std::unique_ptr<ChannelAdapter> adapter{};
        std::unique_ptr<AccountAdapter> accounts{};
        ChannelEndpoints endpoints{};
        bool isOverridden = false;
        bool isDataOverridden = false;
    };
    std::map<Channel, Entry> m_entries;
};

} // namespace antiphon
