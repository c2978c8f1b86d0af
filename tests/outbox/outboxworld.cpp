#include "tests/outbox/outboxworld.h"

#include "core/channels/tiktok/tiktokaccounts.h"
#include "core/channels/tiktok/tiktokadapter.h"
#include "core/store/attachmentrepository.h"
#include "core/store/inboxrepository.h"
#include "core/store/messagerepository.h"

#include <QTest>

namespace antiphon::test {

using namespace Qt::StringLiterals;

Result<AppCredentials> FakeTokens::app(Channel) const
{
    return AppCredentials{.appId = u"7000000000000000001"_s, .appSecret = u"antiphon-test-app-secret"_s};
}

void FakeTokens::credentials(InboxId inbox, Done done)
{
    Q_UNUSED(inbox)
    if (credentialsError)
        return done(*credentialsError);
    done(InboxCredentials{.account = u"biz-0001-openid"_s, .accessToken = token, .refreshToken = u"rft"_s});
}

void FakeTokens::renew(InboxId inbox, const QString &rejectedToken, Done done)
{
    if (rejectedToken == token) {
        ++renewals;
        token = keepsToken ? token : u"act.%1"_s.arg(renewals + 1);
    }
    credentials(inbox, std::move(done));
}

void FakeTokens::requireOwner(InboxId inbox, const QString &reason)
{
    ownerReasons.append(reason);
    m_store.writer().submit(Writer::Priority::Urgent, "owner", [inbox, reason](WriteTransaction &tx) {
        return inboxes::setState(tx, inbox, Inbox::State::ReauthorizationRequired, reason);
    }, [](const Result<void> &) {});
}

void FakeTokens::reconnect(InboxId inbox)
{
    token = u"act.new"_s;
    const auto done = m_store.write<void>([inbox](WriteTransaction &tx) { return inboxes::setState(tx, inbox, Inbox::State::Active, {}); });
    QVERIFY(done);
}

OutboxWorld::OutboxWorld(HttpClient *network, const QUrl &api, StatementHook hook) : store(std::move(hook)), m_network(network ? network : &http)
{
    channels.add(std::make_unique<TiktokAdapter>(), std::make_unique<TiktokAccounts>());
    if (!api.isEmpty() && !channels.overrideApi(Channel::Tiktok, api))
        qFatal("no override");
    m_files = std::make_unique<FilesThread>(BlobStore::inFolder(m_blobFolder.path()));
}

OutboxWorld::~OutboxWorld()
{
    dispatcher.reset();
}

void OutboxWorld::start()
{
    dispatcher.reset();
    dispatcher = std::make_unique<OutboxDispatcher>(OutboxDispatcher::Surroundings{
        .database = store.database(),
        .files = *m_files,
        .channels = channels,
        .tokens = tokens,
        .http = *m_network,
        .clock = store.clock(),
        .random = random,
        .mailbox = mailbox,
        .laneFreed =
            [this] {
                ++freed;
                if (laneFreed)
                    laneFreed();
            },
        .makeLinks =
            [this](const QList<LinkedFile> &files, const OutboxDispatcher::Surroundings::LinksDone &done) {
                QList<FileLink> links;
                for (const LinkedFile &file : files) {
                    const auto link = makeLink ? makeLink(file) : Result<QUrl>(Error{Error::Kind::Unavailable, u"no public address"_s});
                    if (!link)
                        return done(link.error());
                    links.append({.file = *link, .preview = file.needsPreview ? QUrl(link->toString() + u".small"_s) : QUrl()});
                }
                done(links);
            },
        .publicUrl = [] { return u"https://desk.example"_s; },
    });
    dispatcher->start();
}

void OutboxWorld::wake()
{
    dispatcher->look();
    dispatcher->wake();
}

void OutboxWorld::advance(Milliseconds by)
{
    store.clock().advance(by);
    wake();
}

InboxId OutboxWorld::inbox(const QString &account, Channel channel)
{
    const auto made = store.write<InboxId>([account, channel](WriteTransaction &tx) {
        return inboxes::insert(tx, {.channel = channel, .name = u"Lantern"_s, .externalId = account});
    });
    return made ? *made : InboxId();
}

ConversationId OutboxWorld::conversation(InboxId inbox, const QString &sourceId)
{
    const qint64 now = toUnixMs(store.clock().now());
    const qint64 id = store.integer(u"SELECT coalesce(max(id), 0) + 1 FROM conversation"_s).value_or(1);
    store.run(u"INSERT INTO contact (id, name, created_at) VALUES (%1, 'Mira', %2);"
              "INSERT INTO contact_inbox (id, inbox_id, contact_id, source_id, created_at) VALUES (%1, %3, %1, '%4', %2);"
              "INSERT INTO conversation (id, inbox_id, contact_id, contact_inbox_id, status, last_activity_at, last_incoming_at, window_closes_at, created_at)"
              " VALUES (%1, %3, %1, %1, 'open', %2, %2, %5, %2);"_s
                  .arg(id).arg(now).arg(inbox.value()).arg(sourceId).arg(now + 48 * 3600 * 1000LL));
    return ConversationId(id);
}

MessageId OutboxWorld::queue(ConversationId conversation, const QString &text)
{
    const auto made = store.write<MessageId>([conversation, text](WriteTransaction &tx) -> Result<MessageId> {
        Query q = tx.query(u"SELECT c.inbox_id, ci.source_id FROM conversation c JOIN contact_inbox ci ON ci.id = c.contact_inbox_id WHERE c.id = :id"_s);
        q.bind(":id"_L1, conversation);
        if (!q.next())
            return q.error();
        const InboxId inbox = q.id<InboxId>(0);
        const QString lane = u"tt:biz-0001-openid:"_s + q.text(1);
        const auto id = messages::insert(tx, {.conversationId = conversation,
                                              .inboxId = inbox,
                                              .direction = Message::Direction::Outgoing,
                                              .content = text,
                                              .status = MessageStatus::Queued,
                                              .senderType = Sender::Type::Agent,
                                              .createdAt = tx.now(),
                                              .receivedAt = tx.now()});
        if (!id)
            return id.error();
        const auto row = outbox::enqueue(tx, **id, inbox, lane, {});
        return row ? Result<MessageId>(**id) : Result<MessageId>(row.error());
    });
    return made ? *made : MessageId();
}

MessageId OutboxWorld::queuePicture(ConversationId conversation, const QByteArray &bytes)
{
    QByteArray sha;
    m_files->post([&sha, bytes](BlobStore &blobs) {
        auto writer = blobs.create();
        if (writer && (*writer)->append(bytes)) {
            if (const auto finished = (*writer)->finish())
                sha = *finished;
        }
    });
    std::optional<bool> isStored;
    m_files->run<bool>([](BlobStore &) { return Result<bool>(true); }, mailbox, [&isStored](const Result<bool> &) { isStored = true; });
    if (!QTest::qWaitFor([&isStored] { return isStored.has_value(); }, 30'000) || sha.isEmpty())
        qFatal("no blob");
    const MessageId message = queue(conversation, QString());
    const auto done = store.write<AttachmentId>([&](WriteTransaction &tx) {
        return attachments::insert(tx, {.attachment = {.kind = Attachment::Kind::Image, .name = u"a.png"_s, .mime = u"image/png"_s, .size = bytes.size(), .state = Attachment::State::Ready},
                                        .messageId = message,
                                        .blob = sha});
    });
    if (!done)
        qFatal("no attachment");
    return message;
}

MessageId OutboxWorld::queueAlbum(ConversationId conversation, const QString &text, int pictures)
{
    const MessageId message = queue(conversation, text);
    const auto done = store.write<void>([&](WriteTransaction &tx) -> Result<void> {
        for (int i = 0; i < pictures; ++i) {
            const auto id = attachments::insert(tx, {.attachment = {.kind = Attachment::Kind::Image,
                                                                    .name = u"%1.png"_s.arg(i + 1),
                                                                    .mime = u"image/png"_s,
                                                                    .size = 10,
                                                                    .state = Attachment::State::Ready},
                                                     .messageId = message,
                                                     .position = i,
                                                     .blob = QByteArray(32, char('a' + i))});
            if (!id)
                return id.error();
        }
        return {};
    });
    if (!done)
        qFatal("no attachments");
    return message;
}

QString OutboxWorld::status(MessageId message)
{
    return store.text(u"SELECT status || coalesce(':' || error_code, '') FROM message WHERE id = %1"_s.arg(message.value())).value_or(u"?"_s);
}

QString OutboxWorld::state(MessageId message)
{
    return store.text(u"SELECT state FROM outbox WHERE message_id = %1"_s.arg(message.value())).value_or(u"?"_s);
}

QString OutboxWorld::sourceId(MessageId message)
{
    return store.text(u"SELECT coalesce(source_id, '') FROM message WHERE id = %1"_s.arg(message.value())).value_or(u"?"_s);
}

HttpReply taken(const QByteArray &sourceId)
{
    return FakeHttpClient::reply(200, "{\"code\":0,\"message\":\"OK\",\"request_id\":\"r1\",\"data\":{\"message\":{\"message_id\":\"" + sourceId + "\"}}}");
}

HttpReply code(int number)
{
    return FakeHttpClient::reply(200, "{\"code\":" + QByteArray::number(number) + ",\"message\":\"Words of the platform.\",\"request_id\":\"2026R\",\"data\":{}}");
}

} // namespace antiphon::test
