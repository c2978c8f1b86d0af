#include "core/intake/enrichtask.h"
#include "core/store/attachmentrepository.h"
#include "core/store/contactrepository.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Asked {
    contacts::ContactInboxRow thread{};
    inboxes::InboxRow inbox{};
};

/// The name that the platform told last: one that an agent chose is another and stays.
bool isPlatformName(const QString &name, const QJsonObject &attributes)
{
    return name.isEmpty() || name == attributes.value("username"_L1).toString() || name == attributes.value("display_name"_L1).toString();
}

Result<void> storeName(WriteTransaction &tx, const Asked &asked, const AccountProfile &profile)
{
    const auto thread = contacts::find(tx, asked.thread.id);
    if (!thread)
        return thread.error();
    if (!*thread)
        return {};
    QJsonObject attributes = (*thread)->attributes;
    const auto name = contacts::name(tx, asked.thread.contactId);
    if (!name)
        return name.error();
    const bool mayRename = isPlatformName(*name, attributes);
    if (!profile.displayName.isEmpty())
        attributes.insert("display_name"_L1, profile.displayName);
    if (!profile.username.isEmpty())
        attributes.insert("username"_L1, profile.username);
    if (const auto done = contacts::setAttributes(tx, asked.thread.id, attributes); !done)
        return done;
    if (!mayRename || profile.displayName.isEmpty() || profile.displayName == *name)
        return {};
    tx.changed(u"contact.updated"_s, asked.thread.contactId.value());
    return contacts::setName(tx, asked.thread.contactId, profile.displayName);
}

Result<void> storePicture(WriteTransaction &tx, const Asked &asked, const FetchedFile &file)
{
    const auto known = contacts::avatarBlob(tx, asked.thread.contactId);
    if (!known)
        return known.error();
    if (*known && **known == file.sha256)
        return {};
    attachments::AttachmentRow row{.blob = file.sha256};
    row.attachment = {.kind = Attachment::Kind::Image,
                      .mime = file.mime,
                      .size = file.size,
                      .width = file.width,
                      .height = file.height,
                      .state = Attachment::State::Ready};
    const auto id = attachments::insert(tx, row);
    if (!id)
        return id.error();
    tx.changed(u"contact.updated"_s, asked.thread.contactId.value());
    return contacts::setAvatar(tx, asked.thread.contactId, *id);
}

EnrichResult::Commit commitOf(const Asked &asked, const std::optional<AccountProfile> &profile, const std::optional<FetchedFile> &picture)
{
    return [asked, profile, picture](WriteTransaction &tx) -> Result<void> {
        if (profile) {
            if (const auto done = storeName(tx, asked, *profile); !done)
                return done;
        }
        if (picture) {
            if (const auto done = storePicture(tx, asked, *picture); !done)
                return done;
        }
        return contacts::setProfileAt(tx, asked.thread.id, tx.now());
    };
}

void askPlatform(const EnrichEnvironment &environment, const Asked &asked, const EnrichDone &done)
{
    const Channel channel = asked.inbox.inbox.channel;
    const ChannelAdapter *adapter = environment.channels.adapter(channel);
    if (!adapter)
        return done({});
    const auto make = [adapter, source = asked.thread.sourceId, &environment, channel](const InboxCredentials &credentials) {
        return adapter->listThread(source, credentials, environment.channels.endpoints(channel));
    };
    using Page = ChannelAdapter::ThreadPage;
    callWithToken<Page>(environment, asked.inbox.inbox.id, make, [&environment, asked, adapter, done](const Result<Page> &page) {
        if (!page) {
            EnrichResult result = failed(page.error());
            result.giveUp = commitOf(asked, std::nullopt, std::nullopt);      // asked again in a week
            return done(result);
        }
        const auto profile = page->customer;
        if (!profile || profile->picture.isEmpty())
            return done({.commit = commitOf(asked, profile, std::nullopt)});
        fetchFile(environment.fetch, environment.files, environment.mailbox, {.url = profile->picture}, mediaPolicy(environment.channels, *adapter),
                  [asked, profile, done](const Result<FetchedFile> &file) {
                      // A name without a picture is worth having; the picture's address is new with the next question.
                      const bool isPicture = file && file->mime.startsWith("image/"_L1);
                      done({.commit = commitOf(asked, profile, isPicture ? std::optional(*file) : std::nullopt)});
                  });
    });
}

} // namespace

void fetchProfileTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &, const EnrichDone &done)
{
    environment.database.read<std::optional<Asked>>(
        "profile job",
        [id = ContactInboxId(job.entityId), inboxId = job.inboxId](ReadTransaction &tx) -> Result<std::optional<Asked>> {
            const auto thread = contacts::find(tx, id);
            if (!thread)
                return thread.error();
            const auto inbox = inboxes::find(tx, inboxId);
            if (!inbox)
                return inbox.error();
            if (!*thread || !*inbox)
                return std::optional<Asked>();
            return std::optional(Asked{**thread, **inbox});
        },
        environment.mailbox,
        [&environment, done](const Result<std::optional<Asked>> &asked) {
            if (!asked)
                return done(failed(asked.error()));
            if (!*asked)
                return done({});
            askPlatform(environment, **asked, done);
        });
}

} // namespace antiphon
