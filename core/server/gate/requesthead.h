#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QList>
#include <QPair>

#include <vector>

namespace antiphon {

/// Request line and header lines of one HTTP/1.1 request, exactly as they came. Made by HeadParser only, so its syntax is known to be good.
/// Views stay valid as long as the head lives unchanged.
class RequestHead {
public:
    QByteArrayView method() const { return view(m_method); }
    QByteArrayView target() const { return view(m_target); }
    QByteArrayView path() const;    ///< the target up to the first '?', not decoded
    QByteArrayView query() const;   ///< behind the first '?', not decoded; empty where there is none

    qsizetype headerCount() const { return qsizetype(m_lines.size()); }
    QByteArrayView headerName(qsizetype index) const { return view(m_lines[size_t(index)].name); }
    QByteArrayView headerValue(qsizetype index) const { return view(m_lines[size_t(index)].value); }   ///< without blanks around it

    /// How often the header occurs; names compare without case.
    int count(QByteArrayView name) const;
    /// Its first value; empty where it is absent.
    QByteArrayView value(QByteArrayView name) const;
    /// Whether one of the comma-separated words of the header equals `token`, without case.
    bool hasToken(QByteArrayView name, QByteArrayView token) const;

    /// All header lines in their order, repeated ones too.
    QList<QPair<QByteArray, QByteArray>> headers() const;

    qsizetype size() const { return m_raw.size(); }   ///< bytes, the empty line included

private:
    friend class HeadParser;
    struct Span {
        quint16 at = 0;
        quint16 size = 0;
    };
    struct Line {
        Span name{};
        Span value{};
    };
    QByteArrayView view(Span span) const { return QByteArrayView(m_raw).sliced(span.at, span.size); }

    QByteArray m_raw;
    Span m_method;
    Span m_target;
    std::vector<Line> m_lines;
};

/// Compares ASCII text without case.
bool equalsIgnoringCase(QByteArrayView a, QByteArrayView b);

} // namespace antiphon
