#include "core/tunnel/toolhelp.h"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QStandardPaths>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

QStringList installCloudflared(SystemKind system)
{
    switch (system) {
    case SystemKind::Debian:
        return {u"sudo mkdir -p --mode=0755 /usr/share/keyrings"_s,
                u"curl -fsSL https://pkg.cloudflare.com/cloudflare-main.gpg | sudo tee /usr/share/keyrings/cloudflare-main.gpg >/dev/null"_s,
                u"echo 'deb [signed-by=/usr/share/keyrings/cloudflare-main.gpg] https://pkg.cloudflare.com/cloudflared any main' | sudo tee /etc/apt/sources.list.d/cloudflared.list"_s,
                u"sudo apt-get update && sudo apt-get install cloudflared"_s};
    case SystemKind::Fedora:
        return {u"curl -fsSL https://pkg.cloudflare.com/cloudflared.repo | sudo tee /etc/yum.repos.d/cloudflared.repo"_s, u"sudo dnf install cloudflared"_s};
    case SystemKind::Arch: return {u"sudo pacman -S cloudflared"_s};
    case SystemKind::Macos: return {u"brew install cloudflared"_s};
    case SystemKind::Windows: return {u"winget install --id Cloudflare.cloudflared"_s};
    case SystemKind::OtherLinux: return {};
    }
    Q_UNREACHABLE();
}

QStringList installSsh(SystemKind system)
{
    switch (system) {
    case SystemKind::Debian: return {u"sudo apt-get install openssh-client"_s};
    case SystemKind::Fedora: return {u"sudo dnf install openssh-clients"_s};
    case SystemKind::Arch: return {u"sudo pacman -S openssh"_s};
    case SystemKind::Macos: return {u"brew install openssh"_s};
    case SystemKind::Windows: return {u"Add-WindowsCapability -Online -Name OpenSSH.Client~~~~0.0.1.0"_s};
    case SystemKind::OtherLinux: return {};
    }
    Q_UNREACHABLE();
}

QStringList installLocaltunnel(SystemKind system)
{
    const QString lt = u"npm install -g localtunnel"_s;
    switch (system) {
    case SystemKind::Debian: return {u"sudo apt-get install nodejs npm"_s, u"sudo "_s + lt};
    case SystemKind::Fedora: return {u"sudo dnf install nodejs npm"_s, u"sudo "_s + lt};
    case SystemKind::Arch: return {u"sudo pacman -S nodejs npm"_s, u"sudo "_s + lt};
    case SystemKind::Macos: return {u"brew install node"_s, lt};
    case SystemKind::Windows: return {u"winget install --id OpenJS.NodeJS.LTS"_s, lt};
    case SystemKind::OtherLinux: return {u"sudo "_s + lt};
    }
    Q_UNREACHABLE();
}

} // namespace

SystemKind systemFromOsRelease(const QByteArray &text)
{
    QStringList words;
    const QList<QByteArray> lines = text.split('\n');
    for (const QByteArray &line : lines) {
        const qsizetype equals = line.indexOf('=');
        if (equals > 0 && (line.startsWith("ID=") || line.startsWith("ID_LIKE=")))
            words += QString::fromUtf8(line.mid(equals + 1)).remove(u'"').remove(u'\'').simplified().split(u' ', Qt::SkipEmptyParts);
    }
    static const QHash<QString, SystemKind> kinds{
        {u"debian"_s, SystemKind::Debian}, {u"ubuntu"_s, SystemKind::Debian}, {u"fedora"_s, SystemKind::Fedora},
        {u"rhel"_s, SystemKind::Fedora},   {u"centos"_s, SystemKind::Fedora}, {u"arch"_s, SystemKind::Arch},
    };
    for (const QString &word : std::as_const(words)) {
        if (const auto kind = kinds.constFind(word); kind != kinds.constEnd())
            return *kind;
    }
    return SystemKind::OtherLinux;
}

SystemKind systemAtHand()
{
#if defined(Q_OS_WIN)
    return SystemKind::Windows;
#elif defined(Q_OS_MACOS)
    return SystemKind::Macos;
#else
    QFile file(u"/etc/os-release"_s);
    return file.open(QIODevice::ReadOnly) ? systemFromOsRelease(file.read(16 * 1024)) : SystemKind::OtherLinux;
#endif
}

QString systemName(SystemKind system)
{
    switch (system) {
    case SystemKind::Debian: return u"debian"_s;
    case SystemKind::Fedora: return u"fedora"_s;
    case SystemKind::Arch: return u"arch"_s;
    case SystemKind::OtherLinux: return u"linux"_s;
    case SystemKind::Macos: return u"macos"_s;
    case SystemKind::Windows: return u"windows"_s;
    }
    Q_UNREACHABLE();
}

ToolHelp helpFor(const QString &tool, SystemKind system)
{
    ToolHelp help{.tool = tool, .system = system};
    if (tool == "cloudflared"_L1) {
        help.commands = installCloudflared(system);
        help.page = QUrl(u"https://github.com/cloudflare/cloudflared/releases"_s);
    } else if (tool == "ssh"_L1) {
        help.commands = installSsh(system);
        help.page = QUrl(u"https://www.openssh.com/portable.html"_s);
    } else if (tool == "lt"_L1) {
        help.commands = installLocaltunnel(system);
        help.page = QUrl(u"https://nodejs.org/en/download"_s);
    }
    return help;
}

QString findTool(const QString &tool)
{
    const QString inPath = QStandardPaths::findExecutable(tool);
    if (!inPath.isEmpty())
        return inPath;
    const QString home = QDir::homePath();
    return QStandardPaths::findExecutable(tool, {home + u"/.local/bin"_s, u"/usr/local/bin"_s, u"/opt/homebrew/bin"_s, u"/snap/bin"_s, home + u"/.npm-global/bin"_s});
}

} // namespace antiphon
