#include "core/tunnel/outputlines.h"

#include <QRegularExpression>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr qsizetype kLongestLine = 4096;

QString cleaned(const QByteArray &line)
{
    // CSI sequences, OSC sequences with their end, and two-character escapes (ECMA-48).
    static const QRegularExpression codes(u"\\x1b\\[[0-?]*[ -/]*[@-~]|\\x1b\\][^\\x07\\x1b]*(\\x07|\\x1b\\\\)?|\\x1b[@-Z\\\\-_]"_s);
    QString text = QString::fromUtf8(line);
    text.remove(codes);
    text.removeIf([](QChar c) { return c.category() == QChar::Other_Control && c != u'\t'; });
    return text.trimmed();
}

} // namespace

QStringList OutputLines::take(const QByteArray &piece)
{
    QStringList lines;
    for (const char c : piece) {
        if (c == '\n' || c == '\r')
            flush(lines);
        else if (m_line.size() < kLongestLine)
            m_line.append(c);
    }
    return lines;
}

QStringList OutputLines::finish()
{
    QStringList lines;
    flush(lines);
    return lines;
}

void OutputLines::flush(QStringList &lines)
{
    if (const QString text = cleaned(m_line); !text.isEmpty())
        lines.append(text);
    m_line.clear();
}

} // namespace antiphon
