#pragma once

#include "core/channels/channelregistry.h"
#include "core/domain/inbox.h"
#include "core/store/transaction.h"

/// Asking a phone in coexistence for its address book and its history. The platform allows each of them once in the life of a connection, within a day
/// of it, so each is written down before it is asked for and never asked for again, not even after an answer that was lost.
/// Stands in the inbox's `settings.phone_sync`: {at, steps: [{sync, state, request_id, code, detail}]}.
namespace antiphon::phonesync {

inline constexpr char16_t kWaiting[] = u"waiting";        ///< not asked for yet
inline constexpr char16_t kAsking[] = u"asking";          ///< the call is about to be made, or under way
inline constexpr char16_t kAsked[] = u"asked";            ///< taken: what there is comes by webhook
inline constexpr char16_t kRefused[] = u"refused";        ///< the platform said no: `code`, `detail`
inline constexpr char16_t kUnknown[] = u"unknown";        ///< no answer came: it may have been taken

/// Asks for all that the inbox's phone can bring along. ChannelLimit where it brings nothing along, Conflict where it was asked before, NotFound.
Result<void> request(WriteTransaction &tx, const ChannelRegistry &channels, InboxId inbox);

/// The first step that waits is about to be asked for. One that a crash or a stop found under way becomes unknown. @return empty: none is left
Result<QString> begin(WriteTransaction &tx, InboxId inbox);

/// How the call for `sync` ended. @param requestId the platform's, for its support
Result<void> noteTaken(WriteTransaction &tx, InboxId inbox, const QString &sync, const QString &requestId);
/// @param isCertain false: it may have been taken all the same
Result<void> noteFailed(WriteTransaction &tx, InboxId inbox, const QString &sync, const Error &error, bool isCertain);

} // namespace antiphon::phonesync
