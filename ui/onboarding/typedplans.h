#pragma once

#include "ui/onboarding/connectplan.h"

namespace antiphon {

/// The channels whose accounts are connected by what a person types, without an application at the platform.
ConnectPlan telegramPlan();
ConnectPlan linePlan();
ConnectPlan twilioPlan();

} // namespace antiphon
