#include "core/intake/enrichtask.h"
#include "core/store/attachmentrepository.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

Result<void> storePicture(WriteTransaction &tx, InboxId id, const FetchedFile &file)
{
    const auto inbox = inboxes::find(tx, id);
    if (!inbox)
        return inbox.error();
    if (!*inbox)
        return {};
    if ((*inbox)->avatarId) {
        const auto known = attachments::find(tx, (*inbox)->avatarId);
        if (!known)
            return known.error();
        if (*known && (*known)->blob == file.sha256)
            return {};
    }
    attachments::AttachmentRow row{.blob = file.sha256};
    row.attachment = {.kind = Attachment::Kind::Image,
                      .mime = file.mime,
                      .size = file.size,
                      .width = file.width,
                      .height = file.height,
                      .state = Attachment::State::Ready};
    const auto picture = attachments::insert(tx, row);
    if (!picture)
        return picture.error();
    return inboxes::setAvatar(tx, id, *picture);
}

} // namespace

/// The account's own picture, from the address that the platform told with the account; that address is good for a while only.
void inboxAvatarTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &, const EnrichDone &done)
{
    const InboxId id = job.inboxId;
    const QUrl url(job.payload.value("url"_L1).toString(), QUrl::StrictMode);
    if (!url.isValid() || url.isEmpty())
        return done({.error = Error{Error::Kind::BadPayload, u"no address of a picture"_s}, .isFinal = true});
    environment.database.read<std::optional<inboxes::InboxRow>>(
        "inbox picture", [id](ReadTransaction &tx) { return inboxes::find(tx, id); }, environment.mailbox,
        [&environment, id, url, done](const Result<std::optional<inboxes::InboxRow>> &inbox) {
            if (!inbox)
                return done(failed(inbox.error()));
            if (!*inbox)
                return done({});
            const ChannelAdapter *adapter = environment.channels.adapter((*inbox)->inbox.channel);
            if (!adapter)
                return done({});
            fetchFile(environment.fetch, environment.files, environment.mailbox, {.url = url}, mediaPolicy(environment.channels, *adapter, (*inbox)->inbox.settings),
                      [id, done](const Result<FetchedFile> &file) {
                          if (!file)
                              return done(failed(file.error()));
                          if (!file->mime.startsWith("image/"_L1))
                              return done({.error = Error{Error::Kind::BadPayload, u"not a picture"_s}, .isFinal = true});
                          done({.commit = [id, picture = *file](WriteTransaction &tx) { return storePicture(tx, id, picture); }});
                      });
        });
}

} // namespace antiphon
