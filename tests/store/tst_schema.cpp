#include "tests/support/queryplan.h"
#include "tests/support/testmain.h"

#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// What every statement on the tables rests on.
class SchemaTest : public QObject {
    Q_OBJECT
private slots:
    void deletingARowScansNoOtherTable();
    void idsNeverComeBack();
    void aPlanThatScansIsSeen();
    void theWritersOwnStatementsScanNothing();

private:
    static QStringList tables(TemporaryStore &store, const QString &where)
    {
        const auto names = store.text(u"SELECT group_concat(name, ' ') FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND "_s + where);
        return names ? names->split(u' ') : QStringList();
    }
};

void SchemaTest::deletingARowScansNoOtherTable()
{
    TemporaryStore store;
    const QStringList names = tables(store, u"sql NOT LIKE '%WITHOUT ROWID%'"_s);
    QVERIFY(names.contains(u"message"_s) && names.contains(u"inbox"_s));
    for (const QString &name : names)
        QVERIFY2(expectNoScan(store, u"DELETE FROM \"%1\" WHERE rowid = 1"_s.arg(name)), qPrintable(name));
}

void SchemaTest::idsNeverComeBack()
{
    TemporaryStore store;
    const QStringList reused = tables(store, u"sql LIKE '%INTEGER PRIMARY KEY%' AND sql NOT LIKE '%AUTOINCREMENT%' AND name <> 'schema_migration'"_s);
    QVERIFY2(reused.join(u' ').isEmpty(), qPrintable(reused.join(u' ')));
}

void SchemaTest::aPlanThatScansIsSeen()
{
    TemporaryStore store;
    QVERIFY(queryPlan(store, u"SELECT id FROM message WHERE content = :content"_s).join(u' ').contains("SCAN message"_L1));
    QVERIFY(queryPlan(store, u"SELECT id FROM message WHERE conversation_id = :id ORDER BY content"_s).join(u' ').contains("TEMP B-TREE"_L1));
    QVERIFY(!planIsGood({u"SCAN message"_s}));
    QVERIFY(!planIsGood({u"SEARCH message USING INDEX message_order (conversation_id=?)"_s, u"USE TEMP B-TREE FOR ORDER BY"_s}));
    QVERIFY(!planIsGood({}));
    QVERIFY(planIsGood({u"SEARCH message USING INTEGER PRIMARY KEY (rowid=?)"_s}));
}

void SchemaTest::theWritersOwnStatementsScanNothing()
{
    TemporaryStore store;
    expectNoScan(store, u"SELECT coalesce((SELECT max(seq) FROM change), 0)"_s);
    expectNoScan(store, u"SELECT value FROM cursor WHERE inbox_id = :inbox_id AND scope = :scope"_s);
    expectNoScan(store, u"UPDATE lease SET lease_until = :until WHERE key = :key AND owner = :owner"_s);
    expectNoScan(store, u"SELECT value FROM setting WHERE key = :key"_s);
}

ANTIPHON_TEST(SchemaTest)
#include "tst_schema.moc"
