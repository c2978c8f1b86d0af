#pragma once

#include "core/domain/message.h"

namespace antiphon::test {

/// What customers send by WhatsApp: an ad's message, sounds, films, files, a place, a card, a sticker; oldest first.
QList<Message> whatsappStory();
/// What customers send by Instagram: stories, a shared post, something that can't be shown, and an answer from the phone.
QList<Message> instagramStory();

} // namespace antiphon::test
