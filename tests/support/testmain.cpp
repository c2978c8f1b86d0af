#include "tests/support/testmain.h"

#include <QFileInfo>
#include <QStringList>
#include <QTest>
#ifdef ANTIPHON_TEST_GUI
#include <QApplication>
#else
#include <QCoreApplication>
#endif

#include <cstdio>
#include <vector>

namespace antiphon::test {
namespace {

struct Entry {
    QString file;
    std::function<std::unique_ptr<QObject>()> make;
};

std::vector<Entry> &entries()
{
    static std::vector<Entry> all;
    return all;
}

} // namespace

int registerTest(const char *file, std::function<std::unique_ptr<QObject>()> make)
{
    entries().push_back({QFileInfo(QString::fromUtf8(file)).baseName(), std::move(make)});
    return int(entries().size());
}

} // namespace antiphon::test

/// Runs every class, or with `--file NAME` the one of that file; further arguments go to QTest. Fails where nothing matched.
int main(int argc, char **argv)
{
#ifdef ANTIPHON_TEST_GUI
    QApplication app(argc, argv);
#else
    QCoreApplication app(argc, argv);
#endif
    QStringList arguments = app.arguments();
    QString only;
    if (const qsizetype at = arguments.indexOf(QStringLiteral("--file")); at > 0 && at + 1 < arguments.size()) {
        only = arguments.at(at + 1);
        arguments.remove(at, 2);
    }
    int ran = 0;
    int failed = 0;
    for (const auto &entry : antiphon::test::entries()) {
        if (!only.isEmpty() && entry.file != only)
            continue;
        ++ran;
        const std::unique_ptr<QObject> test = entry.make();
        failed += QTest::qExec(test.get(), arguments) != 0 ? 1 : 0;
    }
    if (ran == 0) {
        std::fprintf(stderr, "no test class in a file named '%s'\n", qPrintable(only));
        return 2;
    }
    return failed == 0 ? 0 : 1;
}
