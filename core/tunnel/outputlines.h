#pragma once

#include <QByteArray>
#include <QStringList>

namespace antiphon {

/// Makes lines of what a tool prints: pieces of any length, with colours and progress marks, or rubbish. Holds at most one line of
/// 4 KiB; what is longer is cut there.
class OutputLines {
public:
    /// The lines that `piece` completes, without terminal codes and control characters; empty ones are left out.
    QStringList take(const QByteArray &piece);
    QStringList finish();                       ///< what stands there without an end

private:
    void flush(QStringList &lines);

    QByteArray m_line;
};

} // namespace antiphon
