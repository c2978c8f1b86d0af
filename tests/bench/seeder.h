#pragma once

#include "core/base/result.h"

#include <QString>

namespace antiphon::bench {

/// Conversations to be written straight into a data folder.
struct Seed {
    int conversations = 1;
    int messagesEach = 1;
};

/// Makes the database of a data folder and fills it: each seed's conversations in turn, ids from 1, newest activity last. One inbox, a contact a conversation.
Result<void> seed(const QString &dataDir, const QList<Seed> &seeds);

} // namespace antiphon::bench
