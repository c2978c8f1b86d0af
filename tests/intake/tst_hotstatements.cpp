#include "tests/intake/intakefixture.h"
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
    if (line.contains("TEMP B-TREE"_L1))
        return false;
    if (sql.contains("agent"_L1) && (line.contains("SCAN agent"_L1) || line.endsWith("SCAN a"_L1) || line.contains("SCAN a USING"_L1)))
        return true;
    if (sql.startsWith("SELECT id FROM inbox WHERE state"_L1))
        return true;
    return line.contains("SCAN CONSTANT ROW"_L1);
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
        {
            const std::lock_guard lock(recorder.mutex);
            recorder.statements.clear();
        }
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
        std::set<QString> statements;
        {
            const std::lock_guard lock(recorder.mutex);
            statements = recorder.statements;
        }
        int planned = 0;
        for (const QString &sql : statements) {
            if (!isPlanned(sql))
                continue;
            ++planned;
            const QStringList plan = queryPlan(f.store(), sql);
            for (const QString &line : plan) {
                if ((line.contains("SCAN"_L1) || line.contains("TEMP B-TREE"_L1)) && !isMeant(sql, line))
                    QFAIL(qPrintable(u"%1\nin: %2"_s.arg(line, sql)));
            }
        }
        QVERIFY2(planned > 30, qPrintable(QString::number(planned)));
    }
};

ANTIPHON_TEST(HotStatementsTest)
#include "tst_hotstatements.moc"
