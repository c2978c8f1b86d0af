#pragma once

#include <QString>

namespace antiphon::telegram {

/// What an agent wrote, as Telegram takes it.
struct Markup {
    QString html{};              ///< for parse_mode HTML
    QString visible{};           ///< what the customer sees of it: Telegram's limits count its UTF-16 units
    QString bare{};              ///< without marks, addresses of links in brackets: for when Telegram can't read the marks
};

/// Markdown (CommonMark with ~~ and tables) as Telegram's HTML. What the agent sees as lines are the customer's lines, blank ones too; HTML that was typed
/// arrives as it was typed. Any thread. @see https://core.telegram.org/bots/api#html-style
Markup renderMarkup(const QString &markdown);

} // namespace antiphon::telegram
