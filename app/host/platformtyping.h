#pragma once

#include "core/accounts/tokensource.h"
#include "core/channels/channelregistry.h"
#include "core/desk/deskparts.h"
#include "core/net/httpclient.h"

namespace antiphon {

/// "typing …" at the platforms: the adapter's request with the inbox's token, sent once and forgotten.
class PlatformTyping final : public CustomerTyping {
public:
    PlatformTyping(const ChannelRegistry &channels, Database &database, TokenSource &tokens, HttpClient &http, Mailbox &mailbox)
        : m_channels(channels), m_database(database), m_tokens(tokens), m_http(http), m_mailbox(mailbox) {}

    void showTyping(InboxId inbox, const QString &contactSourceId, const QString &messageSourceId) override;

private:
    const ChannelRegistry &m_channels;
    Database &m_database;
    TokenSource &m_tokens;
    HttpClient &m_http;
    Mailbox &m_mailbox;
};

} // namespace antiphon
