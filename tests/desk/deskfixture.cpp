#include "tests/desk/deskfixture.h"

#include "core/channels/tiktok/tiktokaccounts.h"
#include "core/channels/tiktok/tiktokadapter.h"
#include "core/desk/accesstoken.h"
#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/inboxrepository.h"
#include "core/store/messagerepository.h"
#include "core/store/uploadrepository.h"

#include <QJsonDocument>
#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;

void FakeAccounts::setApp(Channel, const QJsonObject &settings, const QJsonObject &secrets, Done<QJsonObject> done)
{
    app = QJsonObject{{u"channel"_s, u"tiktok"_s}, {u"settings"_s, settings}, {u"secrets_set"_s, QJsonArray::fromStringList(secrets.keys())}};
    done(app);
}

QJsonObject idOf(qint64 id)
{
    return {{u"id"_s, QString::number(id)}};
}

Seat::Seat(Desk &desk)
    : m_transport(new MemoryTransport)
    , m_sent(m_transport->sent)
{
    desk.accept(m_transport);
}

QJsonObject Seat::open(const QString &token, std::optional<qint64> resumeFrom)
{
    QJsonObject params{{u"token"_s, token}};
    if (resumeFrom)
        params.insert(u"resume_from"_s, *resumeFrom);
    return ask(u"session.open"_s, params).value("result"_L1).toObject();
}

void Seat::post(qint64 id, const QString &method, const QJsonObject &params)
{
    raw(QJsonDocument(QJsonObject{{u"jsonrpc"_s, u"2.0"_s}, {u"id"_s, id}, {u"method"_s, method}, {u"params"_s, params}}).toJson(QJsonDocument::Compact));
}

void Seat::raw(const QByteArray &text)
{
    if (m_transport)
        emit m_transport->received(text);
}

QJsonObject Seat::answer(qint64 id) const
{
    const auto all = frames();
    for (const QJsonObject &frame : all) {
        if (frame.contains("id"_L1) && frame.value("id"_L1).toInteger(-1) == id)
            return frame;
    }
    return {};
}

bool Seat::waitForAnswer(qint64 id)
{
    return TemporaryStore::waitFor([this, id] { return !answer(id).isEmpty() || !m_transport || m_transport->isClosed; });
}

QJsonObject Seat::ask(const QString &method, const QJsonObject &params)
{
    const qint64 id = ++m_lastId;
    post(id, method, params);
    waitForAnswer(id);
    return answer(id);
}

QJsonObject Seat::result(const QString &method, const QJsonObject &params)
{
    const QJsonObject whole = ask(method, params);
    if (!whole.value("result"_L1).isObject())
        QTest::qFail(qPrintable(method + u": "_s + errorText(whole)), __FILE__, __LINE__);
    return whole.value("result"_L1).toObject();
}

QString Seat::error(const QString &method, const QJsonObject &params)
{
    return errorText(ask(method, params));
}

QString Seat::errorText(const QJsonObject &answer)
{
    if (answer.isEmpty())
        return u"no answer"_s;
    if (!answer.value("error"_L1).isObject())
        return u"ok"_s;
    const QJsonObject error = answer.value("error"_L1).toObject();
    const QJsonObject data = error.value("data"_L1).toObject();
    return u"%1 %2 %3"_s.arg(error.value("code"_L1).toInt()).arg(data.value("reason"_L1).toString(), data.value("field"_L1).toString()).trimmed();
}

QList<QJsonObject> Seat::frames() const
{
    QList<QJsonObject> all;
    for (const QByteArray &text : *m_sent)
        all.append(QJsonDocument::fromJson(text).object());
    return all;
}

QList<QJsonObject> Seat::events() const
{
    QList<QJsonObject> found;
    const auto all = frames();
    for (const QJsonObject &frame : all) {
        if (frame.value("method"_L1) == "event"_L1)
            found.append(frame.value("params"_L1).toObject());
    }
    return found;
}

QJsonObject Seat::lastEvent(const QString &type) const
{
    QJsonObject found;
    const auto all = events();
    for (const QJsonObject &event : all) {
        if (event.value("type"_L1) == type)
            found = event;
    }
    return found;
}

qint64 Seat::lastSeq() const
{
    qint64 seq = 0;
    const auto all = events();
    for (const QJsonObject &event : all)
        seq = std::max(seq, event.value("seq"_L1).toInteger());
    return seq;
}

bool Seat::waitForEvent(const QString &type)
{
    return TemporaryStore::waitFor([&] { return !lastEvent(type).isEmpty(); });
}

bool Seat::waitForSeq(qint64 seq)
{
    return TemporaryStore::waitFor([&] { return lastSeq() >= seq; });
}

DeskFixture::DeskFixture()
{
    channels.add(std::make_unique<TiktokAdapter>(), std::make_unique<TiktokAccounts>());
    const auto seeded = store.write<void>([](WriteTransaction &tx) -> Result<void> {
        for (const Agent::Role role : {Agent::Role::Owner, Agent::Role::Admin, Agent::Role::Agent}) {
            Query insert = tx.query(u"INSERT INTO agent (name, role, availability, token_sha256, created_at) VALUES (:name, :role, 'online', :hash, 0)"_s);
            insert.bind(":name"_L1, u"The "_s + roleName(role)).bind(":role"_L1, roleName(role)).bind(":hash"_L1, desk::tokenHash(token(role)));
            if (const auto done = insert.exec(); !done)
                return done;
        }
        const auto made = inboxes::insert(tx, {.channel = Channel::Tiktok, .name = u"Shop"_s, .externalId = u"biz"_s, .createdAt = tx.now()});
        return made ? Result<void>() : Result<void>(made.error());
    });
    if (!seeded)
        qFatal("no workspace for the test: %s", qPrintable(describe(seeded.error())));
    search = SearchIndex::open(store.folder() + u"/search.db"_s, store.path());
    makeDesk();
}

void DeskFixture::makeDesk()
{
    desk.reset();
    desk = std::make_unique<Desk>(DeskParts{.database = store.database(),
                                            .clock = store.clock(),
                                            .random = random,
                                            .channels = channels,
                                            .accounts = accounts,
                                            .customerTyping = typing,
                                            .search = *search,
                                            .publicUrl = [this] { return publicUrl; },
                                            .outboxHasWork = [this] { m_wakes.post([this] { ++outboxWakes; }); },
                                            .intakeHasWork = [this] { m_wakes.post([this] { ++intakeWakes; }); },
                                            .catchUpHasWork = [this] { m_wakes.post([this] { ++catchUpWakes; }); },
                                            .tunnel = &tunnel,
                                            .serverVersion = u"0.1.0"_s});
}

DeskFixture::~DeskFixture()
{
    desk.reset();
    search.reset();
}

ConversationId DeskFixture::addConversation(const QString &contactName)
{
    const QString source = u"thread-%1"_s.arg(++m_contacts);
    const auto made = store.write<ConversationId>([this, contactName, source](WriteTransaction &tx) -> Result<ConversationId> {
        const auto contact = contacts::insertContact(tx, contactName, {});
        if (!contact)
            return contact.error();
        const auto address = contacts::insertContactInbox(tx, inbox, *contact, source, {});
        if (!address)
            return address.error();
        const auto id = conversations::insert(tx, inbox, *contact, **address, tx.now(), {});
        if (!id)
            return id.error();
        tx.changed(u"contact.created"_s, contact->value(), inbox);
        tx.changed(u"conversation.created"_s, (*id)->value(), inbox);
        return **id;
    });
    if (!made)
        qFatal("no conversation: %s", qPrintable(describe(made.error())));
    return *made;
}

MessageId DeskFixture::receive(ConversationId conversation, const QString &text, std::optional<Timestamp> at)
{
    const auto made = store.write<MessageId>([this, conversation, text, at](WriteTransaction &tx) -> Result<MessageId> {
        const auto found = conversations::find(tx, conversation);
        if (!found)
            return found.error();
        conversations::ConversationRow row = **found;
        const Timestamp time = at.value_or(tx.now());
        const auto id = messages::insert(tx, {.conversationId = conversation,
                                              .inboxId = inbox,
                                              .content = text,
                                              .senderType = Sender::Type::Contact,
                                              .senderId = row.contactId.value(),
                                              .createdAt = time,
                                              .receivedAt = tx.now()});
        if (!id)
            return id.error();
        row.lastMessageId = **id;
        row.lastActivityAt = std::max(row.lastActivityAt, time);
        row.lastIncomingAt = time;
        row.waitingSince = row.waitingSince.value_or(time);
        row.windowClosesAt = time + std::chrono::hours(48);
        if (const auto done = conversations::update(tx, row); !done)
            return done.error();
        if (const auto done = conversations::addUnread(tx, conversation); !done)
            return done.error();
        tx.changed(u"message.created"_s, (*id)->value(), inbox);
        tx.changed(u"conversation.updated"_s, conversation.value(), inbox);
        return **id;
    });
    if (!made)
        qFatal("no message: %s", qPrintable(describe(made.error())));
    return *made;
}

AttachmentId DeskFixture::upload(const QString &mime, qint64 size, qint64 agent)
{
    const auto made = store.write<AttachmentId>([=](WriteTransaction &tx) {
        return UploadRepository::create(tx, {.agent = AgentId(agent),
                                             .name = u"picture"_s,
                                             .mime = mime,
                                             .kind = mime.startsWith("image/"_L1) ? Attachment::Kind::Image : Attachment::Kind::File,
                                             .size = size,
                                             .sha256 = QByteArray(32, char(size % 100))});
    });
    if (!made)
        qFatal("no upload: %s", qPrintable(describe(made.error())));
    return *made;
}

void DeskFixture::setMessage(MessageId id, const QString &sqlAssignments)
{
    store.run(u"UPDATE message SET %1 WHERE id = %2"_s.arg(sqlAssignments).arg(id.value()));
}

qint64 DeskFixture::head()
{
    return store.integer(u"SELECT COALESCE(MAX(seq), 0) FROM change"_s).value_or(-1);
}

} // namespace antiphon::test
