#pragma once

#include "core/channels/channelregistry.h"
#include "core/intake/floodwatch.h"
#include "core/store/eventrepository.h"
#include "core/store/inboxrepository.h"

namespace antiphon {

/// What one stored event does to the workspace, in one short transaction without network: contact, conversation, message, marks.
/// Everything it does and tells is taken back with the savepoint it runs in. Of the Writer's thread.
class InboundFlow {
public:
    /// Called in the Writer's thread after the commit.
    struct Hooks {
        std::function<void()> jobsQueued{};
        std::function<void(InboxId)> authorizationRemoved{};
        std::function<void(InboxId, Inbox::State)> stateChanged{};   ///< a platform took an account away or gave it back; it is stored
        std::function<void(InboxId, QJsonObject)> settingsChanged{};   ///< an event put something into the inbox's settings that calls need; it is stored
        std::shared_ptr<FloodWatch> floods{};
    };

    struct Outcome {
        enum class Kind {
            Done,
            Ignored,
            Parked      ///< waits beside its lane until `retryAt`, or until what it waits for is there
        };
        Kind kind = Kind::Done;
        qint64 entityId = 0;        ///< of the message or conversation it became
        QString reason{};           ///< a word
        Timestamp retryAt{};
    };

    InboundFlow(const ChannelRegistry &channels, Hooks hooks);

    /// Queues what the platform wants to hear at once of an event that has just come, whatever becomes of it.
    Result<void> acknowledge(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox) const;

    /// Queues a question for what an event needs and nobody told us of, where the platform can be asked. @param missing what `apply` ended with
    Result<void> lookUp(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox, const Error &missing) const;

    /// BadPayload: its shape is wrong for ever. Unavailable: something it needs is not there yet. Anything else: a defect, or the store.
    Result<Outcome> apply(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox) const;

    /// A line in the customer's conversation, where it is known, that one thing which came in could not be processed.
    Result<void> tellFailure(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox) const;

private:
    const ChannelRegistry &m_channels;
    Hooks m_hooks;
};

} // namespace antiphon
