#pragma once

#include "core/domain/message.h"

#include <QJsonArray>

namespace antiphon::telegram {

/// What Telegram says of a text's formatting, in code points instead of its UTF-16 units. Kinds that the view finds by itself (addresses, numbers, tags) and
/// those that nobody draws are left out; so is what lies outside the text. @see https://core.telegram.org/bots/api#messageentity
QList<TextEntity> entitiesOf(const QString &text, const QJsonArray &entities);

} // namespace antiphon::telegram
