#pragma once

#include "core/accounts/accountsservice.h"
#include "core/base/random.h"
#include "core/channels/channelregistry.h"
#include "core/desk/methodtable.h"
#include "core/intake/intakehealth.h"
#include "core/intake/intakestats.h"
#include "core/store/database.h"
#include "core/store/searchindex.h"
#include "core/tunnel/tunnelservice.h"

namespace antiphon {

/// "typing …" towards a customer. Net thread; returns at once.
class CustomerTyping {
public:
    virtual ~CustomerTyping() = default;
    /// The platform's sign, where it has one. Failures are nobody's business.
    /// @param messageSourceId the customer's newest message, which some platforms take as read by it; empty: not to be told
    virtual void showTyping(InboxId inbox, const QString &contactSourceId, const QString &messageSourceId) = 0;
};

/// What the desk works with. All of it outlives the desk.
struct DeskParts {
    Database &database;
    const Clock &clock;
    RandomSource &random;
    const ChannelRegistry &channels;
    AccountsService &accounts;
    CustomerTyping &customerTyping;
    SearchIndex &search;
    std::function<QString()> publicUrl{};      ///< "https://…" without a path, empty where none is known. Any thread.
    std::function<void()> outboxHasWork{};     ///< called after the commit, in the Writer's thread
    std::function<void()> intakeHasWork{};     ///< likewise: something dead shall be tried again
    std::function<void()> jobsHaveWork{};      ///< likewise: a call to a platform was queued (a reaction, a read mark, a list of templates)
    std::function<void()> catchUpHasWork{};    ///< likewise: a gap is to be filled
    std::function<void()> settingsChanged{};   ///< likewise
    const Clock *platformClock = nullptr;      ///< what reply windows follow; null: the same as `clock`
    std::function<NotStored()> intakeNotStored{};  ///< what is known of the way in and not in the database. Any thread.
    std::function<intakehealth::Live()> intakeLive{};   ///< what only the running intake knows; net thread
    TunnelService *tunnel = nullptr;           ///< null: no such methods
    QString serverVersion{};
};

/// What readers need to render things: values only, safe in every thread.
struct DeskView {
    const Clock *clock = nullptr;
    const ChannelRegistry *channels = nullptr;
    std::function<QString()> publicUrl{};
    const TunnelService *tunnel = nullptr;
};

} // namespace antiphon
