#pragma once

#include <QStringList>
#include <QUrl>

namespace antiphon {

/// The system a tool has to be installed on.
enum class SystemKind { Debian, Fedora, Arch, OtherLinux, Macos, Windows };

/// This computer's, from /etc/os-release where there is one.
SystemKind systemAtHand();
SystemKind systemFromOsRelease(const QByteArray &text);     ///< ID and ID_LIKE of an os-release file
QString systemName(SystemKind system);                      ///< "debian", "fedora", "arch", "linux", "macos", "windows"

/// How a tool gets onto a system.
struct ToolHelp {
    QString tool{};             ///< "cloudflared"
    SystemKind system = SystemKind::OtherLinux;
    QStringList commands{};     ///< to type in a terminal, one after the other; empty where a page must do
    QUrl page{};                ///< where it is offered for download
};

ToolHelp helpFor(const QString &tool, SystemKind system);

/// Where the tool is: in PATH, or where package managers put such programs; empty where it isn't.
QString findTool(const QString &tool);

} // namespace antiphon
