#pragma once

#include "core/channels/channelregistry.h"
#include "core/intake/lanes.h"
#include "core/store/deliveryrepository.h"
#include "core/store/eventrepository.h"

namespace antiphon {

/// Turns deliveries into events, each once: keys are unique in an inbox, discarded ones never come back, dead ones are given another chance by a
/// redelivery. Holds nothing; all meaning is in the rows.
class Splitter {
public:
    /// @param channels and @param app must outlive this; `app` gives a platform's application, from memory.
    using AppSource = std::function<Result<AppCredentials>(Channel)>;
    Splitter(const ChannelRegistry &channels, AppSource app);

    /// One savepoint's work. A body that can't be read leaves a dead delivery and is no error.
    /// @return the lanes that have something to do now, one entry an event.
    Result<QList<Lanes::Lane>> split(WriteTransaction &tx, const deliveries::Delivery &delivery) const;

private:
    Result<QList<SplitEvent>> read(const deliveries::Delivery &delivery, const ChannelAdapter *adapter) const;
    Result<std::optional<Lanes::Lane>> store(WriteTransaction &tx, const deliveries::Delivery &delivery, const SplitEvent &event,
                                             const ChannelAdapter &adapter) const;

    const ChannelRegistry &m_channels;
    AppSource m_app;
};

} // namespace antiphon
