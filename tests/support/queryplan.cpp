#include "tests/support/queryplan.h"

#include <QRegularExpression>
#include <QTest>

namespace antiphon::test {

using namespace Qt::StringLiterals;

QStringList queryPlan(TemporaryStore &store, const QString &sql)
{
    const auto plan = store.read<QStringList>([sql](ReadTransaction &tx) -> Result<QStringList> {
        static const QRegularExpression parameter(u":[A-Za-z_][A-Za-z_0-9]*"_s);
        Query q = tx.query(u"EXPLAIN QUERY PLAN "_s + sql);
        QStringList names;
        for (auto match = parameter.globalMatch(sql); match.hasNext();)
            names.append(match.next().captured());
        names.removeDuplicates();
        for (const QString &name : names)
            q.bindNull(QLatin1StringView(name.toLatin1()));
        QStringList lines;
        while (q.next())
            lines.append(q.text(3));
        if (!q.ok())
            return q.error();
        return lines;
    });
    if (!plan) {
        QTest::qFail(qPrintable(describe(plan.error())), __FILE__, __LINE__);
        return {};
    }
    return *plan;
}

bool planIsGood(const QStringList &plan)
{
    for (const QString &line : plan) {
        if (line.contains("TEMP B-TREE"_L1) || (line.startsWith("SCAN"_L1) && line != "SCAN CONSTANT ROW"_L1))
            return false;
    }
    return !plan.isEmpty();
}

bool expectNoScan(TemporaryStore &store, const QString &sql)
{
    const QStringList plan = queryPlan(store, sql);
    const bool isGood = planIsGood(plan);
    if (!isGood)
        QTest::qFail(qPrintable(sql.simplified() + u"\n    "_s + plan.join(u"\n    "_s)), __FILE__, __LINE__);
    return isGood;
}

} // namespace antiphon::test
