#include "core/base/json.h"
#include "core/desk/desksettings.h"
#include "core/desk/metrics.h"
#include "core/desk/uploadgarbage.h"
#include "core/store/inboxrepository.h"
#include "tests/desk/seatedtest.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

class WorkspaceTest : public SeatedTest {
    Q_OBJECT
private slots:
    void listsContactsByNameAndFindsThem()
    {
        for (const QString &name : {u"bea"_s, u"Ana"_s, u"Çelik 100%"_s, u"ana"_s})
            m_desk->addConversation(name);
        QStringList names;
        QJsonObject params{{u"limit"_s, 1}};
        for (int page = 0; page < 6; ++page) {
            const QJsonObject answer = m_seat->result(u"contacts.list"_s, params);
            for (const QJsonValue &item : answer.value("items"_L1).toArray())
                names.append(item.toObject().value("name"_L1).toString());
            if (answer.value("next_cursor"_L1).isNull())
                break;
            params.insert(u"cursor"_s, answer.value("next_cursor"_L1));
        }
        QCOMPARE(names, (QStringList{u"Ana"_s, u"ana"_s, u"bea"_s, u"Çelik 100%"_s}));
        const auto found = [&](const QString &query) { return m_seat->result(u"contacts.list"_s, {{u"query"_s, query}}).value("items"_L1).toArray().size(); };
        QCOMPARE(found(u"an"_s), 2);
        QCOMPARE(found(u"0%"_s), 1);
        QCOMPARE(found(u"%"_s), 1);
        QCOMPARE(found(u"thread-3"_s), 1);
        QCOMPARE(found(u"nobody"_s), 0);
        QCOMPARE(m_seat->error(u"contacts.list"_s, {{u"cursor"_s, u"!"_s}}), u"-32004 invalid cursor"_s);
    }

    void changesAContact()
    {
        m_desk->addConversation();
        const QJsonObject changed = m_seat->result(u"contacts.update"_s, {{u"id"_s, u"1"_s},
                                                                          {u"name"_s, u" Ana Lima "_s},
                                                                          {u"phone_number"_s, u"0049 (30) 123-45"_s},
                                                                          {u"email"_s, u"Ana@Example.org"_s},
                                                                          {u"custom_attributes"_s, QJsonObject{{u"size"_s, 7}}}});
        QCOMPARE(changed.value("name"_L1).toString(), u"Ana Lima"_s);
        QCOMPARE(changed.value("phone_number"_L1).toString(), u"+493012345"_s);
        QCOMPARE(changed.value("email"_L1).toString(), u"ana@example.org"_s);
        QCOMPARE(m_seat->result(u"contacts.get"_s, idOf(1)), changed);
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        QCOMPARE(m_seat->lastEvent(u"contact.updated"_s).value("data"_L1).toObject(), changed);
        QCOMPARE(m_seat->lastEvent(u"conversation.updated"_s).value("data"_L1).toObject().value("contact"_L1).toObject(), changed);
        const QJsonObject less = m_seat->result(u"contacts.update"_s, {{u"id"_s, u"1"_s}, {u"email"_s, QJsonValue::Null}, {u"custom_attributes"_s, QJsonObject{{u"size"_s, QJsonValue::Null}}}});
        QVERIFY(less.value("email"_L1).isNull());
        QCOMPARE(less.value("custom_attributes"_L1).toObject(), QJsonObject());
        QCOMPARE(less.value("name"_L1).toString(), u"Ana Lima"_s);
        for (const auto &[key, value] : {std::pair{u"name"_s, u" "_s}, {u"phone_number"_s, u"12"_s}, {u"phone_number"_s, u"+0123"_s}, {u"email"_s, u"ana"_s}})
            QCOMPARE(m_seat->error(u"contacts.update"_s, {{u"id"_s, u"1"_s}, {key, value}}), u"-32004 invalid "_s + key);
        QCOMPARE(m_seat->error(u"contacts.get"_s, idOf(9)), u"-32003 not_found"_s);
        QCOMPARE(m_seat->error(u"contacts.update"_s, idOf(9)), u"-32003 not_found"_s);
    }

    void listsAgentsAndLabels()
    {
        const QJsonArray agents = m_seat->result(u"agents.list"_s).value("items"_L1).toArray();
        QCOMPARE(agents.size(), 3);
        QCOMPARE(agents.at(0).toObject().value("role"_L1).toString(), u"owner"_s);
        const ConversationId id = m_desk->addConversation();
        m_seat->result(u"conversations.update"_s, {{u"id"_s, id.toString()}, {u"labels"_s, QJsonArray{u"b"_s, u"a"_s}}});
        const QJsonArray labels = m_seat->result(u"labels.list"_s).value("items"_L1).toArray();
        QCOMPARE(labels.size(), 2);
        QCOMPARE(labels.at(0).toObject().value("title"_L1).toString(), u"a"_s);
        QVERIFY(labels.at(0).toObject().value("color"_L1).toString().startsWith(u'#'));
    }

    void tellsOfLabelsAndAgents()
    {
        const ConversationId id = m_desk->addConversation();
        m_seat->result(u"conversations.update"_s, {{u"id"_s, id.toString()}, {u"labels"_s, QJsonArray{u"a"_s}}});
        QVERIFY(m_desk->store.write<void>([](WriteTransaction &tx) -> Result<void> {
            tx.changed(u"label.updated"_s, 1);
            tx.changed(u"label.deleted"_s, 2);
            tx.changed(u"agent.updated"_s, 3);
            return {};
        }));
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        QCOMPARE(m_seat->lastEvent(u"label.created"_s).value("data"_L1).toObject().value("title"_L1).toString(), u"a"_s);
        QCOMPARE(m_seat->lastEvent(u"label.updated"_s).value("data"_L1).toObject().value("title"_L1).toString(), u"a"_s);
        QCOMPARE(m_seat->lastEvent(u"label.deleted"_s).value("data"_L1).toObject(), idOf(2));
        QCOMPARE(m_seat->lastEvent(u"agent.updated"_s).value("data"_L1).toObject().value("role"_L1).toString(), u"agent"_s);
    }

    void keepsDraftsOfEachAgent()
    {
        const QString id = m_desk->addConversation().toString();
        const auto set = [&](Seat &seat, const QString &mode, const QString &content) {
            return seat.error(u"drafts.set"_s, {{u"conversation_id"_s, id}, {u"mode"_s, mode}, {u"content"_s, content}});
        };
        QCOMPARE(set(*m_seat, u"reply"_s, u"one"_s), u"ok"_s);
        QCOMPARE(set(*m_seat, u"note"_s, u"two"_s), u"ok"_s);
        QCOMPARE(set(*m_seat, u"reply"_s, u"three"_s), u"ok"_s);
        QCOMPARE(set(*m_seat, u"post"_s, u"x"_s), u"-32004 invalid mode"_s);
        QJsonArray drafts = m_seat->result(u"drafts.list"_s).value("items"_L1).toArray();
        QCOMPARE(drafts, QJsonArray({QJsonObject{{u"conversation_id"_s, id}, {u"mode"_s, u"note"_s}, {u"content"_s, u"two"_s}},
                                     QJsonObject{{u"conversation_id"_s, id}, {u"mode"_s, u"reply"_s}, {u"content"_s, u"three"_s}}}));
        QCOMPARE(set(*m_seat, u"note"_s, QString()), u"ok"_s);
        QCOMPARE(m_seat->result(u"drafts.list"_s).value("items"_L1).toArray().size(), 1);
        Seat other(*m_desk->desk);
        other.open(DeskFixture::token(Agent::Role::Agent));
        QCOMPARE(other.result(u"drafts.list"_s).value("items"_L1).toArray().size(), 0);
        QCOMPARE(m_seat->error(u"drafts.set"_s, {{u"conversation_id"_s, u"99"_s}, {u"mode"_s, u"note"_s}}), u"-32003 not_found"_s);
    }

    void showsTypingToTheOthersAndSparinglyToTheCustomer()
    {
        const ConversationId id = m_desk->addConversation();
        Seat other(*m_desk->desk);
        other.open(DeskFixture::token(Agent::Role::Agent));
        const auto type = [&](bool on, bool isPrivate) {
            m_seat->result(u"typing.set"_s, {{u"conversation_id"_s, id.toString()}, {u"on"_s, on}, {u"private"_s, isPrivate}});
        };
        type(true, false);
        QVERIFY(other.waitForEvent(u"typing"_s));
        const QJsonObject told = other.lastEvent(u"typing"_s);
        QVERIFY(told.value("seq"_L1).isNull());
        QCOMPARE(told.value("data"_L1).toObject().value("agent"_L1).toObject().value("name"_L1).toString(), u"The owner"_s);
        QCOMPARE(told.value("data"_L1).toObject().value("on"_L1), QJsonValue(true));
        QVERIFY(m_seat->lastEvent(u"typing"_s).isEmpty());
        QVERIFY(m_desk->typing.shown.isEmpty());          // the window never opened
        m_desk->receive(id, u"hi"_s);
        type(true, true);
        QVERIFY(m_desk->typing.shown.isEmpty());          // a note
        type(true, false);
        type(true, false);
        QCOMPARE(m_desk->typing.shown, QStringList{u"thread-1"_s});
        m_desk->store.clock().advance(std::chrono::seconds(4));
        type(false, false);
        QCOMPARE(m_desk->typing.shown.size(), 1);
        type(true, false);
        QCOMPARE(m_desk->typing.shown.size(), 2);
        m_desk->store.clock().advance(std::chrono::hours(48));
        type(true, false);
        QCOMPARE(m_desk->typing.shown.size(), 2);         // the window is closed
        QCOMPARE(m_seat->error(u"typing.set"_s, {{u"conversation_id"_s, id.toString()}}), u"-32004 invalid on"_s);
        QCOMPARE(m_seat->error(u"typing.set"_s, {{u"conversation_id"_s, u"99"_s}, {u"on"_s, true}}), u"-32003 not_found"_s);
    }

    void searches()
    {
        const ConversationId id = m_desk->addConversation(u"Zoe"_s);
        const MessageId message = m_desk->receive(id, u"where is my pineapple"_s);
        QJsonObject hit;
        QVERIFY(TemporaryStore::waitFor([&] {
            hit = m_seat->result(u"search"_s, {{u"query"_s, u"pineapple"_s}, {u"kinds"_s, QJsonArray{u"message"_s}}}).value("items"_L1).toArray().at(0).toObject();
            return !hit.isEmpty();
        }));
        QCOMPARE(hit.value("kind"_L1).toString(), u"message"_s);
        QCOMPARE(hit.value("id"_L1).toString(), message.toString());
        QCOMPARE(hit.value("conversation_id"_L1).toString(), id.toString());
        QVERIFY(hit.value("snippet"_L1).toString().contains(u"pineapple"_s));
        QCOMPARE(m_seat->error(u"search"_s, {{u"query"_s, u" "_s}}), u"-32004 invalid query"_s);
        QCOMPARE(m_seat->error(u"search"_s, {{u"query"_s, u"x"_s}, {u"kinds"_s, QJsonArray{u"file"_s}}}), u"-32004 invalid kinds"_s);
        QCOMPARE(m_seat->error(u"search"_s, {{u"query"_s, u"x"_s}, {u"limit"_s, 201}}), u"-32004 invalid limit"_s);
    }

    void keepsNamedSettings()
    {
        QCOMPARE(m_seat->error(u"settings.set"_s, {{u"values"_s, QJsonObject{{u"workspace.name"_s, u"Bakery"_s}, {u"ui.theme"_s, u"dark"_s}}}}), u"ok"_s);
        const QJsonObject values = m_seat->result(u"settings.get"_s).value("values"_L1).toObject();
        QCOMPARE(values.value("workspace.name"_L1).toString(), u"Bakery"_s);
        QCOMPARE(values.value("ui.theme"_L1).toString(), u"dark"_s);
        QCOMPARE(values.size(), desk::settingKeys().size());
        Seat agent(*m_desk->desk);
        const QJsonObject opened = agent.open(DeskFixture::token(Agent::Role::Agent));
        QCOMPARE(opened.value("workspace"_L1).toObject().value("name"_L1).toString(), u"Bakery"_s);
        QVERIFY(agent.result(u"settings.get"_s, {{u"keys"_s, QJsonArray{u"ui.theme"_s}}}).value("values"_L1).toObject().value("ui.theme"_L1).isNull());
        QCOMPARE(agent.error(u"settings.set"_s, {{u"values"_s, QJsonObject{{u"ui.theme"_s, u"light"_s}}}}), u"ok"_s);
        QCOMPARE(agent.error(u"settings.set"_s, {{u"values"_s, QJsonObject{{u"workspace.name"_s, u"Mine"_s}}}}), u"-32002 forbidden"_s);
        QCOMPARE(m_seat->error(u"settings.get"_s, {{u"keys"_s, QJsonArray{u"secret"_s}}}), u"-32004 invalid keys"_s);
        QCOMPARE(m_seat->error(u"settings.set"_s, {{u"values"_s, QJsonObject{{u"ui.theme"_s, u"pink"_s}}}}), u"-32004 invalid values.ui.theme"_s);
        QCOMPARE(m_seat->error(u"settings.set"_s, {{u"values"_s, QJsonObject{{u"ui.theme"_s, u"light"_s}, {u"x"_s, 1}}}}), u"-32004 invalid values"_s);
        QCOMPARE(m_seat->result(u"settings.get"_s, {{u"keys"_s, QJsonArray{u"ui.theme"_s}}}).value("values"_L1).toObject().value("ui.theme"_L1).toString(), u"dark"_s);
        QCOMPARE(m_seat->error(u"settings.set"_s), u"-32004 invalid values"_s);
    }

    void showsInboxes()
    {
        const QJsonObject inbox = m_seat->result(u"inboxes.list"_s).value("items"_L1).toArray().at(0).toObject();
        QCOMPARE(inbox.value("webhook_url"_L1).toString(), m_desk->publicUrl + u"/webhooks/tiktok"_s);
        QCOMPARE(inbox.value("reply_window_hours"_L1).toInt(), 48);
        QCOMPARE(inbox.value("limits"_L1).toObject().value("text_limit"_L1).toInt(), 6000);
        QCOMPARE(m_seat->result(u"inboxes.get"_s, idOf(1)), inbox);
        QCOMPARE(m_seat->error(u"inboxes.get"_s, idOf(9)), u"-32003 not_found"_s);
        QVERIFY(m_desk->store.write<void>([](WriteTransaction &tx) -> Result<void> {
            tx.changed(u"inbox.created"_s, 1);
            tx.changed(u"inbox.updated"_s, 1);
            tx.changed(u"inbox.deleted"_s, 7);
            return {};
        }));
        QVERIFY(m_seat->waitForSeq(m_desk->head()));
        QCOMPARE(m_seat->lastEvent(u"inbox.created"_s).value("data"_L1).toObject(), inbox);
        QCOMPARE(m_seat->lastEvent(u"inbox.updated"_s).value("data"_L1).toObject(), inbox);
        QCOMPARE(m_seat->lastEvent(u"inbox.deleted"_s).value("data"_L1).toObject(), idOf(7));
    }

    void passesAccountsWishesOn()
    {
        FakeAccounts &accounts = m_desk->accounts;
        const QJsonObject wish{{u"channel"_s, u"tiktok"_s}, {u"secrets"_s, QJsonObject{{u"access_token"_s, u"t"_s}}}, {u"delivery"_s, u"webhook"_s}};
        QCOMPARE(m_seat->error(u"inboxes.create"_s, wish), u"-32004 invalid secrets.access_token"_s);
        QCOMPARE(accounts.lastInput.secrets->value("access_token"_L1).toString(), u"t"_s);
        QCOMPARE(accounts.lastInput.delivery, Inbox::Delivery::Webhook);
        accounts.inbox = Inbox{.id = InboxId(1)};
        QCOMPARE(m_seat->result(u"inboxes.create"_s, wish).value("name"_L1).toString(), u"Shop"_s);   // as it stands in the store
        QCOMPARE(m_seat->result(u"inboxes.update"_s, {{u"id"_s, u"1"_s}, {u"state"_s, u"disabled"_s}}).value("id"_L1).toString(), u"1"_s);
        QCOMPARE(accounts.lastInput.state, Inbox::State::Disabled);
        QCOMPARE(m_seat->error(u"inboxes.update"_s, {{u"id"_s, u"1"_s}, {u"state"_s, u"reauthorization_required"_s}}), u"-32004 invalid state"_s);
        QCOMPARE(m_seat->error(u"inboxes.create"_s, {{u"channel"_s, u"icq"_s}}), u"-32004 invalid channel"_s);
        QCOMPARE(m_seat->error(u"inboxes.create"_s, {{u"channel"_s, u"line"_s}}), u"-32004 invalid channel"_s);
        QCOMPARE(m_seat->error(u"inboxes.create"_s, {{u"channel"_s, u"tiktok"_s}, {u"delivery"_s, u"mail"_s}}), u"-32004 invalid delivery"_s);
        QCOMPARE(m_seat->error(u"inboxes.authorize"_s, {{u"channel"_s, u"tiktok"_s}}), u"-32008 unavailable"_s);
        accounts.url = QUrl(u"https://www.tiktok.com/v2/auth?state=a%2Bb"_s);
        QCOMPARE(m_seat->result(u"inboxes.authorize"_s, {{u"channel"_s, u"tiktok"_s}}).value("url"_L1).toString(), u"https://www.tiktok.com/v2/auth?state=a%2Bb"_s);
        QCOMPARE(m_seat->result(u"inboxes.authorize_paste"_s, {{u"url"_s, u"https://desk.example/tiktok/callback?code=1&state=2"_s}}).value("id"_L1).toString(), u"1"_s);
        QCOMPARE(m_seat->error(u"inboxes.authorize_paste"_s, {{u"url"_s, u"hello"_s}}), u"-32004 invalid url"_s);
        QCOMPARE(m_seat->error(u"inboxes.delete"_s, idOf(1)), u"ok"_s);
    }

    void keepsAppsWithoutTheirSecrets()
    {
        const QJsonObject none = m_seat->result(u"apps.get"_s, {{u"channel"_s, u"tiktok"_s}});
        QCOMPARE(none.value("settings"_L1).toObject(), QJsonObject());
        QCOMPARE(none.value("redirect_url"_L1).toString(), m_desk->publicUrl + u"/tiktok/callback"_s);
        const QJsonObject set = m_seat->result(u"apps.set"_s, {{u"channel"_s, u"tiktok"_s},
                                                               {u"settings"_s, QJsonObject{{u"app_id"_s, u"a"_s}}},
                                                               {u"secrets"_s, QJsonObject{{u"app_secret"_s, u"hush"_s}}}});
        QCOMPARE(set.value("secrets_set"_L1).toArray(), QJsonArray{u"app_secret"_s});
        QVERIFY(!QString::fromUtf8(json::toBytes(set)).contains(u"hush"_s));
        QCOMPARE(m_seat->result(u"apps.get"_s, {{u"channel"_s, u"tiktok"_s}}), set);
        QCOMPARE(m_seat->error(u"apps.get"_s, {{u"channel"_s, u"x"_s}}), u"-32004 invalid channel"_s);
    }

    void showsTheWebhooksWordToOwners()
    {
        QCOMPARE(m_seat->result(u"inboxes.verify_token"_s, {{u"id"_s, u"1"_s}}), (QJsonObject{{u"verify_token"_s, u"inbox-word"_s}}));
        QCOMPARE(m_seat->result(u"inboxes.verify_token"_s, {{u"channel"_s, u"tiktok"_s}}), (QJsonObject{{u"verify_token"_s, u"apps-word"_s}}));
        QCOMPARE(m_seat->error(u"inboxes.verify_token"_s), u"-32004 invalid channel"_s);
        Seat admin(*m_desk->desk);
        admin.open(DeskFixture::token(Agent::Role::Admin));
        QCOMPARE(admin.error(u"inboxes.verify_token"_s, {{u"id"_s, u"1"_s}}), u"-32002 forbidden"_s);
    }

    void showsAndSettlesDeadLetters()
    {
        for (int i = 1; i <= 3; ++i) {
            m_desk->store.run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state, error_class, error_text) "
                              "VALUES (1, 1, 'l', 'k%1', 'message', %1, '{}', 'dead', 'shape', 'no id')"_s.arg(i));
        }
        const QJsonObject stats = m_seat->result(u"intake.stats"_s);
        QCOMPARE(stats.value("dead"_L1).toInt(), 3);
        for (const QLatin1StringView key : {"received"_L1, "duplicates"_L1, "processed"_L1, "pending"_L1, "ignored"_L1, "parked"_L1, "stale"_L1,
                                            "rejected_signature"_L1, "lost_found_by_poll"_L1})
            QVERIFY2(stats.contains(key), key.data());
        QJsonObject page = m_seat->result(u"intake.dead_letters"_s, {{u"limit"_s, 2}});
        QCOMPARE(page.value("items"_L1).toArray().size(), 2);
        const QString first = page.value("items"_L1).toArray().at(0).toObject().value("id"_L1).toString();
        page = m_seat->result(u"intake.dead_letters"_s, {{u"limit"_s, 2}, {u"cursor"_s, page.value("next_cursor"_L1)}});
        QCOMPARE(page.value("items"_L1).toArray().size(), 1);
        QVERIFY(page.value("next_cursor"_L1).isNull());
        const QString last = page.value("items"_L1).toArray().at(0).toObject().value("id"_L1).toString();
        QCOMPARE(m_seat->error(u"intake.retry"_s, {{u"id"_s, first}}), u"ok"_s);
        QVERIFY(TemporaryStore::waitFor([&] { return m_desk->intakeWakes == 1; }));
        QCOMPARE(m_seat->error(u"intake.discard"_s, {{u"id"_s, last}}), u"ok"_s);
        QCOMPARE(m_seat->error(u"intake.discard"_s, {{u"id"_s, last}}), u"-32003 not_found id"_s);
        QCOMPARE(m_seat->error(u"intake.retry"_s, {{u"id"_s, u"9999"_s}}), u"-32003 not_found id"_s);
        QCOMPARE(m_seat->result(u"intake.stats"_s).value("dead"_L1).toInt(), 1);
        QCOMPARE(m_seat->error(u"intake.dead_letters"_s, {{u"cursor"_s, u"x"_s}}), u"-32004 invalid cursor"_s);
    }

    void writesMetrics()
    {
        QByteArray text;
        writeMetrics(m_desk->store.database(), *m_desk->desk, [&](const QByteArray &written) { text = written; });
        QVERIFY(TemporaryStore::waitFor([&] { return !text.isEmpty(); }));
        QVERIFY(text.contains("\nantiphon_desk_sessions 1\n"));
        QVERIFY(text.contains("antiphon_writer_writable 1\n"));
        QVERIFY(text.contains("antiphon_outbox{state=\"queued\"} 0\n"));
        for (const QByteArray &line : text.trimmed().split('\n'))
            QVERIFY2(line.startsWith("# TYPE antiphon_") || line.startsWith("antiphon_"), line.constData());
    }

    void saysWhoseTokenItIs()
    {
        Result<AgentId> known = Error{};
        Result<AgentId> unknown = AgentId(1);
        m_desk->desk->authorize("token-agent", [&](const Result<AgentId> &agent) { known = agent; });
        m_desk->desk->authorize("nobody's", [&](const Result<AgentId> &agent) { unknown = agent; });
        QVERIFY(TemporaryStore::waitFor([&] { return known && !unknown; }));
        QCOMPARE(known->value(), 3);
        QCOMPARE(unknown.error().kind, Error::Kind::Unauthorized);
    }

    void takesAwayUploadsNobodySent()
    {
        const ConversationId id = m_desk->addConversation();
        m_desk->receive(id, u"hi"_s);
        const AttachmentId sent = m_desk->upload(u"image/png"_s, 1);
        const AttachmentId twin = m_desk->upload(u"image/png"_s, 1);     // the same bytes
        const AttachmentId orphan = m_desk->upload(u"image/png"_s, 2);
        m_seat->result(u"messages.send"_s, {{u"conversation_id"_s, id.toString()}, {u"attachment_ids"_s, QJsonArray{sent.toString()}}});
        FilesThread files(BlobStore::inFolder(m_desk->store.folder() + u"/blobs"_s));
        bool isUploading = true;
        UploadGarbage garbage(m_desk->store.database(), files, m_desk->store.clock(), [&] { return isUploading; }, m_desk->desk->mailbox());
        int blobs = -1;
        connect(&garbage, &UploadGarbage::collected, this, [&](int count) { blobs = count; });
        m_desk->store.clock().advance(std::chrono::hours(24) + Milliseconds(1));
        const AttachmentId young = m_desk->upload(u"image/png"_s, 3);
        garbage.collect();
        isUploading = false;
        garbage.collect();
        QVERIFY(TemporaryStore::waitFor([&] { return blobs >= 0; }));
        QCOMPARE(blobs, 1);   // the twin's bytes are still needed
        QCOMPARE(m_desk->store.integer(u"SELECT COUNT(*) FROM attachment"_s), 2);
        QCOMPARE(m_desk->store.integer(u"SELECT COUNT(*) FROM attachment WHERE id IN (%1, %2)"_s.arg(sent.value()).arg(young.value())), 2);
        QVERIFY(twin != orphan);
    }
};

ANTIPHON_TEST(WorkspaceTest)
#include "tst_workspace.moc"
