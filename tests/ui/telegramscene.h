#pragma once

#include "core/domain/message.h"

#include <QList>

namespace antiphon::test {

/// A thread of a connected personal account: an album with one caption, and what the owner, another bot and Telegram itself wrote there.
QList<Message> telegramStory();
/// The rows of an album: `count` pictures, every fourth of them a film, one caption on the first.
QList<Message> albumRows(int firstId, int count, const QString &caption);

} // namespace antiphon::test
