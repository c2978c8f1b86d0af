#pragma once

#include "core/desk/desk.h"
#include "core/store/database.h"

namespace antiphon {

/// The program's numbers as Prometheus text (version 0.0.4): Writer, readers, intake, outbox, sessions. Names begin with "antiphon_".
/// @param done in the net thread
void writeMetrics(Database &database, Desk &desk, std::function<void(const QByteArray &text)> done);

} // namespace antiphon
