#include "core/intake/ownreaction.h"
#include "core/intake/readmark.h"
#include "core/intake/templatesync.h"
#include "core/store/templaterepository.h"
#include "tests/intake/intakefixture.h"
#include "tests/outbox/fakegraph.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

HttpReply answered(int status, const QByteArray &body = "{}")
{
    return {.status = status, .body = body, .requestWritten = true};
}

const QByteArray kRefused = "{\"error\":{\"code\":131047,\"message\":\"More than 24 hours have passed.\"}}";

} // namespace

/// Calls to a platform that change nothing here: reactions, read marks, lists of templates.
class PlatformCallsTest : public QObject {
    Q_OBJECT
private slots:
    void init()
    {
        m_f = std::make_unique<IntakeFixture>(false);
        m_f->registry().add(std::make_unique<FakeGraph>(), nullptr);
        m_inbox = m_f->addInbox(Inbox{.channel = Channel::Instagram, .name = u"Shop"_s, .externalId = u"ig-1"_s, .settings = {{u"read_marks"_s, true}}});
        m_f->store().run(u"INSERT INTO contact (id, name, created_at) VALUES (1, 'Mira', 1);"
                         "INSERT INTO contact_inbox (id, inbox_id, contact_id, source_id, created_at) VALUES (1, %1, 1, 'igsid-1', 1);"
                         "INSERT INTO conversation (id, inbox_id, contact_id, contact_inbox_id, status, last_activity_at, created_at) VALUES (1, %1, 1, 1, 'open', 1, 1);"
                         "INSERT INTO message (id, conversation_id, inbox_id, direction, content, source_id, sender_type, created_at, received_at, updated_at)"
                         " VALUES (1, 1, %1, 'incoming', 'hi', 'mid-1', 'contact', 1, 1, 1);"
                         "INSERT INTO message (id, conversation_id, inbox_id, direction, content, source_id, sender_type, created_at, received_at, updated_at)"
                         " VALUES (2, 1, %1, 'incoming', 'ho', 'mid-2', 'contact', 2, 2, 2);"_s.arg(m_inbox.value()));
        m_f->start();
    }
    void cleanup() { m_f.reset(); }

    void aReactionGoesOutAndWhatIsChosenMeanwhileFollows()
    {
        bool hasChosen = false;
        m_f->http().route(u"/react"_s, [&](const HttpRequest &) {
            if (!std::exchange(hasChosen, true))
                react(u"🎉"_s);
            return answered(200);
        });
        react(u"👍"_s);
        m_f->intake().wakeJobs();
        QTRY_VERIFY(m_f->http().count(u"/react"_s) >= 1);      // the second may follow at once
        m_f->advance(std::chrono::seconds(2));
        QTRY_COMPARE(m_f->http().count(u"/react"_s), 2);
        QCOMPARE(QString::fromUtf8(m_f->http().requests.at(0).body), u"igsid-1 mid-1 👍"_s);
        QCOMPARE(QString::fromUtf8(m_f->http().requests.at(1).body), u"igsid-1 mid-1 🎉"_s);
        QTRY_COMPARE(m_f->count(u"job WHERE kind = 'react' AND state = 'done'"_s), 2);
        QCOMPARE(emoji(), u"🎉"_s);
    }

    void aRefusedReactionIsTakenBackWithItsReason()
    {
        m_f->http().route(u"/react"_s, [](const HttpRequest &) { return answered(200); });
        react(u"👍"_s);
        m_f->intake().wakeJobs();
        QTRY_COMPARE(m_f->count(u"job WHERE kind = 'react' AND state = 'done'"_s), 1);
        m_f->http().route(u"/react"_s, [](const HttpRequest &) { return answered(400, kRefused); });
        react(u"🎉"_s);
        QCOMPARE(emoji(), u"🎉"_s);
        m_f->intake().wakeJobs();
        QTRY_COMPARE(m_f->count(u"job WHERE kind = 'react' AND state = 'dead'"_s), 1);
        QCOMPARE(emoji(), u"👍"_s);
        const auto line = m_f->store().text(u"SELECT activity FROM message WHERE direction = 'activity'"_s).value_or(QString());
        const QJsonObject activity = QJsonDocument::fromJson(line.toUtf8()).object();
        QCOMPARE(activity, QJsonObject({{u"kind"_s, u"reaction_failed"_s},
                                        {u"message_id"_s, u"1"_s},
                                        {u"emoji"_s, u"🎉"_s},
                                        {u"code"_s, u"131047"_s},
                                        {u"text"_s, u"More than 24 hours have passed."_s}}));
        QCOMPARE(m_f->http().count(u"/react"_s), 2);
    }

    void aReactionThatDidNotLeaveIsTriedAgain()
    {
        int calls = 0;
        m_f->http().route(u"/react"_s, [&calls](const HttpRequest &) { return ++calls == 1 ? HttpReply{.transport = Error{Error::Kind::Network, u"refused"_s}} : answered(200); });
        react(u"👍"_s);
        m_f->intake().wakeJobs();
        QTRY_COMPARE(m_f->count(u"job WHERE kind = 'react' AND state = 'pending' AND attempts = 1"_s), 1);
        QCOMPARE(emoji(), u"👍"_s);
        m_f->advance(std::chrono::seconds(6));
        QTRY_COMPARE(m_f->count(u"job WHERE kind = 'react' AND state = 'done'"_s), 1);
        QCOMPARE(calls, 2);
    }

    void whatWasReadIsToldOnce()
    {
        m_f->http().route(u"/read"_s, [](const HttpRequest &) { return answered(200); });
        m_f->store().run(u"UPDATE message SET tokens = '{\"read\":\"-token\"}' WHERE id = 2"_s);
        read(1);
        m_f->intake().wakeJobs();
        QTRY_COMPARE(m_f->count(u"job WHERE kind = 'read_mark' AND state = 'done'"_s), 1);
        QCOMPARE(m_f->http().requests.constLast().body, QByteArray("igsid-1 mid-1"));
        read(1);
        read(2);
        read(2);
        read(1);                                     // what is read stays read
        m_f->intake().wakeJobs();
        QTRY_COMPARE(m_f->count(u"job WHERE kind = 'read_mark' AND state = 'done'"_s), 2);
        QCOMPARE(m_f->http().requests.constLast().body, QByteArray("igsid-1 mid-2-token"));
        QCOMPARE(m_f->http().count(u"/read"_s), 2);
    }

    void templatesAreFetchedStoredAndFetchedAgain()
    {
        QByteArray list = "[{\"id\":\"7\",\"name\":\"visit\",\"language\":\"en\",\"status\":\"approved\",\"rejected_reason\":\"NONE\",\"components\":[{\"type\":\"BODY\"}]},"
                          "{\"name\":\"no language\"}]";
        m_f->http().route(u"/templates"_s, [&list](const HttpRequest &) { return answered(200, list); });
        QVERIFY(due());
        QVERIFY(!due());                             // asked already, whatever comes of it
        m_f->intake().wakeJobs();
        QTRY_COMPARE(state(), u"done"_s);
        QCOMPARE(m_f->store().text(u"SELECT template_id || name || language || status || coalesce(rejected_reason, '-') || components FROM message_template"_s),
                 u"7visitenAPPROVED-[{\"type\":\"BODY\"}]"_s);
        QVERIFY(m_f->count(u"change WHERE type = 'inbox.updated' AND entity_id = %1"_s.arg(m_inbox.value())) > 0);
        list = "[]";
        m_f->advance(std::chrono::hours(3) + std::chrono::seconds(1));
        QVERIFY(due());
        m_f->intake().wakeJobs();
        QTRY_COMPARE(m_f->count(u"message_template"_s), 0);
    }

    void aListThatIsRefusedSaysWhyAndKeepsWhatIsKnown()
    {
        m_f->http().route(u"/templates"_s, [](const HttpRequest &) { return answered(200, "[{\"name\":\"visit\",\"language\":\"en\",\"status\":\"APPROVED\"}]"); });
        QVERIFY(due());
        m_f->intake().wakeJobs();
        QTRY_COMPARE(state(), u"done"_s);
        m_f->http().route(u"/templates"_s, [](const HttpRequest &) { return answered(403); });
        QVERIFY(m_f->store().write<void>([this](WriteTransaction &tx) { return templatesync::request(tx, m_inbox); }));
        QCOMPARE(state(), u"running"_s);
        m_f->intake().wakeJobs();
        QTRY_COMPARE(state(), u"failed: No list for you."_s);
        QCOMPARE(m_f->count(u"message_template"_s), 1);
    }

private:
    void react(const QString &emoji)
    {
        const auto done = m_f->store().write<void>([this, emoji](WriteTransaction &tx) {
            return ownreaction::want(tx, m_inbox, MessageId(1), u"ig-1"_s, emoji, {.type = Sender::Type::Agent, .id = u"1"_s}, tx.now());
        });
        QVERIFY(done);
    }
    void read(qint64 upTo)
    {
        const auto done = m_f->store().write<void>([this, upTo](WriteTransaction &tx) {
            return readmark::want(tx, m_f->channels(), (*inboxes::find(tx, m_inbox))->inbox, ConversationId(1), MessageId(upTo));
        });
        QVERIFY(done);
    }
    bool due()
    {
        return *m_f->store().write<bool>([this](WriteTransaction &tx) { return templatesync::requestDue(tx, m_f->channels()); });
    }
    QString state()
    {
        const auto state = m_f->store().read<templatesync::State>([this](ReadTransaction &tx) { return templatesync::state(tx, m_inbox); });
        return state->error.isEmpty() ? state->sync : state->sync + u": "_s + state->error;
    }
    QString emoji() { return m_f->store().text(u"SELECT group_concat(emoji) FROM reaction WHERE message_id = 1 AND NOT removed"_s).value_or(QString()); }

    std::unique_ptr<IntakeFixture> m_f;
    InboxId m_inbox;
};

ANTIPHON_TEST(PlatformCallsTest)
#include "tst_platformcalls.moc"
