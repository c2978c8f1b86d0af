#pragma once

#include "core/channels/credentials.h"
#include "core/channels/inbound.h"
#include "core/channels/operation.h"

namespace antiphon {

/// What an adapter offers beside ChannelAdapter where an event may need something that nobody told us of, and the platform can be asked for it.
class MissingLookup {
public:
    virtual ~MissingLookup() = default;

    /// Asks for what `ChannelAdapter::read` missed: the events that bring it, with keys of their own. @param field @param what of its error, which is
    /// Unavailable: Error::field and Error::code. nullptr: it can't be asked for.
    virtual OperationPtr<QList<SplitEvent>> lookUp(const QString &field, const QString &what, const InboxCredentials &inbox,
                                                   const ChannelEndpoints &endpoints) const = 0;
};

} // namespace antiphon
