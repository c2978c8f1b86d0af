#include "core/intake/enrichtask.h"
#include "core/intake/mediaretry.h"
#include "core/net/imageinfo.h"
#include "core/store/attachmentrepository.h"
#include "core/store/messagerepository.h"

#include <QHash>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Wanted {
    attachments::AttachmentRow row{};
    inboxes::InboxRow inbox{};
};

/// Of a story, which is there for a day: an address that finds nothing any more is no mishap.
bool isExpiring(const Wanted &wanted)
{
    return wanted.row.remote.value("expires"_L1).toBool();
}

/// The word an agent's seat makes a sentence of.
QString wordFor(const Wanted &wanted, const Error &error)
{
    if (error.kind == Error::Kind::NotFound)
        return isExpiring(wanted) ? u"expired"_s : u"gone"_s;
    if (error.kind == Error::Kind::ChannelLimit)
        return u"too_large"_s;
    if (error.kind == Error::Kind::Forbidden)
        return u"refused"_s;
    if (error.kind == Error::Kind::BadPayload)
        return u"unreadable"_s;
    return u"unavailable"_s;
}

Result<void> tell(WriteTransaction &tx, const attachments::AttachmentRow &row, InboxId inbox)
{
    const auto message = messages::find(tx, row.messageId);
    if (!message)
        return message.error();
    if (*message) {
        tx.changed(u"message.updated"_s, row.messageId.value(), inbox);
        tx.changed(u"conversation.updated"_s, (*message)->conversationId.value(), inbox);
    }
    return {};
}

/// Whether its bytes must be a picture's: not where the platform didn't say what it is, nor of a sticker that moves.
bool mustBePicture(const Wanted &wanted)
{
    const Attachment::Kind kind = wanted.row.attachment.kind;
    const QJsonObject &remote = wanted.row.remote;
    return (kind == Attachment::Kind::Image || kind == Attachment::Kind::Sticker) && !remote.value("any_kind"_L1).toBool() && !remote.value("moves"_L1).toBool();
}

/// What the bytes of a file are, of which the platform didn't say it.
Attachment::Kind kindOf(const QString &mime)
{
    if (mime.startsWith("image/"_L1))
        return Attachment::Kind::Image;
    if (mime.startsWith("video/"_L1))
        return Attachment::Kind::Video;
    return mime.startsWith("audio/"_L1) ? Attachment::Kind::Audio : Attachment::Kind::File;
}

/// Whether these are other bytes than the platform announced. Its hash is base64 or hex; one that is neither tells nothing.
bool isCorrupt(const Wanted &wanted, const FetchedFile &file)
{
    const QByteArray announced = wanted.row.remote.value("sha256"_L1).toString().toLatin1();
    const auto strict = QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors;
    const QByteArray bytes = announced.size() == 2 * file.sha256.size() ? QByteArray::fromHex(announced) : QByteArray::fromBase64(announced, strict);
    return bytes.size() == file.sha256.size() && bytes != file.sha256;
}

/// Another name than the event's, where the platform tells it with the file, or the adapter's guess turns out to have the wrong ending. Empty: as it is.
QString otherName(const Wanted &wanted, MediaRules::FileName rule, const QString &mime, const QString &told)
{
    static const QHash<QString, QString> kSuffixes{
        {u"image/jpeg"_s, u".jpg"_s}, {u"image/png"_s, u".png"_s}, {u"image/gif"_s, u".gif"_s}, {u"image/webp"_s, u".webp"_s}};
    if (rule == MediaRules::FileName::FromReply)
        return told;
    const Attachment &known = wanted.row.attachment;
    const QString guessed = kSuffixes.value(known.mime);
    const QString suffix = kSuffixes.value(mime);
    if (rule != MediaRules::FileName::Guessed || guessed.isEmpty() || suffix.isEmpty() || guessed == suffix || !known.name.endsWith(guessed))
        return {};
    return known.name.chopped(guessed.size()) + suffix;
}

EnrichResult fetched(const Wanted &wanted, MediaRules::FileName rule, const FetchedFile &file)
{
    EnrichResult result;
    result.commit = [wanted, rule, file](WriteTransaction &tx) -> Result<void> {
        const Attachment &known = wanted.row.attachment;
        const QString found = known.kind == Attachment::Kind::Audio ? asSound(file.mime) : file.mime;      // the bytes tell the container only
        const QString mime = !found.isEmpty() ? found : !known.mime.isEmpty() ? known.mime : file.toldMime;
        if (const auto done = attachments::setReady(tx, known.id, file.sha256, mime, file.size, file.width, file.height); !done)
            return done;
        if (const QString name = otherName(wanted, rule, mime, file.toldName); !name.isEmpty()) {
            if (const auto done = attachments::setName(tx, known.id, name); !done)
                return done;
        }
        if (isCorrupt(wanted, file)) {
            if (const auto done = attachments::setDoubtful(tx, known.id, u"corrupt"_s); !done)
                return done;
        }
        const Attachment::Kind kind = kindOf(mime);
        if (wanted.row.remote.value("any_kind"_L1).toBool() && kind != known.kind) {
            if (const auto done = attachments::setKind(tx, known.id, kind); !done)
                return done;
        }
        return tell(tx, wanted.row, wanted.inbox.inbox.id);
    };
    return result;
}

/// While the platform makes the file ready: ten minutes of shorter and then of even pauses.
QList<Milliseconds> untilReady()
{
    using std::chrono::seconds;
    QList<Milliseconds> pauses{seconds(1), seconds(2), seconds(4), seconds(8), seconds(16)};
    return pauses + QList<Milliseconds>(19, seconds(30));
}

QList<Milliseconds> usualPauses()
{
    using std::chrono::seconds;
    return {seconds(1), seconds(5), seconds(30), seconds(600), seconds(3600)};
}

EnrichResult notFetched(const Wanted &wanted, const Error &error, const MediaRules &rules)
{
    EnrichResult result = failed(error);
    const QList<Milliseconds> found = error.kind == Error::Kind::NotFound ? rules.notFoundPauses : QList<Milliseconds>();
    result.isFinal = (result.isFinal && found.isEmpty()) || rules.finalCodes.contains(error.code);
    result.pauses = !found.isEmpty() ? found : error.code == "202"_L1 ? untilReady() : usualPauses();
    result.patience = int(rules.retention.count());
    result.giveUp = [wanted, word = wordFor(wanted, error)](WriteTransaction &tx) -> Result<void> {
        if (wanted.row.attachment.kind == Attachment::Kind::Embed)
            return {};                             // a card without its picture is still a card
        if (const auto done = attachments::setFailed(tx, wanted.row.attachment.id, word); !done)
            return done;
        return tell(tx, wanted.row, wanted.inbox.inbox.id);
    };
    return result;
}

/// Asks for the address, then fetches. An address that has expired meanwhile is asked for once more, and so is one that gave other bytes than announced.
void fetchWanted(const EnrichEnvironment &environment, const Wanted &wanted, bool isSecondTry, const EnrichDone &done)
{
    const Channel channel = wanted.inbox.inbox.channel;
    const ChannelAdapter *adapter = environment.channels.adapter(channel);
    if (!adapter)
        return done(notFetched(wanted, Error{Error::Kind::NotFound, u"no such channel here"_s}, {}));
    const MediaRules rules = adapter->mediaRules();
    const auto make = [adapter, remote = wanted.row.remote, &environment, channel](const InboxCredentials &credentials) {
        return adapter->fetchMedia(remote, credentials, environment.channels.endpoints(channel));
    };
    callWithToken<HttpRequest>(environment, wanted.inbox.inbox.id, make, [&environment, wanted, adapter, isSecondTry, rules, done](const Result<HttpRequest> &request) {
        if (!request)
            return done(notFetched(wanted, request.error(), rules));
        fetchFile(environment.fetch, environment.files, environment.mailbox, *request, mediaPolicy(environment.channels, *adapter, wanted.inbox.inbox.settings),
                  [&environment, wanted, isSecondTry, rules, done](const Result<FetchedFile> &file) {
                      const bool isExpired = !file && (file.error().kind == Error::Kind::NotFound || file.error().kind == Error::Kind::Unauthorized);
                      if (isExpired && isExpiring(wanted))
                          return done(notFetched(wanted, Error{Error::Kind::NotFound, u"the story is over: "_s + file.error().detail}, rules));
                      if (isExpired && !rules.hasFreshAddresses && file.error().kind == Error::Kind::NotFound)
                          return done(notFetched(wanted, file.error(), rules));
                      if (isExpired && !isSecondTry)
                          return fetchWanted(environment, wanted, true, done);
                      if (isExpired)
                          return done(notFetched(wanted, Error{Error::Kind::Network, u"a fresh address is refused: "_s + file.error().detail}, rules));
                      if (!file)
                          return done(notFetched(wanted, file.error(), rules));
                      if (isCorrupt(wanted, *file) && !isSecondTry)
                          return fetchWanted(environment, wanted, true, done);
                      if (mustBePicture(wanted) && !file->mime.startsWith("image/"_L1))
                          return done(notFetched(wanted, Error{Error::Kind::BadPayload, u"not a picture by its bytes"_s}, rules));
                      done(fetched(wanted, rules.fileName, *file));
                  });
    });
}

} // namespace

void fetchMediaTask(const EnrichEnvironment &environment, const jobs::Job &job, const QString &, const EnrichDone &done)
{
    environment.database.read<std::optional<Wanted>>(
        "media job",
        [id = AttachmentId(job.entityId), inboxId = job.inboxId](ReadTransaction &tx) -> Result<std::optional<Wanted>> {
            const auto row = attachments::find(tx, id);
            if (!row)
                return row.error();
            const auto inbox = inboxes::find(tx, inboxId);
            if (!inbox)
                return inbox.error();
            // A card is ready from the start, its picture comes on top.
            const bool isWanted = *row && *inbox && !(*row)->messageId.isNull();          // no longer where the message was taken back
            if (!isWanted || ((*row)->attachment.state == Attachment::State::Ready && !(*row)->blob.isEmpty()))
                return std::optional<Wanted>();
            return std::optional(Wanted{**row, **inbox});
        },
        environment.mailbox,
        [&environment, done](const Result<std::optional<Wanted>> &wanted) {
            if (!wanted)
                return done(failed(wanted.error()));
            if (!*wanted)
                return done({});
            fetchWanted(environment, **wanted, false, done);
        });
}

Result<void> retryMedia(WriteTransaction &tx, AttachmentId id)
{
    const auto row = attachments::find(tx, id);
    if (!row)
        return row.error();
    if (!*row || (*row)->messageId.isNull())
        return Error{Error::Kind::NotFound, u"no such attachment"_s, u"id"_s};
    const bool isDoubtful = (*row)->attachment.state == Attachment::State::Ready && !(*row)->attachment.error.isEmpty();
    if (((*row)->attachment.state != Attachment::State::Failed && !isDoubtful) || (*row)->remote.isEmpty())
        return Error{Error::Kind::Conflict, u"nothing to fetch again"_s, u"id"_s};
    Query inbox = tx.query(u"SELECT inbox_id FROM message WHERE id = :id"_s);
    inbox.bind(":id"_L1, (*row)->messageId);
    if (!inbox.next())
        return inbox.ok() ? Error{Error::Kind::NotFound, u"no such message"_s, u"id"_s} : inbox.error();
    const auto inboxId = inbox.id<InboxId>(0);
    if (const auto done = attachments::setPending(tx, id); !done)
        return done;
    const auto queued = jobs::enqueue(tx, {.kind = u"media"_s, .inboxId = inboxId, .entity = u"attachment"_s, .entityId = id.value(), .nextAt = tx.now()});
    if (!queued)
        return queued.error();
    return tell(tx, **row, inboxId);
}

} // namespace antiphon
