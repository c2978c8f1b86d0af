#include "tests/house/sourcetree.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QProcess>
#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;

QString SourceTree::absolute(const QString &path)
{
    return QStringLiteral(ANTIPHON_ROOT "/") + path;
}

QStringList SourceTree::files(const QString &folder, const QStringList &suffixes)
{
    const QDir root(QStringLiteral(ANTIPHON_ROOT));
    QStringList found;
    QDirIterator entries(root.filePath(folder), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (entries.hasNext()) {
        const QString path = root.relativeFilePath(entries.next());
        const auto endsPath = [&path](const QString &suffix) { return path.endsWith(suffix); };
        if (suffixes.isEmpty() || std::any_of(suffixes.begin(), suffixes.end(), endsPath))
            found.append(path);
    }
    found.sort();
    return found;
}

QStringList SourceTree::tracked()
{
    // A checkout may belong to somebody else than who runs the tests (a container); git would refuse it.
    QProcess git;
    git.start(u"git"_s, {u"-c"_s, u"safe.directory=*"_s, u"-C"_s, QStringLiteral(ANTIPHON_ROOT), u"ls-files"_s, u"-z"_s});
    if (git.waitForFinished(30'000) && git.exitStatus() == QProcess::NormalExit && git.exitCode() == 0) {
        QStringList found;
        for (const QString &path : QString::fromUtf8(git.readAllStandardOutput()).split(QChar(0), Qt::SkipEmptyParts)) {
            if (QFile::exists(absolute(path)))
                found.append(path);
        }
        return found;
    }
    QStringList found = files(u"."_s);
    found.removeIf([](const QString &path) { return path.startsWith("build"_L1) || path.startsWith(".git/"_L1); });
    return found;
}

QByteArray SourceTree::read(const QString &path)
{
    QFile file(absolute(path));
    if (!file.open(QIODevice::ReadOnly)) {
        QTest::qFail(qPrintable(u"can't read "_s + path), __FILE__, __LINE__);
        return {};
    }
    return file.readAll();
}

} // namespace antiphon::test
