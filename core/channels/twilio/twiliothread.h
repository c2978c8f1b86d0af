#pragma once

#include "core/channels/channeladapter.h"

namespace antiphon::twilio {

/// What was sent to a customer lately, newest page only: to find out whether a send arrived whose answer was lost.
OperationPtr<ChannelAdapter::ThreadPage> listThread(const QString &contactSourceId, const InboxCredentials &inbox, const ChannelEndpoints &endpoints);

} // namespace antiphon::twilio
