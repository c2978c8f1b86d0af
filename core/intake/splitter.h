#pragma once

#include "core/channels/channelregistry.h"
#include "core/intake/lanes.h"
#include "core/intake/rarewarning.h"
#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"
#include "core/store/inboxrepository.h"

namespace antiphon {

/// Turns deliveries into events, each once: keys are unique in an inbox, discarded ones never come back, dead ones are given another chance by a
/// redelivery. Holds nothing that matters; all meaning is in the rows. An event of an account that is no inbox here leaves a count and no row, and
/// so does one of a disabled inbox whose platform keeps no history that could bring it again.
class Splitter {
public:
    /// @param channels and @param app must outlive this; `app` gives a platform's application, from memory.
    using AppSource = std::function<Result<AppCredentials>(Channel)>;
    Splitter(const ChannelRegistry &channels, AppSource app);

    /// One savepoint's work. A body that can't be read leaves a dead delivery and is no error.
    /// @return the lanes that have something to do now, one entry an event.
    Result<QList<Lanes::Lane>> split(WriteTransaction &tx, const deliveries::Delivery &delivery) const;

private:
    struct Discarded {
        qint64 times = 0;
        QString name{};      ///< of an inbox that is here; else empty
    };
    Result<QList<SplitEvent>> read(const deliveries::Delivery &delivery, const ChannelAdapter *adapter) const;
    using KnownInboxes = QHash<QString, QList<inboxes::InboxRow>>;      ///< by all that an event says of its inbox
    Result<QList<inboxes::InboxRow>> inboxesOf(ReadTransaction &tx, const SplitEvent &event, const ChannelAdapter &adapter, KnownInboxes *known) const;
    static Result<QList<inboxes::InboxRow>> findInboxes(ReadTransaction &tx, const SplitEvent &event, const ChannelAdapter &adapter);
    Result<std::optional<Lanes::Lane>> store(WriteTransaction &tx, const deliveries::Delivery &delivery, const SplitEvent &event, const Inbox &to) const;
    Result<void> warn(ReadTransaction &tx, const deliveries::Delivery &delivery, const QHash<QString, Discarded> &discarded) const;

    const ChannelRegistry &m_channels;
    AppSource m_app;
    std::shared_ptr<RareWarning> m_warnings = std::make_shared<RareWarning>();
};

} // namespace antiphon
