#include "core/channels/channelregistry.h"

#include <algorithm>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

bool isByte(const QString &text)
{
    bool ok = false;
    return text.size() <= 3 && text.toUShort(&ok) <= 255 && ok;
}

bool isLoopback(const QString &host)
{
    if (host == "localhost"_L1 || host == "::1"_L1)
        return true;
    const QStringList parts = host.split(u'.');
    return parts.size() == 4 && parts.first() == "127"_L1 && std::all_of(parts.begin(), parts.end(), isByte);
}

Result<void> checkBase(const QUrl &base)
{
    if (!base.isValid() || base.host().isEmpty() || !base.userInfo().isEmpty() || base.hasQuery() || base.hasFragment())
        return Error{Error::Kind::Invalid, u"not an address of scheme, host and port"_s, u"url"_s};
    if (base.scheme() != "https"_L1 && !(base.scheme() == "http"_L1 && isLoopback(base.host())))
        return Error{Error::Kind::Invalid, u"plain http is for loopback addresses only"_s, u"url"_s};
    return {};
}

} // namespace

void ChannelRegistry::add(std::unique_ptr<ChannelAdapter> adapter, std::unique_ptr<AccountAdapter> accounts)
{
    Entry &entry = m_entries[adapter->channel()];
    entry.adapter = std::move(adapter);
    if (accounts)
        entry.endpoints = accounts->officialEndpoints();
    entry.accounts = std::move(accounts);
    entry.isOverridden = false;
    entry.isDataOverridden = false;
}

QList<Channel> ChannelRegistry::channels() const
{
    QList<Channel> all;
    for (const auto &[channel, entry] : m_entries)
        all.append(channel);
    return all;
}

const ChannelAdapter *ChannelRegistry::adapter(Channel channel) const
{
    const auto found = m_entries.find(channel);
    return found == m_entries.end() ? nullptr : found->second.adapter.get();
}

const AccountAdapter *ChannelRegistry::accounts(Channel channel) const
{
    const auto found = m_entries.find(channel);
    return found == m_entries.end() ? nullptr : found->second.accounts.get();
}

const ChannelEndpoints &ChannelRegistry::endpoints(Channel channel) const
{
    static const ChannelEndpoints none;
    const auto found = m_entries.find(channel);
    return found == m_entries.end() ? none : found->second.endpoints;
}

Result<void> ChannelRegistry::override(Channel channel, const QUrl &base, QUrl ChannelEndpoints::*endpoint)
{
    if (const auto checked = checkBase(base); !checked)
        return checked;
    const auto found = m_entries.find(channel);
    if (found == m_entries.end())
        return Error{Error::Kind::NotFound, u"the channel is not built in"_s};
    found->second.endpoints.*endpoint = base;
    return {};
}

Result<void> ChannelRegistry::overrideApi(Channel channel, const QUrl &base)
{
    const auto done = override(channel, base, &ChannelEndpoints::api);
    if (done)
        m_entries[channel].isOverridden = true;
    return done;
}

Result<void> ChannelRegistry::overrideData(Channel channel, const QUrl &base)
{
    const auto done = override(channel, base, &ChannelEndpoints::data);
    if (done)
        m_entries[channel].isDataOverridden = true;
    return done;
}

Result<void> ChannelRegistry::overrideWeb(Channel channel, const QUrl &base)
{
    return override(channel, base, &ChannelEndpoints::web);
}

bool ChannelRegistry::isDataOverridden(Channel channel) const
{
    const auto found = m_entries.find(channel);
    return found != m_entries.end() && found->second.isDataOverridden;
}

bool ChannelRegistry::isOverridden(Channel channel) const
{
    const auto found = m_entries.find(channel);
    return found != m_entries.end() && found->second.isOverridden;
}

} // namespace antiphon
