#include "core/store/inboxrepository.h"
#include "core/store/templaterepository.h"
#include "tests/support/temporarystore.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <atomic>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

namespace {

MessageTemplate one(const QString &name, const QString &status = u"APPROVED"_s)
{
    return {.name = name, .language = u"en"_s, .status = status, .components = {QJsonObject{{u"type"_s, u"BODY"_s}, {u"text"_s, u"Hello {{1}}"_s}}}};
}

/// A store with one inbox that counts the writer's statements.
class Shop {
public:
    Shop()
        : store([this](const QString &) {
            ++statements;
            return StatementFault::None;
        })
    {
        const auto made = store.write<InboxId>([](WriteTransaction &tx) { return inboxes::insert(tx, {.name = u"shop"_s, .externalId = u"biz"_s}); });
        inbox = made ? *made : InboxId();
    }

    bool replace(const QList<MessageTemplate> &all)
    {
        const auto changed = store.write<bool>([&](WriteTransaction &tx) { return templates::replaceAll(tx, inbox, all); });
        return changed && *changed;
    }
    QString names() { return store.text(u"SELECT group_concat(name || ':' || status) FROM message_template"_s).value_or(QString()); }

    std::atomic<int> statements = 0;
    TemporaryStore store;
    InboxId inbox{};
};

} // namespace

class TemplatesTest : public QObject {
    Q_OBJECT
private slots:
    void aListTellsWhetherItBringsAnythingNew()
    {
        Shop f;
        QVERIFY(f.replace({one(u"a"_s), one(u"b"_s)}));
        QVERIFY(!f.replace({one(u"b"_s), one(u"a"_s)}));
        QVERIFY(f.replace({one(u"a"_s, u"PAUSED"_s), one(u"b"_s)}));
        QVERIFY(f.replace({one(u"b"_s)}));
        QCOMPARE(f.names(), u"b:APPROVED"_s);
        QVERIFY(f.replace({}));
        QCOMPARE(f.names(), QString());
    }

    void ofOneThatIsListedTwiceTheLastStands()
    {
        Shop f;
        QVERIFY(f.replace({one(u"a"_s, u"PENDING"_s), one(u"a"_s)}));
        QCOMPARE(f.names(), u"a:APPROVED"_s);
    }

    void eachListSaysWhenItCame()
    {
        Shop f;
        QVERIFY(f.replace({one(u"a"_s)}));
        f.store.clock().advance(std::chrono::hours(3));
        QVERIFY(!f.replace({one(u"a"_s)}));
        QCOMPARE(f.store.integer(u"SELECT synced_at FROM message_template"_s), std::optional<qint64>(toUnixMs(f.store.clock().now())));
    }

    void aLongListWithoutNewsTakesAHandfulOfStatements()
    {
        Shop f;
        QList<MessageTemplate> all;
        for (int i = 0; i < 3000; ++i)
            all.append(one(u"template_%1"_s.arg(i)));
        QVERIFY(f.replace(all));
        f.statements = 0;
        QVERIFY(!f.replace(all));
        QVERIFY2(f.statements < 30, qPrintable(QString::number(f.statements)));
    }
};

ANTIPHON_TEST(TemplatesTest)
#include "tst_templates.moc"
