#pragma once

#include "core/client/deskapi.h"

namespace antiphon {

/// One line of an inbox check for the person: what was tried, and what the server says where it isn't well.
QString checkLineText(const DeskCheckLine &line);
/// Where another installation is brought this account's messages; empty where nobody else is. Taking over stops it.
QString foreignAddress(const DeskCheck &check);

} // namespace antiphon
