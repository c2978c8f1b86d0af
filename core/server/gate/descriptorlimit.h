#pragma once

namespace antiphon {

/// Raises the process's limit of open descriptors to `wanted`, or to what the system allows. Call once, at start.
/// @return the limit that holds now; a large number where the system has no such limit.
int raiseDescriptorLimit(int wanted);

} // namespace antiphon
