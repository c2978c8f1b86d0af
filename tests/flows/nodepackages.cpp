#include "tests/flows/nodepackages.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QStandardPaths>

#include <algorithm>

namespace antiphon::test {
using namespace Qt::StringLiterals;

QString nodePackages(const QString &packages, const QString &folder, const QStringList &proofs)
{
    if (QStandardPaths::findExecutable(u"node"_s).isEmpty() || QStandardPaths::findExecutable(u"npm"_s).isEmpty())
        return {};
    if (std::all_of(proofs.begin(), proofs.end(), [&folder](const QString &proof) { return QFile::exists(folder + u'/' + proof); }))
        return folder;
    if (!QDir().mkpath(folder))
        return {};
    for (const QString &name : {u"package.json"_s, u"package-lock.json"_s}) {
        QFile::remove(folder + u'/' + name);
        if (!QFile::copy(packages + u'/' + name, folder + u'/' + name))
            return {};
    }
    QProcess npm;
    npm.setWorkingDirectory(folder);
    npm.start(u"npm"_s, {u"ci"_s, u"--ignore-scripts"_s, u"--no-audit"_s, u"--no-fund"_s});
    if (!npm.waitForFinished(120'000)) {
        npm.kill();
        npm.waitForFinished();
    }
    return npm.exitStatus() == QProcess::NormalExit && npm.exitCode() == 0 ? folder : QString();
}

} // namespace antiphon::test
