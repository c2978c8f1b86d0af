#include "core/net/contentdisposition.h"

#include <QList>

namespace antiphon {

namespace {
using namespace Qt::StringLiterals;

constexpr qsizetype kLongestName = 120;

struct Parameter {
    QByteArray name{};
    QByteArray value{};
};

/// From behind a ";" at `at` on; `at` ends at the next ";" or the end. A value may be quoted, with "\" before a character that stands for itself.
Parameter nextParameter(const QByteArray &header, qsizetype *at)
{
    Parameter found;
    while (*at < header.size() && header.at(*at) != '=' && header.at(*at) != ';')
        found.name += header.at((*at)++);
    found.name = found.name.trimmed().toLower();
    if (*at >= header.size() || header.at(*at) == ';')
        return found;
    ++*at;
    while (*at < header.size() && header.at(*at) == ' ')
        ++*at;
    const bool isQuoted = *at < header.size() && header.at(*at) == '"';
    if (isQuoted)
        ++*at;
    for (; *at < header.size() && header.at(*at) != (isQuoted ? '"' : ';'); ++*at) {
        if (isQuoted && header.at(*at) == '\\' && *at + 1 < header.size())
            ++*at;
        found.value += header.at(*at);
    }
    while (*at < header.size() && header.at(*at) != ';')
        ++*at;
    if (!isQuoted)
        found.value = found.value.trimmed();
    return found;
}

/// "UTF-8'en'r%C3%A9sum%C3%A9.pdf"; other character sets than UTF-8 tell nothing.
QString extendedValue(const QByteArray &value)
{
    const QList<QByteArray> parts = value.split('\'');
    return parts.size() == 3 && parts.at(0).toLower() == "utf-8" ? QString::fromUtf8(QByteArray::fromPercentEncoding(parts.at(2))) : QString();
}

QString cleaned(const QString &given)
{
    QString name;
    for (const QChar c : given) {
        const bool isBad = c == u'/' || c == u'\\' || c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
        name += isBad ? QChar(u'_') : c;
    }
    name = name.trimmed().right(kLongestName);
    return name == "."_L1 || name == ".."_L1 ? QString() : name;
}

} // namespace

QString dispositionFileName(const QByteArray &header)
{
    QString plain;
    for (qsizetype at = header.indexOf(';'); at >= 0 && at < header.size();) {
        ++at;
        const Parameter found = nextParameter(header, &at);
        if (found.name == "filename*") {
            if (const QString name = cleaned(extendedValue(found.value)); !name.isEmpty())
                return name;
        } else if (found.name == "filename" && plain.isEmpty()) {
            plain = cleaned(QString::fromUtf8(found.value));
        }
    }
    return plain;
}

} // namespace antiphon
