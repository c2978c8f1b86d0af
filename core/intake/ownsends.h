#pragma once

#include "core/intake/inboundcontext.h"

namespace antiphon::inbound {

/// What an echo with an unknown id has to do with what was sent from here.
enum class EchoOrigin {
    Elsewhere,      ///< nobody here sent it
    Undecided,      ///< a send of its lane is under way and may turn out to be this
    Settled,        ///< it was a send of ours whose answer was lost or is still out, and is now bound to it
    Past            ///< it is an attempt of ours that counts no more: the message was sent again since
};

/// Matches by the key that our own send gave along. @param isProof the platform says that it has arrived, not only that it was taken or refused
Result<EchoOrigin> settleByKey(const Context &context, const QString &sendKey, const QString &sourceId, bool isProof);

/// Matches by kind and text only against a send whose outcome is unknown, in the same lane, at or after its request; oldest first. That may be an
/// attempt before the one under way: where its message was sent again and has arrived already, it is marked as having arrived twice; where the other
/// attempt has not left, it never does.
Result<EchoOrigin> settleByEcho(const Context &context, const InboundMessage &echo);

} // namespace antiphon::inbound
