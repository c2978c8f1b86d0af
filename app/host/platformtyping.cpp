#include "app/host/platformtyping.h"

#include "core/base/logging.h"
#include "core/store/inboxrepository.h"

namespace antiphon {

void PlatformTyping::showTyping(InboxId inbox, const QString &contactSourceId, const QString &messageSourceId)
{
    m_database.read<std::optional<inboxes::InboxRow>>(
        "inbox of typing", [inbox](ReadTransaction &tx) { return inboxes::find(tx, inbox); }, m_mailbox,
        [this, inbox, contactSourceId, messageSourceId](const Result<std::optional<inboxes::InboxRow>> &row) {
            const ChannelAdapter *adapter = row && *row ? m_channels.adapter((*row)->inbox.channel) : nullptr;
            if (!adapter)
                return;
            m_tokens.credentials(inbox, [this, adapter, contactSourceId, messageSourceId](const Result<InboxCredentials> &credentials) {
                if (!credentials)
                    return;   // a sign that can't be given is nobody's business
                if (const auto request = adapter->typing(contactSourceId, messageSourceId, *credentials, m_channels.endpoints(adapter->channel()))) {
                    m_http.send(*request, [](const HttpReply &reply) {
                        if (reply.transport)
                            qCDebug(lcNet).noquote() << "typing sign not sent:" << describe(*reply.transport);
                    });
                }
            });
        });
}

} // namespace antiphon
