#pragma once

#include "core/base/result.h"
#include "core/store/contactqueries.h"
#include "core/store/conversationqueries.h"

/// Page marks as clients carry them: opaque, and refused (Invalid, field "cursor") where they are not ours.
namespace antiphon::pagemarks {

QString write(ConversationSort sort, const ConversationQueries::Key &key);
Result<std::optional<ConversationQueries::Key>> readConversation(const QString &text, ConversationSort sort);

QString write(const ContactQueries::Key &key);
Result<std::optional<ContactQueries::Key>> readContact(const QString &text);

} // namespace antiphon::pagemarks
