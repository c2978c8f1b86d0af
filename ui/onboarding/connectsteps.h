#pragma once

#include "ui/onboarding/connectplan.h"

namespace antiphon {

/// The steps that the plans of several channels have in common.

/// Where the platform reaches this computer. @param without what it is like to go on without an address; empty: nothing is said of it
ConnectStep addressStep(Channel channel, const QString &without = {});
/// The last one: what was connected is checked, and a real message comes in.
ConnectStep roundTripStep(const QString &text);

} // namespace antiphon
