#pragma once

#include <QString>

namespace antiphon {

/// How a platform writes what the composer's markdown means. An empty mark: the words stay bare.
struct TextMarks {
    QString strong{};
    QString emphasis{};
    QString strike{};
    QString code{};
    QString bullet = QStringLiteral("- ");
    bool keepsQuotes = true;             ///< "> " stays before a quoted line
    bool namesLinks = false;             ///< a link whose label differs is "label (url)", else the url alone
};

/// Markdown (CommonMark with ~~) in a platform's marks. What the agent sees as lines are the customer's lines: blank ones and leading spaces stay,
/// newlines at the end are cut. No mark stands around spaces at its edges or goes on over a line's end. Text without markup comes back as it is.
QString renderMarkdown(const QString &markdown, const TextMarks &marks);

/// Whether `shown`, as a platform tells it, may be what became of `markdown` on its way there: the same letters and digits, whatever the marks. Where there
/// are none (a smiley), the very same text.
bool saysTheSame(const QString &markdown, const QString &shown);

} // namespace antiphon
