#include "core/channels/twilio/twiliocursor.h"

#include "core/base/json.h"

#include <QCryptographicHash>
#include <QHash>
#include <QJsonArray>
#include <QtEndian>

#include <algorithm>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

/// The list may show a message later than a younger one.
constexpr Milliseconds kOverlap{10 * 60 * 1000};
/// Twilio's times are whole seconds.
constexpr Milliseconds kRounding{1000};
/// How long a message of ours is watched for another status.
constexpr Milliseconds kWatched{24 * 3600 * 1000};
constexpr qsizetype kMostKnown = 4000;
/// As many as one read looks at.
constexpr qsizetype kMostWatched = 10'000;

/// A message takes so many bytes: its key, its second, its words.
constexpr qsizetype kToldBytes = 8 + 4 + 1;

QString packed(const QList<Told> &told)
{
    QByteArray bytes(told.size() * kToldBytes, Qt::Uninitialized);
    char *to = bytes.data();
    for (const Told &one : told) {
        qToBigEndian(one.message, to);
        qToBigEndian(quint32(std::clamp<qint64>(toUnixMs(one.at) / 1000, 0, 0xffffffff)), to + 8);
        to[12] = char(one.words);
        to += kToldBytes;
    }
    return QString::fromLatin1(bytes.toBase64());
}

QList<Told> unpacked(const QString &text)
{
    const QByteArray bytes = QByteArray::fromBase64(text.toLatin1());
    QList<Told> told;
    told.reserve(bytes.size() / kToldBytes);
    for (qsizetype i = 0; i + kToldBytes <= bytes.size(); i += kToldBytes) {
        const char *from = bytes.constData() + i;
        told.append({fromUnixMs(qint64(qFromBigEndian<quint32>(from + 8)) * 1000), qFromBigEndian<quint64>(from), quint8(from[12])});
    }
    return told;
}

} // namespace

quint64 messageKey(const QString &sid)
{
    return qFromBigEndian<quint64>(QCryptographicHash::hash(sid.toUtf8(), QCryptographicHash::Sha256).constData());
}

Timestamp Cursor::incomingFrom() const
{
    const Timestamp from = readUpTo - (isStored ? kOverlap : kRounding);
    return std::max(from, knownFrom.value_or(from));
}

Timestamp Cursor::outgoingFrom() const
{
    const Timestamp from = sentUpTo - kWatched;
    return std::max(from, watchedFrom.value_or(from));
}

void Cursor::remember(const QList<Told> &incoming, const QList<Told> &statuses)
{
    known += incoming;
    known.removeIf([from = readUpTo - kOverlap](const Told &one) { return one.at < from; });
    std::sort(known.begin(), known.end());
    if (known.size() > kMostKnown) {
        // Whole from one second on: of that second some may still be to come, and none of what customers wrote is left out.
        const Timestamp from = known.at(known.size() - kMostKnown).at;
        known.removeIf([from](const Told &one) { return one.at < from; });
        knownFrom = std::max(from, knownFrom.value_or(from));
    }
    if (knownFrom && *knownFrom <= readUpTo - kOverlap)
        knownFrom.reset();

    QHash<quint64, Told> each;
    for (const QList<Told> &some : {std::as_const(watched), statuses}) {
        for (const Told &one : some) {
            Told &kept = each[one.message];
            kept = {std::max(kept.at, one.at), one.message, quint8(kept.words | one.words)};
        }
    }
    watched = each.values();
    watched.removeIf([from = sentUpTo - kWatched](const Told &one) { return one.at < from; });
    std::sort(watched.begin(), watched.end());
    if (const qsizetype tooMany = watched.size() - kMostWatched; tooMany > 0) {
        const Timestamp from = watched.at(tooMany - 1).at + kRounding;
        watched.removeIf([from](const Told &one) { return one.at < from; });
        watchedFrom = std::max(from, watchedFrom.value_or(from));
    }
    if (watchedFrom && *watchedFrom <= sentUpTo - kWatched)
        watchedFrom.reset();
}

Cursor cursorOf(const QString &text, Timestamp since)
{
    const auto stored = json::parseObject(text.toUtf8());
    if (!stored)
        return {.readUpTo = since, .sentUpTo = since};
    const auto momentAt = [&](QLatin1StringView key) {
        const auto ms = json::integer(stored->value(key));
        return ms ? std::optional(fromUnixMs(*ms)) : std::nullopt;
    };
    Cursor cursor{.isStored = true, .readUpTo = momentAt("in"_L1).value_or(since), .sentUpTo = momentAt("out"_L1).value_or(since)};
    cursor.knownFrom = momentAt("from"_L1);
    cursor.watchedFrom = momentAt("watched_from"_L1);
    cursor.known = unpacked(json::string(*stored, "told"_L1));
    cursor.watched = unpacked(json::string(*stored, "watched"_L1));
    const QJsonArray marks = stored->value("marks"_L1).toArray();
    for (const QJsonValue &mark : marks)
        cursor.marks.append(mark.toString());
    return cursor;
}

QString textOf(const Cursor &cursor)
{
    QJsonObject text{{"in"_L1, toUnixMs(cursor.readUpTo)}, {"out"_L1, toUnixMs(cursor.sentUpTo)}, {"told"_L1, packed(cursor.known)}, {"watched"_L1, packed(cursor.watched)}};
    if (cursor.knownFrom)
        text.insert("from"_L1, toUnixMs(*cursor.knownFrom));
    if (cursor.watchedFrom)
        text.insert("watched_from"_L1, toUnixMs(*cursor.watchedFrom));
    if (!cursor.marks.isEmpty())
        text.insert("marks"_L1, QJsonArray::fromStringList(cursor.marks));
    return json::toText(text);
}

} // namespace antiphon::twilio
