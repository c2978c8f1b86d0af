#pragma once

#include "core/domain/message.h"

#include <QList>
#include <QString>

namespace antiphon {

/// A text with spans of formatting, ready for a QTextLayout. Never markup: what is in `text` is drawn letter by letter.
struct RichText {
    enum Style { Bold = 1, Italic = 2, Strike = 4, Code = 8, Link = 16, Mention = 32, Spoiler = 64, Quote = 128, Underline = 256 };
    struct Span {
        int start = 0;          ///< UTF-16 units of `text`
        int length = 0;
        int style = 0;          ///< of Style, or-ed
        QString url{};          ///< of a link: http, https, mailto or tel, nothing else
    };

    QString text{};             ///< line breaks as QChar::LineSeparator
    QList<Span> spans{};
    bool isCut = false;         ///< there is more than the cap allowed
};

/// How many UTF-16 units are laid out at first, and after "Show all".
inline constexpr int kTextCap = 3000;
inline constexpr int kExpandedTextCap = 50'000;

/// A customer's text exactly as written, with the entities beside it (offsets in code points); addresses become links.
/// @param cap UTF-16 units at most.
RichText richFromPlain(const QString &content, const QList<TextEntity> &entities, int cap = kTextCap);

/// An agent's CommonMark with `~~`, a safe subset: emphasis, strike, code, links, lists, quotes, headings as bold. HTML and images stay literal.
RichText richFromMarkdown(const QString &content, int cap = kTextCap);

RichText richTextOf(const Message &message, int cap = kTextCap);

/// The address as it may be opened, or nothing: http and https with a host, mailto, tel. Everything else never opens.
std::optional<QString> safeLink(const QString &url);

/// The host of an address as it is on the wire (punycode), so that look-alikes show; empty for mailto and tel.
QString linkHost(const QString &url);

/// Whether the text is nothing but one to three emoji.
bool isEmojiOnly(const QString &text);

/// One line for the eye: breaks and control characters become blanks, bidi overrides a visible mark, at most `most` units and "…".
QString plainLine(const QString &text, int most);

/// What can be drawn without harm: no control characters, no lone surrogates, at most four combining marks on a letter.
QString drawable(const QString &text);

} // namespace antiphon
