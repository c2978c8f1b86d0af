#pragma once

#include <QString>

namespace antiphon::telegram {

/// What an agent wrote, as Telegram takes it.
struct Markup {
    QString html{};              ///< for parse_mode HTML
    QString plain{};             ///< the same without any marks: what the limits count and what goes out where Telegram can't read the marks

    bool isPlain() const { return html == plain; }
};

/// Markdown (CommonMark with ~~ and tables) as Telegram's HTML. What the agent sees as lines are the customer's lines; HTML that was typed arrives as it was
/// typed. @see https://core.telegram.org/bots/api#html-style
Markup renderMarkup(const QString &markdown);

} // namespace antiphon::telegram
