#include "core/base/json.h"
#include "core/intake/enrichtask.h"
#include "core/intake/templatesync.h"
#include "core/store/templaterepository.h"

#include <QJsonArray>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

/// Entries without name or language are left out: nothing could be sent by them.
QList<MessageTemplate> readTemplates(const QJsonArray &listed)
{
    QList<MessageTemplate> all;
    for (const QJsonValue &entry : listed) {
        const QJsonObject object = entry.toObject();
        MessageTemplate one{.name = json::string(object, "name"_L1),
                            .language = json::string(object, "language"_L1),
                            .templateId = json::string(object, "id"_L1),
                            .status = json::string(object, "status"_L1).toUpper(),
                            .category = json::string(object, "category"_L1),
                            .parameterFormat = json::string(object, "parameter_format"_L1).toUpper(),
                            .components = object.value("components"_L1).toArray(),
                            .rejectedReason = json::string(object, "rejected_reason"_L1)};
        if (one.rejectedReason == "NONE"_L1)      // how the platform says that there is none
            one.rejectedReason.clear();
        if (!one.name.isEmpty() && !one.language.isEmpty())
            all.append(one);
    }
    return all;
}

EnrichResult::Commit commitOf(InboxId inbox, const QList<MessageTemplate> &all)
{
    return [inbox, all](WriteTransaction &tx) -> Result<void> {
        const auto known = inboxes::find(tx, inbox);
        if (!known)
            return known.error();
        if (!*known)
            return {};
        if (const auto replaced = templates::replaceAll(tx, inbox, all); !replaced)
            return replaced.error();
        tx.changed(u"inbox.updated"_s, inbox.value(), inbox);      // who asked for it waits for this
        return templatesync::noteSynced(tx, inbox);
    };
}

} // namespace

void fetchTemplatesTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &, const EnrichDone &done)
{
    environment.database.read<std::optional<inboxes::InboxRow>>(
        "templates job", [id = job.inboxId](ReadTransaction &tx) { return inboxes::find(tx, id); }, environment.mailbox,
        [&environment, done](const Result<std::optional<inboxes::InboxRow>> &inbox) {
            if (!inbox)
                return done(failed(inbox.error()));
            const ChannelAdapter *adapter = *inbox ? environment.channels.adapter((*inbox)->inbox.channel) : nullptr;
            if (!adapter || !adapter->limits((*inbox)->inbox.settings).hasTemplates)
                return done({});
            const InboxId id = (*inbox)->inbox.id;
            const auto make = [adapter, &environment](const InboxCredentials &credentials) {
                return adapter->listTemplates(credentials, environment.channels.endpoints(adapter->channel()));
            };
            callWithToken<QJsonArray>(environment, id, make, [id, done](const Result<QJsonArray> &listed) {
                if (!listed) {
                    EnrichResult result = failed(listed.error());
                    result.giveUp = [id, why = listed.error().detail](WriteTransaction &tx) -> Result<void> {
                        tx.changed(u"inbox.updated"_s, id.value(), id);
                        return templatesync::noteFailed(tx, id, why);
                    };
                    return done(result);
                }
                done({.commit = commitOf(id, readTemplates(*listed))});
            });
        });
}

} // namespace antiphon
