#pragma once

#include "core/tunnel/toolhelp.h"
#include "core/tunnel/tunnelprovider.h"

/// What is said about a tunnel, in English, each with the next step: for the Desk API and the log. The window has its own words.
namespace antiphon::tunnelwords {

QString off();
QString starting(const TunnelSettings &settings);
QString up(const TunnelSettings &settings);
QString down(TunnelProblem problem, const TunnelSettings &settings, const ToolHelp &help);

} // namespace antiphon::tunnelwords
