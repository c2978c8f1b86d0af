#pragma once

#include <QJsonArray>
#include <QString>

namespace antiphon::demo {

/// A text with `parse_mode` HTML as Telegram reads it.
struct TelegramText {
    QString text{};
    QJsonArray entities{};              ///< {type, offset, length} in UTF-16 units, with url, language where they have one
    QString error{};                    ///< not empty: "can't parse entities: …", and nothing else is set
};

/// Reads the tags that Telegram documents and refuses everything else: unknown tags and attributes, unknown entities, tags that aren't closed in order, anything but
/// text within code, quotes within quotes.
TelegramText readTelegramHtml(const QString &html);

} // namespace antiphon::demo
