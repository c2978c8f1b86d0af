#include "tests/desk/deskfixture.h"
#include "tests/support/testmain.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QTest>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

struct Row {
    QString kind{};      ///< "method", "event", "error"
    QString name{};
    QString test{};      ///< "<program>.<file>::<function>"
};

QString testsFolder()
{
    return QDir::cleanPath(QStringLiteral(ANTIPHON_FIXTURES "/.."));
}

QList<Row> contract()
{
    QFile file(testsFolder() + u"/desk/contract.tsv"_s);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QList<Row> rows;
    const QStringList lines = QString::fromUtf8(file.readAll()).split(u'\n', Qt::SkipEmptyParts);
    for (const QString &line : lines) {
        const QStringList cells = line.split(u'\t');
        if (!line.startsWith(u'#'))
            rows.append({.kind = cells.value(0).trimmed(), .name = cells.value(1).trimmed(), .test = cells.value(2).trimmed()});
    }
    return rows;
}

QStringList namesOf(const QString &kind)
{
    QStringList names;
    const auto rows = contract();
    for (const Row &row : rows) {
        if (row.kind == kind)
            names.append(row.name);
    }
    names.sort();
    return names;
}

/// Every event type that the sources tell, as it stands in a literal.
QStringList eventsInTheSources()
{
    QStringList found;
    static const QRegularExpression pattern(
        u"u?\"((?:inbox|conversation|message|contact|agent|label|tunnel)\\.(?:created|updated|deleted)|intake\\.(?:dead_letter|gap))\""_s);
    QDirIterator files(testsFolder() + u"/../core"_s, {u"*.cpp"_s}, QDir::Files, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly))
            continue;
        auto matches = pattern.globalMatch(QString::fromUtf8(file.readAll()));
        while (matches.hasNext()) {
            if (const QString name = matches.next().captured(1); !found.contains(name))
                found.append(name);
        }
    }
    return found;
}

} // namespace

class DeskContractTest : public QObject {
    Q_OBJECT
private slots:
    void everyRowNamesATestThatExists()
    {
        const auto rows = contract();
        QVERIFY(rows.size() > 50);
        for (const Row &row : rows) {
            QVERIFY2(!row.name.isEmpty() && !row.test.isEmpty(), qPrintable(u"empty row: "_s + row.kind + u' ' + row.name));
            const QString path = row.test.section(u"::"_s, 0, 0).replace(u'.', u'/');
            const QString function = row.test.section(u"::"_s, 1);
            QFile file(testsFolder() + u'/' + path + u".cpp"_s);
            QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(u"no test file: "_s + row.test));
            QVERIFY2(!function.isEmpty() && QString::fromUtf8(file.readAll()).contains(u"void "_s + function + u"()"_s),
                     qPrintable(u"no test function: "_s + row.test));
        }
    }

    void everyMethodHasARowAndARole()
    {
        DeskFixture fixture;
        QStringList methods = fixture.desk->methods().names() + QStringList{u"session.open"_s, u"session.ping"_s};
        methods.sort();
        QCOMPARE(namesOf(u"method"_s), methods);
        QStringList withRoles = leastRoles().keys();
        QCOMPARE(withRoles, fixture.desk->methods().names());
    }

    void everyEventHasARow()
    {
        QStringList told = eventsInTheSources();
        QVERIFY(told.size() > 5);
        const QStringList rows = namesOf(u"event"_s);
        for (const QString &name : std::as_const(told))
            QVERIFY2(rows.contains(name), qPrintable(u"an event without a row: "_s + name));
    }

    void everyErrorHasARow()
    {
        QStringList codes;
        for (const int code : {-32700, -32600, -32601, -32602, -32001, -32002, -32003, -32004, -32005, -32006, -32007, -32008})
            codes.append(QString::number(code));
        codes.sort();
        QCOMPARE(namesOf(u"error"_s), codes);
    }

    void everyMethodKeepsItsRole_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<Agent::Role>("least");
        const auto roles = leastRoles();
        for (auto it = roles.begin(); it != roles.end(); ++it)
            QTest::newRow(qPrintable(it.key())) << it.key() << it.value();
    }

    void everyMethodKeepsItsRole()
    {
        QFETCH(QString, method);
        QFETCH(Agent::Role, least);
        DeskFixture fixture;
        for (const Agent::Role role : {Agent::Role::Owner, Agent::Role::Admin, Agent::Role::Agent}) {
            Seat seat(*fixture.desk);
            seat.open(DeskFixture::token(role));
            seat.post(500, method, {});
            if (method == "inboxes.check"_L1 && int(role) <= int(least)) {
                seat.post(501, method, idOf(1));   // answered when the platform has spoken
                QVERIFY(TemporaryStore::waitFor([&] { return bool(fixture.accounts.heldCheck); }));
                fixture.accounts.heldCheck(QList<AccountsService::Check>());
            }
            QVERIFY(seat.waitForAnswer(500));
            const bool isForbidden = Seat::errorText(seat.answer(500)) == u"-32002 forbidden"_s;
            QCOMPARE(isForbidden, int(role) > int(least));
        }
    }

private:
    /// Owner, admin and agent, each may what the next may.
    static QMap<QString, Agent::Role> leastRoles()
    {
        using Role = Agent::Role;
        return {{u"agents.list"_s, Role::Agent},
                {u"apps.get"_s, Role::Admin},
                {u"apps.set"_s, Role::Admin},
                {u"contacts.get"_s, Role::Agent},
                {u"contacts.list"_s, Role::Agent},
                {u"contacts.update"_s, Role::Agent},
                {u"conversations.counts"_s, Role::Agent},
                {u"conversations.get"_s, Role::Agent},
                {u"conversations.list"_s, Role::Agent},
                {u"conversations.mark_read"_s, Role::Agent},
                {u"conversations.mark_unread"_s, Role::Agent},
                {u"conversations.update"_s, Role::Agent},
                {u"drafts.list"_s, Role::Agent},
                {u"drafts.set"_s, Role::Agent},
                {u"inboxes.authorize"_s, Role::Admin},
                {u"inboxes.authorize_paste"_s, Role::Admin},
                {u"inboxes.catch_up"_s, Role::Admin},
                {u"inboxes.check"_s, Role::Admin},
                {u"inboxes.create"_s, Role::Admin},
                {u"inboxes.delete"_s, Role::Admin},
                {u"inboxes.get"_s, Role::Agent},
                {u"inboxes.list"_s, Role::Agent},
                {u"inboxes.sync_phone"_s, Role::Admin},
                {u"inboxes.update"_s, Role::Admin},
                {u"inboxes.verify_token"_s, Role::Owner},
                {u"intake.dead_letters"_s, Role::Admin},
                {u"intake.discard"_s, Role::Admin},
                {u"intake.health"_s, Role::Admin},
                {u"intake.dead_letter"_s, Role::Admin},
                {u"intake.dead_letter_groups"_s, Role::Admin},
                {u"intake.retry_all"_s, Role::Admin},
                {u"intake.export"_s, Role::Admin},
                {u"intake.gaps"_s, Role::Admin},
                {u"intake.retry"_s, Role::Admin},
                {u"intake.stats"_s, Role::Admin},
                {u"labels.list"_s, Role::Agent},
                {u"messages.confirm"_s, Role::Agent},
                {u"messages.delete"_s, Role::Agent},
                {u"messages.list"_s, Role::Agent},
                {u"messages.react"_s, Role::Agent},
                {u"messages.retry"_s, Role::Agent},
                {u"messages.send"_s, Role::Agent},
                {u"search"_s, Role::Agent},
                {u"settings.get"_s, Role::Agent},
                {u"settings.set"_s, Role::Agent},
                {u"templates.list"_s, Role::Agent},
                {u"templates.sync"_s, Role::Agent},
                {u"tunnel.check"_s, Role::Admin},
                {u"tunnel.get"_s, Role::Admin},
                {u"tunnel.set"_s, Role::Owner},
                {u"typing.set"_s, Role::Agent}};
    }
};

ANTIPHON_TEST(DeskContractTest)
#include "tst_deskcontract.moc"
