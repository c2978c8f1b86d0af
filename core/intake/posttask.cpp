#include "core/intake/enrichtask.h"

#include "core/base/logging.h"
#include "core/store/attachmentrepository.h"
#include "core/store/messagerepository.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Post {
    attachments::AttachmentRow row{};
    inboxes::InboxRow inbox{};
};

EnrichResult::Commit commitOf(const Post &post, const QString &title, const std::optional<FetchedFile> &picture)
{
    return [post, title, picture](WriteTransaction &tx) -> Result<void> {
        const AttachmentId id = post.row.attachment.id;
        if (const auto done = attachments::setTitle(tx, id, title); !done)
            return done;
        if (picture) {
            if (const auto done = attachments::setReady(tx, id, picture->sha256, picture->mime, picture->size, picture->width, picture->height); !done)
                return done;
        }
        const auto message = messages::find(tx, post.row.messageId);
        if (!message)
            return message.error();
        if (*message)
            tx.changed(u"message.updated"_s, post.row.messageId.value(), post.inbox.inbox.id);
        return {};
    };
}

/// A card without title and picture is still a card: nobody is told, the log is.
EnrichResult silently(const Error &error)
{
    qCInfo(lcIntake) << "a shared post stays without title or picture:" << describe(error);
    return failed(error);
}

void describePost(const EnrichEnvironment &environment, const Post &post, const EnrichDone &done)
{
    const Channel channel = post.inbox.inbox.channel;
    const ChannelAdapter *adapter = environment.channels.adapter(channel);
    auto operation = adapter ? adapter->describePost(QUrl(post.row.attachment.embedUrl), environment.channels.endpoints(channel)) : nullptr;
    if (!operation)
        return done({});
    runOperation<PostCard>(environment.http, std::move(operation), [&environment, post, adapter, done](const Result<PostCard> &card) {
        if (!card)
            return done(silently(card.error()));
        if (card->picture.isEmpty())
            return done({.commit = commitOf(post, card->title, std::nullopt)});
        fetchFile(environment.fetch, environment.files, environment.mailbox, {.url = card->picture}, mediaPolicy(environment.channels, *adapter, post.inbox.inbox.settings),
                  [post, title = card->title, done](const Result<FetchedFile> &file) {
                      if (!file)
                          qCInfo(lcIntake) << "a shared post stays without picture:" << describe(file.error());
                      const bool isPicture = file && file->mime.startsWith("image/"_L1);
                      done({.commit = commitOf(post, title, isPicture ? std::optional(*file) : std::nullopt)});
                  });
    });
}

} // namespace

void describePostTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &, const EnrichDone &done)
{
    environment.database.read<std::optional<Post>>(
        "embed job",
        [id = AttachmentId(job.entityId), inboxId = job.inboxId](ReadTransaction &tx) -> Result<std::optional<Post>> {
            const auto row = attachments::find(tx, id);
            if (!row)
                return row.error();
            const auto inbox = inboxes::find(tx, inboxId);
            if (!inbox)
                return inbox.error();
            if (!*row || !*inbox)
                return std::optional<Post>();
            return std::optional(Post{**row, **inbox});
        },
        environment.mailbox,
        [&environment, done](const Result<std::optional<Post>> &post) {
            if (!post)
                return done(failed(post.error()));
            if (!*post)
                return done({});
            describePost(environment, **post, done);
        });
}

} // namespace antiphon
