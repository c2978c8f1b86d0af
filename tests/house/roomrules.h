#pragma once

#include <QHash>
#include <QSet>
#include <QString>
#include <QStringList>

namespace antiphon::test {

/// Who may include and link whom: the table of core/README.md, and the judge of a file against it.
class RoomRules {
public:
    /// @param qtIncludes the folder that holds QtCore/, QtNetwork/ … with their class headers
    explicit RoomRules(const QString &qtIncludes);

    /// The room a path lies in: "net", "ui", "app"; empty where the tree has no such room.
    static QString roomOf(const QString &path);

    static QStringList roomNames();

    /// What a source may not include, one sentence each; empty: all is well.
    /// @param path relative to the root, e.g. "core/net/httpclient.h"; it decides the room
    QStringList judgeSource(const QString &path, const QString &text) const;

    /// What a room's CMakeLists.txt may not name or link.
    QStringList judgeBuild(const QString &path, const QString &text) const;

    /// The rooms that a source includes, without its own.
    static QSet<QString> includedRooms(const QString &path, const QString &text);

    /// The rooms after ROOMS in a CMakeLists.txt.
    static QSet<QString> linkedRooms(const QString &text);

    /// Whether the table's line of `room` names `other`; every room includes itself, `app` all of them.
    static bool mayInclude(const QString &room, const QString &other);

private:
    QStringList judgeOwn(const QString &path, const QString &room, const QString &target) const;
    QString judgeLibrary(const QString &room, const QString &target) const;

    QStringList m_modules;                ///< "QtCore"
    QHash<QString, QString> m_moduleOf;   ///< "QString" -> "Core", "qstring.h" -> "Core"
};

} // namespace antiphon::test
