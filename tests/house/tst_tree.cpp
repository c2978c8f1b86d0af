#include "tests/house/sourcetree.h"
#include "tests/support/testmain.h"

#include <QRegularExpression>
#include <QTest>

using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// What may not lie in the tree, and what is worth a second look.
class TreeTest : public QObject {
    Q_OBJECT
private slots:
    void seesAPathOfOneMachine_data()
    {
        // Written in two halves, since this file is searched too.
        QTest::addColumn<QString>("line");
        QTest::addColumn<bool>("found");
        QTest::newRow("work folder") << u"see /wo"_s + u"rk/main/x.h"_s << true;
        QTest::newRow("quoted") << u"\"/wo"_s + u"rk/main\""_s << true;
        QTest::newRow("build tree") << u"cd /tm"_s + u"p/build && ninja"_s << true;
        QTest::newRow("somebody's home") << u"/ho"_s + u"me/mira/project"_s << true;
        QTest::newRow("root's home") << u"-I /ro"_s + u"ot/include"_s << true;
        QTest::newRow("part of an address") << u"https://antiphon.example/wo"_s + u"rk/1"_s << false;
        QTest::newRow("part of a path") << u"net/wo"_s + u"rk/queue.h"_s << false;
        QTest::newRow("the folder alone") << u"keep it out of /tmp"_s << false;
    }

    void seesAPathOfOneMachine()
    {
        QFETCH(QString, line);
        QTEST(m_machinePath.match(line).hasMatch(), "found");
    }

    void noTrackedFileHoldsAPathOfOneMachine()
    {
        const QStringList files = SourceTree::tracked();
        QVERIFY(files.size() > 50);
        QStringList found;
        for (const QString &path : files) {
            const QByteArray bytes = SourceTree::read(path);
            if (bytes.contains('\0'))   // a picture
                continue;
            const auto match = m_machinePath.match(QString::fromUtf8(bytes));
            if (match.hasMatch())
                found.append(path + u": "_s + match.captured());
        }
        QVERIFY2(found.isEmpty(), qPrintable(u"\n  "_s + found.join(u"\n  "_s)));
    }

    void noSourceEndsWithoutALineBreakOrHoldsATab()
    {
        QStringList found;
        for (const QString &path : sources()) {
            const QByteArray bytes = SourceTree::read(path);
            if (!bytes.endsWith('\n') || bytes.contains('\t') || bytes.contains('\r') || bytes.contains(" \n"))
                found.append(path);
        }
        QVERIFY2(found.isEmpty(), qPrintable(u"\n  "_s + found.join(u"\n  "_s)));
    }

    void everyHeaderIsReadOnce()
    {
        for (const QString &path : sources()) {
            if (path.endsWith(".h"_L1))
                QVERIFY2(SourceTree::read(path).contains("#pragma once\n"), qPrintable(path));
        }
    }

    /// Never fails: a long file is a question, and may have a good answer. The lines stand in the log.
    void reportsLongFiles()
    {
        constexpr int kLong = 500;
        for (const QString &path : sources()) {
            const auto lines = SourceTree::read(path).count('\n');
            if (lines > kLong)
                qWarning("%s has %d lines", qPrintable(path), int(lines));
        }
    }

private:
    static QStringList sources()
    {
        QStringList found;
        for (const QString &path : SourceTree::tracked()) {
            if (path.endsWith(".h"_L1) || path.endsWith(".cpp"_L1))
                found.append(path);
        }
        return found;
    }

    const QRegularExpression m_machinePath{u"(?<![\\w.-])(/(wo"_s + u"rk|ro"_s + u"ot|Users|ho"_s + u"me/\\w+)/\\w|/tm"_s + u"p/(build|bash|ccache|\\w+\\.sh))"_s};
};

ANTIPHON_TEST(TreeTest)
#include "tst_tree.moc"
