#include "core/intake/enrichtask.h"
#include "core/store/attachmentrepository.h"
#include "core/store/contactrepository.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

/// The platform didn't tell: the customer hasn't agreed yet. What they do next may be that.
constexpr auto kRefused = "profile_refused"_L1;

struct Asked {
    contacts::ContactInboxRow thread{};
    inboxes::InboxRow inbox{};
};

/// The name that the platform told last: one that an agent chose is another and stays.
bool isPlatformName(const QString &name, const QJsonObject &attributes)
{
    const auto is = [&](QLatin1StringView key) { return name == attributes.value(key).toString(); };
    return name.isEmpty() || is("username"_L1) || is("display_name"_L1) || is("given_name"_L1);
}

/// Where the customer's own page can be found by it. @return whether it is news.
Result<bool> storeUsername(WriteTransaction &tx, const Asked &asked, const QString &username)
{
    if (username.isEmpty())
        return false;
    const QString channel = channelName(asked.inbox.inbox.channel);
    return contacts::mergeCustomAttributes(tx, asked.thread.contactId,
                                           {{u"username"_s, username}, {u"social_%1_user_name"_s.arg(channel), username}});
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
    attributes.remove(kRefused);
    if (!profile.displayName.isEmpty())
        attributes.insert("display_name"_L1, profile.displayName);
    if (!profile.username.isEmpty())
        attributes.insert("username"_L1, profile.username);
    if (const auto done = contacts::setAttributes(tx, asked.thread.id, attributes); !done)
        return done;
    const auto learned = storeUsername(tx, asked, profile.username);
    if (!learned)
        return learned.error();
    const QString wanted = profile.displayName.isEmpty() ? profile.username : profile.displayName;
    const bool isRenamed = mayRename && !wanted.isEmpty() && wanted != *name;
    if (isRenamed) {
        if (const auto done = contacts::setName(tx, asked.thread.contactId, wanted); !done)
            return done;
    }
    if (isRenamed || *learned)
        tx.changed(u"contact.updated"_s, asked.thread.contactId.value());
    return {};
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

EnrichResult::Commit refused(const Asked &asked)
{
    return [asked](WriteTransaction &tx) -> Result<void> {
        const auto thread = contacts::find(tx, asked.thread.id);
        if (!thread)
            return thread.error();
        if (!*thread)
            return {};
        QJsonObject attributes = (*thread)->attributes;
        attributes.insert(kRefused, true);
        return contacts::setAttributes(tx, asked.thread.id, attributes);
    };
}

/// With the name, then its picture.
void told(const EnrichEnvironment &environment, const Asked &asked, const std::optional<AccountProfile> &profile, const EnrichDone &done)
{
    if (!profile || profile->picture.isEmpty())
        return done({.commit = commitOf(asked, profile, std::nullopt)});
    const ChannelAdapter *adapter = environment.channels.adapter(asked.inbox.inbox.channel);
    if (!adapter)
        return done({});
    fetchFile(environment.fetch, environment.files, environment.mailbox, {.url = profile->picture}, mediaPolicy(environment.channels, *adapter, asked.inbox.inbox.settings),
              [asked, profile, done](const Result<FetchedFile> &file) {
                  // A name without a picture is worth having; the picture's address is new with the next question.
                  const bool isPicture = file && file->mime.startsWith("image/"_L1);
                  done({.commit = commitOf(asked, profile, isPicture ? std::optional(*file) : std::nullopt)});
              });
}

void notTold(const Asked &asked, const Error &error, const EnrichDone &done)
{
    if (error.kind == Error::Kind::NotFound)
        return done({.commit = commitOf(asked, std::nullopt, std::nullopt)});      // asked again in a week
    if (error.kind == Error::Kind::Forbidden)
        return done({.commit = refused(asked)});
    EnrichResult result = failed(error);
    result.giveUp = commitOf(asked, std::nullopt, std::nullopt);
    done(result);
}

/// By the list of the thread, which tells who takes part.
void askList(const EnrichEnvironment &environment, const Asked &asked, const EnrichDone &done)
{
    const Channel channel = asked.inbox.inbox.channel;
    using Page = ChannelAdapter::ThreadPage;
    const auto make = [adapter = environment.channels.adapter(channel), source = asked.thread.sourceId, &environment, channel](const InboxCredentials &credentials) {
        return adapter->listThread(source, credentials, environment.channels.endpoints(channel));
    };
    callWithToken<Page>(environment, asked.inbox.inbox.id, make, [&environment, asked, done](const Result<Page> &page) {
        page ? told(environment, asked, page->customer, done) : notTold(asked, page.error(), done);
    });
}

void askPlatform(const EnrichEnvironment &environment, const Asked &asked, const EnrichDone &done)
{
    const Channel channel = asked.inbox.inbox.channel;
    const ChannelAdapter *adapter = environment.channels.adapter(channel);
    if (!adapter)
        return done({});
    const auto hasCall = std::make_shared<bool>(true);
    const auto make = [adapter, hasCall, source = asked.thread.sourceId, &environment, channel](const InboxCredentials &credentials) {
        auto call = adapter->customerProfile(source, credentials, environment.channels.endpoints(channel));
        *hasCall = call != nullptr;
        return call;
    };
    callWithToken<AccountProfile>(environment, asked.inbox.inbox.id, make, [&environment, asked, hasCall, done](const Result<AccountProfile> &profile) {
        if (!*hasCall)
            return askList(environment, asked, done);
        profile ? told(environment, asked, *profile, done) : notTold(asked, profile.error(), done);
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
