#include "tests/house/channelnames.h"

#include <QRegularExpression>

#include <algorithm>

namespace antiphon::test {
using namespace Qt::StringLiterals;
namespace {

/// One text literal, comment, or stretch of code.
const QRegularExpression &token()
{
    static const QRegularExpression pattern(u"R\"([^()\\\\\\s]*)\\((?<raw>.*?)\\)\\1\""
                                            "|\"(?<text>(?:[^\"\\\\\\n]|\\\\.)*)\""
                                            "|'(?:[^'\\\\\\n]|\\\\.)+'"
                                            "|//[^\\n]*|/\\*.*?\\*/"
                                            "|^[ \\t]*#[ \\t]*include[^\\n]*"
                                            "|\\bChannel::(?<member>[A-Za-z]+)"_s,
                                            QRegularExpression::DotMatchesEverythingOption | QRegularExpression::MultilineOption);
    return pattern;
}

} // namespace

ChannelNames::ChannelNames(const QString &header)
{
    static const QRegularExpression members(u"enum class Channel \\{([^}]*)\\}"_s);
    const QStringList listed = members.match(header).captured(1).split(u',', Qt::SkipEmptyParts);
    for (const QString &name : listed)
        m_names.append(name.trimmed());
}

bool ChannelNames::isNamed(const QString &text) const
{
    return std::any_of(m_names.begin(), m_names.end(), [&text](const QString &name) {
        // A word of everyday's, too: there only as the platform writes it, or as a name of its own.
        const bool isWord = name == "Line"_L1;
        const QString pattern = isWord ? u"\\bLINE\\b|^line$|[/-]line\\b|\\bline[._-]"_s : u"(?<![a-z])(?i:%1)(?![a-z])"_s.arg(name);
        return QRegularExpression(pattern).match(text).hasMatch();
    });
}

QStringList ChannelNames::placesIn(const QString &source) const
{
    QStringList places;
    for (auto matches = token().globalMatch(source); matches.hasNext();) {
        const auto match = matches.next();
        const QString member = match.captured(u"member"_s);
        const QString text = match.captured(u"text"_s) + match.captured(u"raw"_s);
        if (!m_names.contains(member) && !isNamed(text))
            continue;
        const auto line = QStringView(source).first(match.capturedStart()).count(u'\n') + 1;
        places.append(u"%1: %2"_s.arg(line).arg(match.captured()));
    }
    return places;
}

} // namespace antiphon::test
