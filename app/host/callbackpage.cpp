#include "app/host/callbackpage.h"

namespace antiphon {

QByteArray callbackPage(const QString &title, const QString &text)
{
    const QString page = QStringLiteral("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Antiphon</title>"
                                        "<meta name=\"viewport\" content=\"width=device-width\"><meta name=\"referrer\" content=\"no-referrer\">"
                                        "<style>body{font:16px/1.5 sans-serif;max-width:32em;margin:15vh auto;padding:0 1em;color:#1a2226;background:#fff}"
                                        "@media(prefers-color-scheme:dark){body{color:#e7ecee;background:#1e2326}}</style></head>"
                                        "<body><h1>%1</h1><p>%2</p></body></html>");
    return page.arg(title.toHtmlEscaped(), text.toHtmlEscaped()).toUtf8();
}

} // namespace antiphon
