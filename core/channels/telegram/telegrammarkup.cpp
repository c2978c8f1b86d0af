#include "core/channels/telegram/telegrammarkup.h"

namespace antiphon::telegram {

Markup renderMarkup(const QString &markdown)
{
    using namespace Qt::StringLiterals;
    QString plain = markdown;
    while (plain.endsWith(u'\n'))
        plain.chop(1);
    QString html = plain;
    html.replace(u'&', "&amp;"_L1).replace(u'<', "&lt;"_L1).replace(u'>', "&gt;"_L1);
    return {.html = html, .plain = plain};
}

} // namespace antiphon::telegram
