#pragma once

#include "core/client/deskapi.h"

namespace antiphon {

/// One line of an inbox check for the person: what was tried, and what the server says where it isn't well.
QString checkLineText(const DeskCheckLine &line);

} // namespace antiphon
