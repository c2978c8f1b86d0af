#include "tests/house/roomrules.h"

#include <QDir>
#include <QList>
#include <QRegularExpression>

#include <algorithm>
#include <utility>

namespace antiphon::test {
using namespace Qt::StringLiterals;
namespace {

struct Room {
    QString name{};
    QStringList rooms{};       ///< of the core, besides itself
    QStringList modules{};     ///< of Qt, besides Core
    QStringList libraries{};   ///< of others
};

const QList<Room> &table()
{
    static const QList<Room> rooms{
        {u"base"_s, {}, {}, {}},
        {u"domain"_s, {u"base"_s}, {}, {u"PhoneNumber"_s}},
        {u"secrets"_s, {u"base"_s}, {}, {u"QtKeychain"_s, u"OpenSSL"_s}},
        {u"net"_s, {u"base"_s}, {u"Network"_s}, {u"OpenSSL"_s}},
        {u"tunnel"_s, {u"base"_s, u"net"_s}, {}, {}},
        {u"store"_s, {u"base"_s, u"domain"_s}, {u"Sql"_s}, {u"SQLite3"_s}},
        {u"channels"_s, {u"base"_s, u"domain"_s, u"net"_s}, {}, {u"cmark-gfm"_s}},
        {u"accounts"_s, {u"base"_s, u"domain"_s, u"store"_s, u"channels"_s, u"net"_s, u"secrets"_s}, {}, {u"libjwt"_s}},
        {u"intake"_s, {u"base"_s, u"domain"_s, u"store"_s, u"channels"_s, u"accounts"_s, u"net"_s}, {}, {}},
        {u"outbox"_s, {u"base"_s, u"domain"_s, u"store"_s, u"channels"_s, u"accounts"_s, u"net"_s}, {}, {}},
        {u"desk"_s,
         {u"base"_s, u"domain"_s, u"store"_s, u"channels"_s, u"accounts"_s, u"intake"_s, u"outbox"_s, u"tunnel"_s},
         {},
         {}},
        {u"server"_s,
         {u"base"_s, u"domain"_s, u"channels"_s, u"intake"_s, u"desk"_s},
         {u"Network"_s, u"HttpServer"_s, u"WebSockets"_s},
         {}},
        {u"client"_s, {u"base"_s, u"domain"_s}, {u"Network"_s, u"WebSockets"_s}, {}},
        {u"ui"_s,
         {u"base"_s, u"domain"_s, u"client"_s},
         {u"Gui"_s, u"Widgets"_s, u"Svg"_s, u"Multimedia"_s, u"DBus"_s},
         {}},
    };
    return rooms;
}

const Room *lineOf(const QString &name)
{
    const auto found = std::find_if(table().begin(), table().end(), [&name](const Room &room) { return room.name == name; });
    return found == table().end() ? nullptr : &*found;
}

// An adapter turns bytes into values and values into requests, so it sees the values and pure functions of net and nothing that acts.
const QStringList kNetForChannels{u"core/net/http.h"_s, u"core/net/hmac.h"_s, u"core/net/formdata.h"_s};

/// The library a header belongs to, empty where it is the C or C++ library's or the system's.
QString libraryOf(const QString &header)
{
    static const QRegularExpression system(
        u"^((sys|arpa|netinet|net|linux)/.*|(unistd|windows|io|fcntl|signal|errno|netdb|poll|time|pthread|malloc|stdlib|string|stdio|execinfo|grp|pwd|termios)\\.h)$"_s);
    if (header.startsWith("openssl/"_L1))
        return u"OpenSSL"_s;
    if (header.startsWith("qt6keychain/"_L1))
        return u"QtKeychain"_s;
    if (header == "sqlite3.h"_L1)
        return u"SQLite3"_s;
    if (header == "jwt.h"_L1)
        return u"libjwt"_s;
    if (header.startsWith("phonenumbers/"_L1))
        return u"PhoneNumber"_s;
    if (header.startsWith("cmark-gfm"_L1))
        return u"cmark-gfm"_s;
    if (system.match(header).hasMatch() || !(header.contains(u'.') || header.contains(u'/')))
        return {};
    return u"the unknown library of <"_s + header + u'>';
}

/// The same for a CMake target.
QString libraryOfTarget(const QString &target)
{
    static const QHash<QString, QString> libraries{
        {u"OpenSSL::Crypto"_s, u"OpenSSL"_s},
        {u"OpenSSL::SSL"_s, u"OpenSSL"_s},
        {u"Qt6Keychain::Qt6Keychain"_s, u"QtKeychain"_s},
        {u"SQLite::SQLite3"_s, u"SQLite3"_s},
        {u"PkgConfig::LibJwt"_s, u"libjwt"_s},
        {u"PhoneNumber::PhoneNumber"_s, u"PhoneNumber"_s},
        {u"CmarkGfm::CmarkGfm"_s, u"cmark-gfm"_s},
    };
    return libraries.value(target, u"the unknown library "_s + target);
}

struct Include {
    QString target{};
    bool angled = false;
};

QList<Include> includesOf(const QString &text)
{
    static const QRegularExpression line(u"^[ \\t]*#[ \\t]*include[ \\t]*([<\"])([^>\"]+)[>\"]"_s, QRegularExpression::MultilineOption);
    QList<Include> found;
    for (auto matches = line.globalMatch(text); matches.hasNext();) {
        const auto match = matches.next();
        found.append({match.captured(2), match.captured(1) == "<"_L1});
    }
    return found;
}

/// The folder of one platform, "core/channels/tiktok"; empty outside, and in what several share.
QString platformOf(const QString &path)
{
    const QStringList parts = path.split(u'/');
    const bool isPlatform = parts.size() > 3 && parts[0] == "core"_L1 && parts[1] == "channels"_L1 && parts[2] != "meta"_L1;
    return isPlatform ? parts.mid(0, 3).join(u'/') : QString();
}

QStringList buildTokens(const QString &text)
{
    static const QRegularExpression comment(u"#[^\\n]*"_s);
    static const QRegularExpression separators(u"[\\s()]+"_s);
    return QString(text).remove(comment).split(separators, Qt::SkipEmptyParts);
}

} // namespace

RoomRules::RoomRules(const QString &qtIncludes)
{
    const QDir root(qtIncludes);
    m_modules = root.entryList({u"Qt*"_s}, QDir::Dirs);
    for (const QString &folder : std::as_const(m_modules)) {
        for (const QString &header : QDir(root.filePath(folder)).entryList(QDir::Files))
            m_moduleOf.insert(header, folder.mid(2));
    }
}

QString RoomRules::roomOf(const QString &path)
{
    const QStringList parts = path.split(u'/');
    if (parts.size() > 1 && (parts[0] == "ui"_L1 || parts[0] == "app"_L1))
        return parts[0];
    if (parts.size() > 2 && parts[0] == "core"_L1 && parts[1] != "ui"_L1 && lineOf(parts[1]))
        return parts[1];
    return {};
}

QStringList RoomRules::roomNames()
{
    QStringList names;
    for (const Room &room : table())
        names.append(room.name);
    return names;
}

bool RoomRules::mayInclude(const QString &room, const QString &other)
{
    if (room == other || room == "app"_L1)
        return true;
    const Room *line = lineOf(room);
    return line && line->rooms.contains(other);
}

QSet<QString> RoomRules::includedRooms(const QString &path, const QString &text)
{
    QSet<QString> rooms;
    for (const Include &include : includesOf(text)) {
        const QString room = include.angled ? QString() : roomOf(include.target);
        if (!room.isEmpty() && room != roomOf(path))
            rooms.insert(room);
    }
    return rooms;
}

QSet<QString> RoomRules::linkedRooms(const QString &text)
{
    QSet<QString> rooms;
    bool listing = false;
    for (const QString &token : buildTokens(text)) {
        if (token == "ROOMS"_L1)
            listing = true;
        else if (token == token.toUpper() || token.startsWith("antiphon_"_L1) || token.startsWith("target_"_L1))
            listing = false;
        else if (listing)
            rooms.insert(token.section(u'-', 0, 0));
        else if (token.startsWith("antiphon-"_L1))
            rooms.insert(token.mid(9).section(u'-', 0, 0));
    }
    return rooms;
}

QStringList RoomRules::judgeOwn(const QString &path, const QString &room, const QString &target) const
{
    if (target.endsWith(".moc"_L1) && !target.contains(u'/'))
        return {};
    const QString other = roomOf(target);
    if (other.isEmpty())
        return {target + u" is not written from the root of the tree, or lies in no room"_s};
    QStringList complaints;
    if (!mayInclude(room, other))
        complaints.append(room + u" may not include "_s + other);
    if (room == "channels"_L1 && other == "net"_L1 && !kNetForChannels.contains(target))
        complaints.append(u"channels may include only what is pure in net, not "_s + target);
    const QString platform = platformOf(target);
    const bool isRegistry = path.startsWith("core/channels/"_L1) && platformOf(path).isEmpty();
    if (!platform.isEmpty() && platform != platformOf(path) && !isRegistry && room != "app"_L1)
        complaints.append(platform + u" may be included by the registry of channels only"_s);
    return complaints;
}

QString RoomRules::judgeLibrary(const QString &room, const QString &target) const
{
    if (room == "app"_L1)
        return {};
    const Room *line = lineOf(room);
    if (m_modules.contains(target.section(u'/', 0, 0)))
        return target + u" is a module header; include the class's own"_s;
    if (const auto module = m_moduleOf.constFind(target); module != m_moduleOf.constEnd()) {
        const bool allowed = *module == "Core"_L1 || line->modules.contains(*module);
        return allowed ? QString() : room + u" may not use Qt "_s + *module + u" ("_s + target + u')';
    }
    const QString library = libraryOf(target);
    return library.isEmpty() || line->libraries.contains(library) ? QString() : room + u" may not use "_s + library;
}

QStringList RoomRules::judgeSource(const QString &path, const QString &text) const
{
    const QString room = roomOf(path);
    if (room.isEmpty())
        return {path + u": lies in no known room"_s};
    QStringList complaints;
    for (const Include &include : includesOf(text)) {
        if (!include.angled)
            complaints += judgeOwn(path, room, include.target);
        else if (const QString complaint = judgeLibrary(room, include.target); !complaint.isEmpty())
            complaints.append(complaint);
    }
    for (QString &complaint : complaints)
        complaint.prepend(path + u": "_s);
    return complaints;
}

QStringList RoomRules::judgeBuild(const QString &path, const QString &text) const
{
    const QString room = roomOf(path);
    if (room.isEmpty())
        return {path + u": lies in no known room"_s};
    QStringList complaints;
    const QStringList tokens = buildTokens(text);
    for (qsizetype i = 0; i + 1 < tokens.size(); ++i) {
        if (tokens[i] == "antiphon_room"_L1 && room != "ui"_L1 && tokens[i + 1].section(u'-', 0, 0) != room)
            complaints.append(tokens[i + 1] + u" is not the room of this folder"_s);
    }
    for (const QString &other : linkedRooms(text)) {
        if (lineOf(other) && !mayInclude(room, other))
            complaints.append(room + u" may not link "_s + other);
    }
    const Room *line = lineOf(room);
    for (const QString &token : tokens) {
        if (!line || !token.contains("::"_L1))
            continue;
        const QString module = token.startsWith("Qt6::"_L1) ? token.mid(5) : QString();
        const QString library = module.isEmpty() ? libraryOfTarget(token) : QString();
        if (!module.isEmpty() && module != "Core"_L1 && !line->modules.contains(module))
            complaints.append(room + u" may not link "_s + token);
        if (!library.isEmpty() && !line->libraries.contains(library))
            complaints.append(room + u" may not link "_s + library);
    }
    for (QString &complaint : complaints)
        complaint.prepend(path + u": "_s);
    return complaints;
}

} // namespace antiphon::test
