#include "core/store/inboxrepository.h"
#include "core/store/templaterepository.h"
#include "tests/desk/seatedtest.h"
#include "tests/outbox/fakegraph.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// Templates, choices, reactions and read marks, on a platform that has them all.
class FormsTest : public SeatedTest {
    Q_OBJECT
private slots:
    void init()
    {
        m_desk = std::make_unique<DeskFixture>();
        auto graph = std::make_unique<FakeGraph>();
        m_graph = graph.get();
        m_desk->channels.add(std::move(graph), nullptr);
        const auto made = m_desk->store.write<InboxId>([](WriteTransaction &tx) {
            return inboxes::insert(tx, {.channel = Channel::Instagram, .name = u"Shop"_s, .externalId = u"ig-1"_s, .createdAt = tx.now()});
        });
        m_desk->inbox = *made;
        m_seat = std::make_unique<Seat>(*m_desk->desk);
        m_seat->open(DeskFixture::token(Agent::Role::Owner));
        m_conversation = m_desk->addConversation();
    }

    void listsTemplatesAndFetchesThemOnDemand()
    {
        const QJsonObject which{{u"inbox_id"_s, m_desk->inbox.toString()}};
        const QJsonObject none = m_seat->result(u"templates.list"_s, which);
        QCOMPARE(none.value("sync"_L1), u"never"_s);
        QVERIFY(none.value("items"_L1).toArray().isEmpty() && none.value("synced_at"_L1).isNull());
        for (int i = 0; i < 2; ++i)
            QCOMPARE(m_seat->result(u"templates.sync"_s, which).value("sync"_L1), u"running"_s);
        QCOMPARE(m_desk->store.integer(u"SELECT count(*) FROM job WHERE kind = 'templates' AND state = 'pending'"_s), 1);
        m_desk->store.run(u"UPDATE job SET attempts = 1, next_at = next_at + 600000, error_text = 'No.'"_s);
        const QJsonObject failing = m_seat->result(u"templates.list"_s, which);
        QCOMPARE(failing.value("sync"_L1), u"failed"_s);
        QCOMPARE(failing.value("error"_L1), u"No."_s);
        QCOMPARE(m_seat->result(u"templates.sync"_s, which).value("sync"_L1), u"running"_s);      // now, not in ten minutes
        QCOMPARE(m_desk->store.integer(u"SELECT next_at FROM job"_s), toUnixMs(m_desk->store.clock().now()));
        addTemplates();
        const QJsonArray items = m_seat->result(u"templates.list"_s, which).value("items"_L1).toArray();
        QCOMPARE(items.size(), 3);
        QCOMPARE(items.at(2).toObject().value("name"_L1), u"visit"_s);
        QCOMPARE(m_seat->error(u"templates.list"_s, {{u"inbox_id"_s, u"1"_s}}), u"-32007 channel_limit inbox_id"_s);
        QCOMPARE(m_seat->error(u"templates.sync"_s, {{u"inbox_id"_s, u"99"_s}}), u"-32003 not_found"_s);
    }

    void aTemplateMayLeaveWhileTheWindowIsClosed()
    {
        addTemplates();
        QCOMPARE(m_seat->error(u"messages.send"_s, with({{u"content"_s, u"hi"_s}})), u"-32006 window_closed"_s);
        const QJsonObject message = m_seat->result(u"messages.send"_s, with({{u"template"_s, use({u"Ana"_s, u"*Monday*"_s}, {u"77"_s})}}));
        QCOMPARE(message.value("status"_L1), u"queued"_s);
        QCOMPARE(message.value("content"_L1), u"Your visit\n\nHello Ana, see you on *Monday*.\n\nThe shop"_s);
        QCOMPARE(message.value("content_format"_L1), u"plain"_s);
        QCOMPARE(message.value("content_type"_L1), u"text"_s);
        const QJsonObject used = message.value("template"_L1).toObject();
        QCOMPARE(used.value("name"_L1), u"visit"_s);
        QCOMPARE(used.value("buttons"_L1).toArray(), (QJsonArray{u"Track"_s, u"Stop"_s}));
        QCOMPARE(used.value("components"_L1).toArray().size(), 4);
        QCOMPARE(m_desk->store.integer(u"SELECT count(*) FROM outbox WHERE window_ends_at IS NULL"_s), 1);
        // Sent again, it needs no window either.
        m_desk->store.run(u"UPDATE message SET status = 'failed', error_code = '131026'; UPDATE outbox SET state = 'failed'"_s);
        QCOMPARE(m_seat->result(u"messages.retry"_s, {{u"id"_s, message.value("id"_L1)}}).value("status"_L1), u"queued"_s);
    }

    void refusesTemplatesThatWouldNotGo_data()
    {
        QTest::addColumn<QJsonObject>("params");
        QTest::addColumn<QString>("error");
        const auto one = [](const QJsonObject &used) { return QJsonObject{{u"template"_s, used}}; };
        QTest::newRow("unknown") << one({{u"name"_s, u"none"_s}, {u"language"_s, u"en"_s}}) << u"-32004 invalid template.name"_s;
        QTest::newRow("no language") << one({{u"name"_s, u"visit"_s}}) << u"-32004 invalid template.language"_s;
        QTest::newRow("not approved") << one({{u"name"_s, u"paused"_s}, {u"language"_s, u"en"_s}}) << u"-32004 invalid template.name"_s;
        QTest::newRow("a place that no template has")
            << QJsonObject{{u"template"_s, QJsonObject{{u"name"_s, u"visit"_s}, {u"language"_s, u"en"_s}, {u"values"_s, QJsonObject{{u"colour"_s, QJsonArray{u"a"_s}}}}}}}
            << u"-32004 invalid template.values"_s;
        QTest::newRow("too few") << one(use({u"Ana"_s}, {u"7"_s})) << u"-32004 invalid template.values.body"_s;
        QTest::newRow("too many") << one(use({u"a"_s, u"b"_s, u"c"_s}, {u"7"_s})) << u"-32004 invalid template.values.body"_s;
        QTest::newRow("line break") << one(use({u"a\nb"_s, u"b"_s}, {u"7"_s})) << u"-32004 invalid template.values.body"_s;
        QTest::newRow("blanks") << one(use({u"a     b"_s, u"b"_s}, {u"7"_s})) << u"-32004 invalid template.values.body"_s;
        QTest::newRow("empty") << one(use({u" "_s, u"b"_s}, {u"7"_s})) << u"-32004 invalid template.values.body"_s;
        QTest::newRow("button") << one(use({u"a"_s, u"b"_s}, {})) << u"-32004 invalid template.values.buttons"_s;
        QTest::newRow("its own words") << QJsonObject{{u"template"_s, use({u"a"_s, u"b"_s}, {u"7"_s})}, {u"content"_s, u"x"_s}} << u"-32004 invalid content"_s;
        QTest::newRow("as a note") << QJsonObject{{u"template"_s, use({u"a"_s, u"b"_s}, {u"7"_s})}, {u"private"_s, true}} << u"-32004 invalid template"_s;
        QTest::newRow("no picture") << one({{u"name"_s, u"picture"_s}, {u"language"_s, u"en"_s}}) << u"-32004 invalid attachment_ids"_s;
    }

    void refusesTemplatesThatWouldNotGo()
    {
        QFETCH(QJsonObject, params);
        QFETCH(QString, error);
        addTemplates();
        QCOMPARE(m_seat->error(u"messages.send"_s, with(params)), error);
        QCOMPARE(m_desk->store.integer(u"SELECT count(*) FROM outbox"_s), 0);
    }

    void sendsAChoice()
    {
        m_desk->receive(m_conversation, u"hi"_s);
        const QJsonObject choice{{u"button"_s, u"Sizes"_s},
                                 {u"items"_s, QJsonArray{QJsonObject{{u"title"_s, u"Small"_s}}, QJsonObject{{u"id"_s, u"l"_s}, {u"title"_s, u"Large"_s}}}}};
        const QJsonObject message = m_seat->result(u"messages.send"_s, with({{u"content"_s, u"Which?"_s}, {u"choice"_s, choice}}));
        QCOMPARE(message.value("content_type"_L1), u"interactive"_s);
        const QJsonObject stored = message.value("detail"_L1).toObject().value("choice"_L1).toObject();
        QCOMPARE(stored.value("button"_L1), u"Sizes"_s);
        QCOMPARE(stored.value("items"_L1).toArray().at(0).toObject().value("id"_L1), u"1"_s);
        QCOMPARE(m_seat->error(u"messages.send"_s, with({{u"choice"_s, choice}})), u"-32004 invalid content"_s);
        QCOMPARE(m_seat->error(u"messages.send"_s, with({{u"content"_s, u"x"_s}, {u"choice"_s, QJsonObject()}})), u"-32004 invalid choice.items"_s);
        m_graph->shown.canChoose = false;
        QCOMPARE(m_seat->error(u"messages.send"_s, with({{u"content"_s, u"x"_s}, {u"choice"_s, choice}})), u"-32007 channel_limit choice"_s);
    }

    void aFileThatThePlatformFetchesNeedsAPublicAddress()
    {
        m_desk->receive(m_conversation, u"hi"_s);
        const QJsonArray files{m_desk->upload().toString()};
        m_desk->publicUrl.clear();
        QCOMPARE(m_seat->error(u"messages.send"_s, with({{u"attachment_ids"_s, files}})), u"-32008 unavailable attachment_ids"_s);
        m_desk->publicUrl = u"https://desk.example"_s;
        QCOMPARE(m_seat->result(u"messages.send"_s, with({{u"attachment_ids"_s, files}})).value("status"_L1), u"queued"_s);
    }

    void reactsAtOnceAndSendsBehind()
    {
        const MessageId message = m_desk->receive(m_conversation, u"hi"_s);
        const auto react = [&](const QString &emoji) { return QJsonObject{{u"id"_s, message.toString()}, {u"emoji"_s, emoji}}; };
        QCOMPARE(m_seat->error(u"messages.react"_s, react(u"👍"_s)), u"-32005 conflict"_s);      // no id of the platform's
        m_desk->setMessage(message, u"source_id = 'mid-1'"_s);
        const QJsonArray first = m_seat->result(u"messages.react"_s, react(u"👍"_s)).value("reactions"_L1).toArray();
        QCOMPARE(first.size(), 1);
        QCOMPARE(first.at(0).toObject().value("sender"_L1).toObject().value("type"_L1), u"agent"_s);
        m_seat->result(u"messages.react"_s, react(u"👍"_s));
        m_desk->store.clock().advance(Milliseconds(5));
        const QJsonArray second = m_seat->result(u"messages.react"_s, react(u"🎉"_s)).value("reactions"_L1).toArray();
        QCOMPARE(second.size(), 1);
        QCOMPARE(second.at(0).toObject().value("emoji"_L1), u"🎉"_s);
        m_desk->store.clock().advance(Milliseconds(5));
        QVERIFY(m_seat->result(u"messages.react"_s, react({})).value("reactions"_L1).toArray().isEmpty());
        QCOMPARE(m_desk->store.text(u"SELECT group_concat(entity || entity_id || payload) FROM job WHERE kind = 'react'"_s),
                 u"message%1{\"before\":\"\"}"_s.arg(message.value()));
        QCOMPARE(m_seat->error(u"messages.react"_s, react(u"yes"_s)), u"-32004 invalid emoji"_s);
        QCOMPARE(m_seat->error(u"messages.react"_s, idOf(message.value())), u"-32004 invalid emoji"_s);
        m_desk->store.clock().advance(std::chrono::hours(49));
        QCOMPARE(m_seat->error(u"messages.react"_s, react(u"👍"_s)), u"-32006 window_closed"_s);
        m_graph->shown.canReact = false;
        QCOMPARE(m_seat->error(u"messages.react"_s, react(u"👍"_s)), u"-32007 channel_limit emoji"_s);
    }

    void tellsThePlatformOnceHowFarAnAgentHasRead()
    {
        const MessageId first = receive(u"mid-1"_s);
        m_desk->store.clock().advance(Milliseconds(10));
        const MessageId second = receive(u"mid-2"_s);
        read(first);
        QCOMPARE(marks(), 0);                                    // this channel's owner didn't ask for it
        m_desk->store.run(u"UPDATE inbox SET settings = '{\"read_marks\":true}' WHERE id = %1"_s.arg(m_desk->inbox.value()));
        read(first);
        QCOMPARE(marks(), 1);
        QCOMPARE(wanted(), u"mid-1"_s);
        m_desk->store.run(u"UPDATE job SET state = 'done'"_s);
        read(first);
        QCOMPARE(marks(), 0);
        read(second);
        QCOMPARE(marks(), 1);
        QCOMPARE(wanted(), u"mid-2"_s);
    }

    void showsTypingAboutTheNewestMessage()
    {
        receive(u"mid-1"_s);
        m_desk->store.clock().advance(Milliseconds(10));
        receive(u"mid-2"_s);
        const QJsonObject typing{{u"conversation_id"_s, m_conversation.toString()}, {u"on"_s, true}};
        m_seat->result(u"typing.set"_s, typing);
        QCOMPARE(m_desk->typing.about, QStringList{u"mid-2"_s});
        m_desk->store.run(u"UPDATE inbox SET settings = '{\"read_marks\":false}' WHERE id = %1"_s.arg(m_desk->inbox.value()));
        m_desk->store.clock().advance(std::chrono::seconds(5));
        m_seat->result(u"typing.set"_s, typing);
        QCOMPARE(m_desk->typing.about, (QStringList{u"mid-2"_s, QString()}));        // its sign would count as read
    }

    void goesOnShowingTypingForAMinuteWhereThatIsNeeded()
    {
        m_graph->shown.typingEvery = std::chrono::seconds(4);
        m_graph->shown.typingRepeatFor = std::chrono::seconds(60);
        receive(u"mid-1"_s);
        const auto type = [this](bool on) { m_seat->result(u"typing.set"_s, {{u"conversation_id"_s, m_conversation.toString()}, {u"on"_s, on}}); };
        type(true);
        QCOMPARE(m_desk->typing.shown.size(), 1);
        for (int shown = 2; shown <= 15; ++shown) {
            m_desk->store.clock().advance(std::chrono::seconds(4));
            QTRY_COMPARE(m_desk->typing.shown.size(), shown);
        }
        m_desk->store.clock().advance(std::chrono::seconds(4));      // a minute is over
        QTest::qWait(1100);
        QCOMPARE(m_desk->typing.shown.size(), 15);
        type(true);
        QCOMPARE(m_desk->typing.shown.size(), 16);
        type(false);
        m_desk->store.clock().advance(std::chrono::seconds(4));
        QTest::qWait(1100);
        QCOMPARE(m_desk->typing.shown.size(), 16);
    }

    void aConfirmedRetryGoesOutWithTheSameKey()
    {
        m_graph->shown.sameKeyFor = std::chrono::hours(24);
        receive(u"mid-1"_s);
        const QString id = m_seat->result(u"messages.send"_s, with({{u"content"_s, u"hi"_s}})).value("id"_L1).toString();
        m_desk->store.run(u"UPDATE outbox SET state = 'unknown', idem_key = '1b4e28ba-2fa1-4d2a-883f-0016d3cca427' WHERE message_id = %1"_s.arg(id));
        m_desk->setMessage(MessageId(id.toLongLong()), u"status = 'failed', error_code = 'outcome_unknown'"_s);
        m_seat->result(u"messages.retry"_s, {{u"id"_s, id}, {u"confirm_unknown"_s, true}});
        QCOMPARE(m_desk->store.text(u"SELECT state || ' ' || idem_key FROM outbox WHERE message_id = %1"_s.arg(id)),
                 u"queued 1b4e28ba-2fa1-4d2a-883f-0016d3cca427"_s);
    }

    void nothingIsSentToWhomNothingReaches()
    {
        receive(u"mid-1"_s);
        m_desk->store.run(u"UPDATE conversation SET attributes = '{\"cannot_reply\":\"opted_out\"}'"_s);
        QCOMPARE(m_seat->error(u"messages.send"_s, with({{u"content"_s, u"hi"_s}})), u"-32005 conflict"_s);
        QCOMPARE(m_seat->error(u"messages.send"_s, with({{u"content"_s, u"hi"_s}, {u"private"_s, true}})), u"ok"_s);
    }

private:
    static QJsonObject use(const QStringList &body, const QStringList &buttons)
    {
        return {{u"name"_s, u"visit"_s},
                {u"language"_s, u"en"_s},
                {u"values"_s, QJsonObject{{u"body"_s, QJsonArray::fromStringList(body)}, {u"buttons"_s, QJsonArray::fromStringList(buttons)}}}};
    }
    QJsonObject with(QJsonObject params) const
    {
        params.insert(u"conversation_id"_s, m_conversation.toString());
        return params;
    }
    void addTemplates()
    {
        const QJsonArray visit{QJsonObject{{u"type"_s, u"HEADER"_s}, {u"format"_s, u"TEXT"_s}, {u"text"_s, u"Your visit"_s}},
                               QJsonObject{{u"type"_s, u"BODY"_s}, {u"text"_s, u"Hello {{1}}, see you on {{2}}."_s}},
                               QJsonObject{{u"type"_s, u"FOOTER"_s}, {u"text"_s, u"The shop"_s}},
                               QJsonObject{{u"type"_s, u"BUTTONS"_s},
                                           {u"buttons"_s, QJsonArray{QJsonObject{{u"type"_s, u"URL"_s}, {u"text"_s, u"Track"_s}, {u"url"_s, u"https://x.example/{{1}}"_s}},
                                                                     QJsonObject{{u"type"_s, u"QUICK_REPLY"_s}, {u"text"_s, u"Stop"_s}}}}}};
        const QJsonArray picture{QJsonObject{{u"type"_s, u"HEADER"_s}, {u"format"_s, u"IMAGE"_s}}, QJsonObject{{u"type"_s, u"BODY"_s}, {u"text"_s, u"Look."_s}}};
        const auto done = m_desk->store.write<bool>([&](WriteTransaction &tx) {
            return templates::replaceAll(tx, m_desk->inbox,
                                         {{.name = u"visit"_s, .language = u"en"_s, .status = u"APPROVED"_s, .components = visit},
                                          {.name = u"paused"_s, .language = u"en"_s, .status = u"PAUSED"_s, .components = visit},
                                          {.name = u"picture"_s, .language = u"en"_s, .status = u"APPROVED"_s, .components = picture}});
        });
        QVERIFY(done);
    }
    MessageId receive(const QString &sourceId)
    {
        const MessageId id = m_desk->receive(m_conversation, u"hi"_s);
        m_desk->setMessage(id, u"source_id = '%1'"_s.arg(sourceId));
        return id;
    }
    void read(MessageId message)
    {
        m_seat->result(u"conversations.mark_read"_s, {{u"id"_s, m_conversation.toString()}, {u"message_id"_s, message.toString()}});
    }
    qint64 marks() { return m_desk->store.integer(u"SELECT count(*) FROM job WHERE kind = 'read_mark' AND state = 'pending'"_s).value_or(-1); }
    QString wanted() { return m_desk->store.text(u"SELECT value FROM cursor WHERE scope LIKE 'read_mark:%'"_s).value_or(u"?"_s); }

    FakeGraph *m_graph = nullptr;
    ConversationId m_conversation;
};

ANTIPHON_TEST(FormsTest)
#include "tst_forms.moc"
