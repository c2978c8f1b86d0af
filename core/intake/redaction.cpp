#include "core/intake/redaction.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>

#include <cmath>

namespace antiphon::redaction {
namespace {
using namespace Qt::StringLiterals;

constexpr int kDeepest = 40;
constexpr double kShortNumber = 9999;

/// Members whose value is a word of the platform's schema and never a person's.
bool holdsWords(const QString &key)
{
    static const QSet<QString> keys{u"type"_s,     u"event"_s,  u"kind"_s,   u"message_type"_s, u"object"_s,      u"field"_s,   u"status"_s,
                                    u"role"_s,     u"source"_s, u"mode"_s,   u"action"_s,       u"content_type"_s, u"format"_s, u"conversation_type"_s,
                                    u"mime_type"_s, u"messaging_product"_s,  u"operation"_s};
    return keys.contains(key);
}

bool looksLikeWord(const QString &value)
{
    static const QRegularExpression word(u"\\A[A-Za-z_./-]{1,40}\\z"_s);
    return word.match(value).hasMatch();
}

bool looksLikeSchema(const QString &key)
{
    static const QRegularExpression name(u"\\A[a-z][A-Za-z_-]{0,39}[0-9]{0,2}\\z"_s);
    return name.match(key).hasMatch();
}

bool holdsTime(const QString &key)
{
    return key.contains("time"_L1, Qt::CaseInsensitive) || key == "date"_L1 || key.endsWith("_at"_L1) || key.endsWith("_ts"_L1) || key == "ts"_L1;
}

bool looksLikeTime(double seconds)
{
    constexpr double k2010 = 1262304000;
    constexpr double k2100 = 4102444800;
    return (seconds >= k2010 && seconds < k2100) || (seconds >= k2010 * 1000 && seconds < k2100 * 1000);
}

QJsonValue masked(const QString &key, const QJsonValue &value, int depth);

QJsonObject maskedObject(const QJsonObject &object, int depth)
{
    QJsonObject out;
    int foreign = 0;
    for (auto it = object.begin(); it != object.end(); ++it)
        out.insert(looksLikeSchema(it.key()) ? it.key() : u"<key %1>"_s.arg(++foreign), masked(it.key(), it.value(), depth + 1));
    return out;
}

QJsonArray maskedArray(const QString &key, const QJsonArray &array, int depth)
{
    QJsonArray out;
    for (const QJsonValue &value : array)
        out.append(masked(key, value, depth + 1));
    return out;
}

QString maskedText(const QString &key, const QString &text, int depth)
{
    if (holdsWords(key) && looksLikeWord(text))
        return text;
    if (text.startsWith(u'{') || text.startsWith(u'[')) {
        const QJsonDocument inner = QJsonDocument::fromJson(text.toUtf8());
        if (inner.isObject())
            return QString::fromUtf8(QJsonDocument(maskedObject(inner.object(), depth)).toJson(QJsonDocument::Compact));
        if (inner.isArray())
            return QString::fromUtf8(QJsonDocument(maskedArray(key, inner.array(), depth)).toJson(QJsonDocument::Compact));
    }
    return u"<text, %1>"_s.arg(text.size());
}

QJsonValue masked(const QString &key, const QJsonValue &value, int depth)
{
    if (depth > kDeepest)
        return u"<deeper>"_s;
    switch (value.type()) {
    case QJsonValue::Object: return maskedObject(value.toObject(), depth);
    case QJsonValue::Array: return maskedArray(key, value.toArray(), depth);
    case QJsonValue::String: return maskedText(key, value.toString(), depth);
    case QJsonValue::Double: {
        const double number = value.toDouble();
        if (std::abs(number) <= kShortNumber && number == std::floor(number))
            return value;
        if (holdsTime(key) && looksLikeTime(number))
            return value;
        return u"<number, %1>"_s.arg(QString::number(number, 'f', 0).size());
    }
    case QJsonValue::Bool:
    case QJsonValue::Null:
    case QJsonValue::Undefined: break;
    }
    return value;
}

/// The shape of what can't be read: where the brackets and commas stand is what a bug report needs.
QByteArray outline(const QByteArray &raw)
{
    QByteArray out = raw;
    for (char &c : out) {
        const auto byte = static_cast<unsigned char>(c);
        if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'))
            c = 'a';
        else if (byte >= '0' && byte <= '9')
            c = '0';
        else if ((byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte > 0x7e)
            c = '?';
    }
    return out;
}

} // namespace

QByteArray body(const QByteArray &raw, qsizetype longest)
{
    const QJsonDocument document = QJsonDocument::fromJson(raw);
    QByteArray out;
    if (document.isObject())
        out = QJsonDocument(maskedObject(document.object(), 0)).toJson(QJsonDocument::Indented);
    else if (document.isArray())
        out = QJsonDocument(maskedArray({}, document.array(), 0)).toJson(QJsonDocument::Indented);
    else
        out = outline(raw.left(longest + 1));
    if (out.size() <= longest)
        return out;
    return out.left(longest) + "\n<cut>";
}

QString sentence(const QString &text)
{
    static const QRegularExpression quoted(u"\"[^\"]*\"|“[^”]*”|'[^']*'|`[^`]*`"_s);
    static const QRegularExpression digits(u"[0-9](?:[ .()/-]?[0-9]){4,}"_s);
    static const QRegularExpression address(u"\\S+@\\S+"_s);
    QString out = text.left(500);
    out.replace(quoted, u"<text>"_s);
    out.replace(address, u"<address>"_s);
    out.replace(digits, u"<number>"_s);
    return out;
}

QString path(const QString &path)
{
    QStringList parts = path.section(u'?', 0, 0).left(500).split(u'/');
    for (QString &part : parts) {
        if (!part.isEmpty() && (!looksLikeWord(part) || part.size() > 24))
            part = u"<id>"_s;
    }
    return parts.join(u'/');
}

} // namespace antiphon::redaction
