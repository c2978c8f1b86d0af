#pragma once

#include <QLoggingCategory>
#include <QString>

/// Categories of the log, one a room. Lines never hold secrets, message text, names or customer keys (keys are logged as a hash).
Q_DECLARE_LOGGING_CATEGORY(lcBase)
Q_DECLARE_LOGGING_CATEGORY(lcStore)
Q_DECLARE_LOGGING_CATEGORY(lcSecrets)
Q_DECLARE_LOGGING_CATEGORY(lcNet)
Q_DECLARE_LOGGING_CATEGORY(lcAccounts)
Q_DECLARE_LOGGING_CATEGORY(lcIntake)
Q_DECLARE_LOGGING_CATEGORY(lcOutbox)
Q_DECLARE_LOGGING_CATEGORY(lcDesk)
Q_DECLARE_LOGGING_CATEGORY(lcServer)
Q_DECLARE_LOGGING_CATEGORY(lcClient)
Q_DECLARE_LOGGING_CATEGORY(lcUi)
Q_DECLARE_LOGGING_CATEGORY(lcApp)

namespace antiphon {

/// Sends every log line to standard error and to `directory`/antiphon.log (UTC time, category, level; control characters escaped,
/// so that nobody can forge a line). At 8 MiB the file moves to antiphon.log.1, of which one is kept. Call once, early in main().
/// An empty directory: standard error only.
void installLogHandler(const QString &directory);

} // namespace antiphon
