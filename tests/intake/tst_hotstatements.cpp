#include "tests/intake/intakefixture.h"
#include "tests/intake/spokenchannel.h"
#include "tests/support/queryplan.h"
#include "tests/support/testmain.h"

#include <QJsonArray>
#include <QTest>

#include <mutex>
#include <set>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kT = 1'700'000'000'000;

/// What the Writer ran, each statement once.
struct Recorder {
    std::mutex mutex;
    std::set<QString> statements;

    std::set<QString> all()
    {
        const std::lock_guard lock(mutex);
        return statements;
    }

    void forget()
    {
        const std::lock_guard lock(mutex);
        statements.clear();
    }

    StatementHook hook()
    {
        return [this](const QString &sql) {
            const std::lock_guard lock(mutex);
            statements.insert(sql);
            return StatementFault::None;
        };
    }
};

bool isPlanned(const QString &sql)
{
    for (const auto verb : {"SELECT"_L1, "INSERT"_L1, "UPDATE"_L1, "DELETE"_L1}) {
        if (sql.trimmed().startsWith(verb, Qt::CaseInsensitive))
            return true;
    }
    return false;
}

/// Walks that are meant: all agents, all inboxes, and all waiting lanes by their own index.
bool isMeant(const QString &sql, const QString &line)
{
    if (line.contains("TEMP B-TREE"_L1))          // sorted are the few reactions of one person to one message, and the few attempts of one key
        return sql.contains("FROM reaction WHERE message_id"_L1) || sql.contains("a.idem_key = :key"_L1);
    if (sql.contains("agent"_L1) && (line.contains("SCAN agent"_L1) || line.endsWith("SCAN a"_L1) || line.contains("SCAN a USING"_L1)))
        return true;
    if (sql.startsWith("SELECT id FROM inbox WHERE state"_L1))
        return true;
    return line.contains("SCAN CONSTANT ROW"_L1);
}

/// Fails the test where one of them walks. @return how many were looked at
int expectGoodPlans(Recorder &recorder, TemporaryStore &store)
{
    int planned = 0;
    const std::set<QString> statements = recorder.all();
    for (const QString &sql : statements) {
        if (!isPlanned(sql))
            continue;
        ++planned;
        const QStringList plan = queryPlan(store, sql);
        for (const QString &line : plan) {
            if ((line.contains("SCAN"_L1) || line.contains("TEMP B-TREE"_L1)) && !isMeant(sql, line))
                QTest::qFail(qPrintable(u"%1\nin: %2"_s.arg(line, sql)), __FILE__, __LINE__);
        }
    }
    return planned;
}

/// What the platforms beyond the first tell of a customer's messages.
QList<InboundEvent> tellings()
{
    const QString customer = u"15550100002"_s;
    const auto at = [](int second) { return fromUnixMs(kT + second * 1000); };
    InboundMessage quoting = said(u"m2"_s, u"And this"_s, kT + 1000);
    quoting.inReplyToSourceId = u"m1"_s;
    quoting.customer.aliases = {u"US.1"_s};
    quoting.attachments = {{.kind = Attachment::Kind::Location, .latitude = 1.0, .longitude = 2.0}};
    InboundMessage own = echoed(u"e2"_s, u"Ours"_s, kT + 6000);
    own.origin = InboundMessage::Origin::OwnApi;
    own.sendKey = u"nobody's"_s;
    InboundMessage before = said(u"h1"_s, u"Last month"_s, kT - 1000, u"15550100003"_s);
    before.isHistory = true;
    before.opensWindow = false;
    InboundMessage withMore = said(u"m3"_s, u"yes"_s, kT + 2000);
    withMore.customer.person = customer;
    withMore.contentType = Message::ContentType::Interactive;
    withMore.detail = {{u"button"_s, QJsonObject{{u"data"_s, u"yes"_s}}}};
    withMore.replyToken = u"rt"_s;
    withMore.attributes = {{u"cannot_reply"_s, u"blocked"_s}};
    InboundMessage back = said(u"m4"_s, u"Here again"_s, kT + 3000);
    back.customer.contactSourceId = u"b7/1"_s;
    back.customer.person = customer;
    InboundEdit whole{.contactSourceId = customer, .messageSourceId = u"m3"_s, .whole = withMore, .platformAt = at(20)};
    whole.whole->content = u"no"_s;
    whole.whole->attachments = {{.kind = Attachment::Kind::Location, .latitude = 1.0, .longitude = 2.0}};
    return {said(u"m1"_s, u"Hello"_s, kT),
            quoting,
            echoed(u"e1"_s, u"From the phone"_s, kT + 5000),
            own,
            before,
            InboundStatus{.messageSourceId = u"e1"_s, .status = StatusEvent::Read, .platformAt = at(7)},
            InboundStatus{.messageSourceId = u"none"_s, .sendKey = u"nobody's"_s, .status = StatusEvent::Accepted, .platformAt = at(7)},
            InboundStatus{.messageSourceId = u"e1"_s, .status = StatusEvent::Refused, .error = ExternalError{.code = u"1"_s}, .platformAt = at(8)},
            InboundRead{.contactSourceId = customer, .readUpTo = at(9)},
            InboundRead{.readUpTo = at(9), .messageSourceId = u"e1"_s, .isDelivery = true},
            InboundEdit{.contactSourceId = customer, .messageSourceId = u"m1"_s, .content = u"Hallo"_s, .platformAt = at(10)},
            InboundReaction{.contactSourceId = customer, .messageSourceId = u"m1"_s, .senderPlatformId = customer, .emoji = u"👍"_s, .platformAt = at(11)},
            InboundReaction{.contactSourceId = customer, .messageSourceId = u"m1"_s, .senderPlatformId = customer, .isRemoval = true, .platformAt = at(12)},
            InboundRevoke{customer, u"m2"_s, at(13)},
            InboundRevoke{customer, u"never"_s, at(13)},
            InboundReferral{.customer = {.contactSourceId = customer}, .referral = {{u"source"_s, u"ad"_s}}},
            InboundActivity{.customer = {.contactSourceId = u"15550100009"_s, .aliases = {customer}}, .activity = {{u"kind"_s, u"number_changed"_s}}, .platformAt = at(14)},
            InboundContactCard{.customer = {.contactSourceId = customer, .displayName = u"Mira"_s}, .platformAt = at(15)},
            InboundSyncProgress{{{u"phase"_s, 1}, {u"percent"_s, 40}}, at(16)},
            InboundNotice{.kind = u"restricted"_s},
            withMore,
            said(u"m5"_s, u"Unblocked"_s, kT + 3000),
            back,
            whole,
            said(u"h1"_s, u"Last month"_s, kT - 1000, u"15550100003"_s),
            InboundConnection{.ownerId = u"7"_s, .threadPrefix = u"b7/"_s, .cannotReply = u"no_right"_s, .revision = 1},
            InboundTemplateChange{.name = u"visit"_s, .language = u"en"_s, .event = u"APPROVED"_s}};
}

} // namespace

class HotStatementsTest : public QObject {
    Q_OBJECT
private slots:
    void everyStatementOfTheWayInFindsItsRowsByAnIndex()
    {
        Recorder recorder;
        IntakeFixture f(true, recorder.hook());
        f.store().run(u"INSERT INTO agent (name, role, created_at) VALUES ('Ada', 'owner', 0)"_s);
        const QJsonObject quote{{u"referenced_message_info"_s, QJsonObject{{u"referenced_message_id"_s, u"m1"_s}}}};
        const QJsonObject image{{u"image"_s, QJsonObject{{u"media_id"_s, u"x"_s}}}};
        recorder.forget();
        const QList<QByteArray> bodies{incoming({.id = u"m1"_s, .at = kT}),
                                       incoming({.id = u"m1"_s, .at = kT}),
                                       incoming({.id = u"m0"_s, .at = kT - 5}),
                                       incoming({.id = u"m2"_s, .at = kT + 1, .more = quote}),
                                       incoming({.id = u"m3"_s, .at = kT + 2, .type = u"image"_s, .more = image}),
                                       echo({.id = u"e1"_s, .at = kT + 3}),
                                       echo({.id = u"e1"_s, .at = kT + 3}),
                                       echo({.id = u"e2"_s, .at = kT + 4, .source = u"API"_s}),
                                       readMark(kT + 5),
                                       reaction(u"m1"_s, u"👍"_s),
                                       reaction(u"m1"_s, u"👍"_s, u"REMOVE"_s, kT + 9),
                                       reaction(u"none"_s, u"👍"_s),
                                       QByteArray("{nonsense"),
                                       incoming({.id = u"x"_s, .account = u"nobody"_s})};
        for (const QByteArray &body : bodies)
            QCOMPARE(f.post(body).status, 200);
        f.advance(std::chrono::seconds(2));
        f.drain();
        const int planned = expectGoodPlans(recorder, f.store());
        QVERIFY2(planned > 30, qPrintable(QString::number(planned)));
    }

    void soDoesEveryStatementOfWhatFurtherPlatformsTell()
    {
        Recorder recorder;
        SpokenInbox f(Channel::Whatsapp, recorder.hook());
        recorder.forget();
        const QList<InboundEvent> events = tellings();
        for (const InboundEvent &event : events)
            f.tell(event);
        const int planned = expectGoodPlans(recorder, f.fixture().store());
        QVERIFY2(planned > 60, qPrintable(QString::number(planned)));
        QCOMPARE(f.count(u"event WHERE state NOT IN ('done', 'ignored', 'parked')"_s), 0);
    }
};

ANTIPHON_TEST(HotStatementsTest)
#include "tst_hotstatements.moc"
