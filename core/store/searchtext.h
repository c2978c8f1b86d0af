#pragma once

#include <QString>
#include <QStringList>

/// What the search index makes of text. Pure. Words of scripts with spaces are words; runs of Chinese, Japanese, Korean, Thai, Lao, Khmer and
/// Burmese become overlapping pairs of characters ("日本語" is 日本 本語 語), since nobody writes spaces there: any part of a run is found, one character too.
namespace antiphon::searchtext {

/// The words and pairs to index: case and width folded ("Straße" is strasse, "ＡＢＣ" is abc).
QString indexed(const QString &text);

/// The FTS5 query of what somebody typed: its words, all of which must be there, the last one also as the beginning of a word. Every word stands in quotes,
/// so nothing typed is ever query syntax. Empty where there is no word in it.
QString matchExpression(const QString &typed);

/// About 160 characters of `text` around the first of the words typed; plain text in one line.
QString snippet(const QString &text, const QString &typed);

} // namespace antiphon::searchtext
