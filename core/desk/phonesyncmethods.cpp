#include "core/desk/phonesyncmethods.h"

#include "core/desk/deskobjects.h"
#include "core/desk/params.h"
#include "core/intake/phonesync.h"

namespace antiphon::desk {
using namespace Qt::StringLiterals;

void addPhoneSyncMethods(MethodTable &methods, const DeskView &view, const std::function<void()> &wakeJobs)
{
    const auto sync = [view, wakeJobs](WriteTransaction &tx, const Caller &, const QJsonObject &params) -> Result<QJsonObject> {
        const auto id = params::requiredId<InboxId>(params, "id"_L1);
        if (!id)
            return id.error();
        if (const auto done = phonesync::request(tx, *view.channels, *id); !done)
            return done.error();
        if (wakeJobs)
            tx.afterCommit(wakeJobs);
        return inboxJson(tx, view, *id);
    };
    methods.write(u"inboxes.sync_phone"_s, Agent::Role::Admin, sync);
}

} // namespace antiphon::desk
