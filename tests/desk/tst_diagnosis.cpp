#include "tests/desk/seatedtest.h"
#include "tests/support/testmain.h"

#include "core/desk/metrics.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

/// Reads Prometheus text as strictly as its own parser: the first mistake, or empty.
QString mistakeIn(const QByteArray &text)
{
    static const QRegularExpression type(u"\\A# TYPE ([a-zA-Z_:][a-zA-Z0-9_:]*) (counter|gauge|summary|histogram|untyped)\\z"_s);
    static const QRegularExpression sample(
        u"\\A([a-zA-Z_:][a-zA-Z0-9_:]*)(\\{[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\.)*\"(?:,[a-zA-Z_][a-zA-Z0-9_]*=\"(?:[^\"\\\\\\n]|\\\\.)*\")*\\})? (\\S+)\\z"_s);
    if (!text.endsWith('\n'))
        return u"no line end at the end"_s;
    QHash<QString, QString> types;
    QSet<QString> closed;
    QSet<QString> seen;
    QString family;
    const QStringList lines = QString::fromUtf8(text).chopped(1).split(u'\n');
    for (const QString &line : lines) {
        if (const auto found = type.match(line); found.hasMatch()) {
            if (types.contains(found.captured(1)))
                return u"a second type: "_s + line;
            types.insert(found.captured(1), found.captured(2));
            closed.insert(family);
            family = found.captured(1);
            continue;
        }
        const auto found = sample.match(line);
        if (!found.hasMatch())
            return u"no sample: "_s + line;
        QString name = found.captured(1);
        for (const auto part : {"_sum"_L1, "_count"_L1}) {
            if (name.endsWith(part) && types.value(name.chopped(part.size())) == "summary"_L1)
                name.chop(part.size());
        }
        if (name != family)
            return u"a sample outside its family: "_s + line;
        if (closed.contains(name))
            return u"a family that was over: "_s + line;
        if (types.value(name) == "counter"_L1 && !name.endsWith("_total"_L1))
            return u"a counter that is no total: "_s + line;
        if (seen.contains(found.captured(1) + found.captured(2)))
            return u"twice: "_s + line;
        seen.insert(found.captured(1) + found.captured(2));
        bool isNumber = false;
        found.captured(3).toDouble(&isNumber);
        if (!isNumber)
            return u"no number: "_s + line;
    }
    return {};
}

} // namespace

class DiagnosisTest : public SeatedTest {
    Q_OBJECT
private slots:
    void saysHowEachInboxIsDoing()
    {
        const ConversationId conversation = m_desk->addConversation();
        m_desk->receive(conversation, u"hi"_s);
        addDead(1, u"no id"_s);
        const QJsonObject health = m_seat->result(u"intake.health"_s);
        const QJsonObject own = health.value("inboxes"_L1).toArray().at(0).toObject();
        QCOMPARE(own.value("inbox_id"_L1).toString(), u"1"_s);
        QCOMPARE(own.value("dead"_L1).toInt(), 1);
        QVERIFY(!own.value("last_event_at"_L1).isNull());
        QVERIFY(own.value("quiet_since"_L1).isNull());
        for (const auto key : {"lanes"_L1, "latency"_L1, "refused"_L1})
            QVERIFY2(health.value(key).isArray(), key.data());
        for (const auto key : {"wal_bytes"_L1, "batch_size"_L1, "urgent_queued"_L1, "longest_closure_ms"_L1, "oldest_snapshot_ms"_L1})
            QVERIFY2(health.value("store"_L1).toObject().value(key).isDouble(), key.data());
        QVERIFY(health.value("store"_L1).toObject().value("writable"_L1).toBool());
    }

    void groupsDeadLettersAndTriesAGroupAgain()
    {
        for (int i = 1; i <= 3; ++i)
            addDead(i, u"no id"_s);
        addDead(4, u"other"_s);
        const QJsonArray groups = m_seat->result(u"intake.dead_letter_groups"_s).value("items"_L1).toArray();
        QCOMPARE(groups.size(), 2);
        QCOMPARE(groups.at(0).toObject().value("count"_L1).toInt(), 3);
        QCOMPARE(groups.at(0).toObject().value("reason"_L1).toString(), u"no id"_s);
        QCOMPARE(m_seat->error(u"intake.retry_all"_s), u"-32004 invalid reason"_s);
        QCOMPARE(m_seat->result(u"intake.retry_all"_s, {{u"reason"_s, u"no id"_s}, {u"error_class"_s, u"shape"_s}}).value("count"_L1).toInt(), 3);
        QVERIFY(TemporaryStore::waitFor([&] { return m_desk->intakeWakes == 1; }));
        QCOMPARE(m_seat->result(u"intake.stats"_s).value("dead"_L1).toInt(), 1);
    }

    void showsADeadLetterMaskedAndWhoseItIs()
    {
        const ConversationId conversation = m_desk->addConversation(u"Ana"_s);
        m_desk->store.run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state, error_class, error_text) "
                          "SELECT 1, 1, 'tiktok:biz:' || source_id, 'k9', 'message', 9, '{\"text\":\"my card is 4111\",\"type\":\"text\"}', 'dead', 'shape', 'x'"
                          " FROM contact_inbox"_s);
        const QString id = m_seat->result(u"intake.dead_letters"_s).value("items"_L1).toArray().at(0).toObject().value("id"_L1).toString();
        const QJsonObject item = m_seat->result(u"intake.dead_letter"_s, {{u"id"_s, id}});
        QCOMPARE(item.value("conversation_id"_L1).toString(), conversation.toString());
        QCOMPARE(item.value("contact_name"_L1).toString(), u"Ana"_s);
        QVERIFY(item.value("payload"_L1).toString().contains("\"type\": \"text\""_L1));
        QVERIFY(!item.value("payload"_L1).toString().contains("4111"_L1));
        QCOMPARE(m_seat->error(u"intake.dead_letter"_s, {{u"id"_s, u"999"_s}}), u"-32003 not_found id"_s);
        const QJsonObject report = m_seat->result(u"intake.export"_s);
        QCOMPARE(report.value("items"_L1).toArray().size(), 1);
        const QByteArray text = json::toBytes(report);
        QVERIFY2(!text.contains("4111") && !text.contains("Ana"), text.constData());
        QCOMPARE(m_seat->result(u"intake.export"_s, {{u"id"_s, id}}).value("items"_L1).toArray().size(), 1);
    }

    void exportsNoMoreThanWasAskedFor()
    {
        for (int i = 1; i <= 3; ++i)
            addDead(i, u"no id"_s);
        const auto exported = [this](const QJsonObject &params) { return m_seat->result(u"intake.export"_s, params).value("items"_L1).toArray(); };
        QCOMPARE(exported({}).size(), 3);
        QCOMPARE(exported({{u"limit"_s, QJsonValue()}, {u"id"_s, QJsonValue()}}).size(), 3);
        const QJsonArray two = exported({{u"limit"_s, 2}});
        QCOMPARE(two.size(), 2);
        QCOMPARE(two.at(0), exported({}).at(0));               // the newest
        for (const QJsonValue &limit : {QJsonValue(-4), QJsonValue(0), QJsonValue(201), QJsonValue(1.5), QJsonValue(u"2"_s), QJsonValue(true)})
            QCOMPARE(m_seat->error(u"intake.export"_s, {{u"limit"_s, limit}}), u"-32004 invalid limit"_s);
        for (const QJsonValue &id : {QJsonValue(7), QJsonValue(u"x"_s), QJsonValue(QJsonArray{u"1"_s}), QJsonValue(false)})
            QCOMPARE(m_seat->error(u"intake.export"_s, {{u"id"_s, id}}), u"-32004 invalid id"_s);
    }

    void isForOwnerAndAdmins()
    {
        Seat agent(*m_desk->desk);
        agent.open(DeskFixture::token(Agent::Role::Agent));
        for (const QString &method : {u"intake.health"_s, u"intake.dead_letter"_s, u"intake.dead_letter_groups"_s, u"intake.retry_all"_s, u"intake.export"_s})
            QVERIFY2(agent.error(method).startsWith("-32002"_L1), qPrintable(method));
    }

    void writesMetricsThatAStrictReaderTakes()
    {
        addDead(1, u"no id"_s);
        QByteArray text;
        writeMetrics(m_desk->store.database(), *m_desk->desk, [&](const QByteArray &written) { text = written; });
        QVERIFY(TemporaryStore::waitFor([&] { return !text.isEmpty(); }));
        QCOMPARE(mistakeIn(text), QString());
        QVERIFY(text.contains("antiphon_inbox_dead{inbox=\"1\",channel=\"tiktok\"} 1\n"));
        // The reader itself finds what is wrong.
        QVERIFY(!mistakeIn(text + "antiphon_inbox_dead{inbox=\"1\",channel=\"tiktok\"} 1\n").isEmpty());
        QVERIFY(!mistakeIn("a{b=c} 1\n").isEmpty());
    }

private:
    void addDead(int n, const QString &reason)
    {
        m_desk->store.run(u"INSERT INTO event (delivery_id, inbox_id, lane, dedupe_key, kind, received_at, payload, state, error_class, error_text) "
                          "VALUES (1, 1, 'l', 'k%1', 'message', %1, '{}', 'dead', 'shape', '%2')"_s.arg(n)
                              .arg(reason));
    }
};

ANTIPHON_TEST(DiagnosisTest)
#include "tst_diagnosis.moc"
