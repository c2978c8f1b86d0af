#include "core/server/gate/requesthead.h"

namespace antiphon {

bool equalsIgnoringCase(QByteArrayView a, QByteArrayView b)
{
    return a.size() == b.size() && qstrnicmp(a.data(), a.size(), b.data(), b.size()) == 0;
}

QByteArrayView RequestHead::path() const
{
    const QByteArrayView whole = target();
    const qsizetype mark = whole.indexOf('?');
    return mark < 0 ? whole : whole.first(mark);
}

QByteArrayView RequestHead::query() const
{
    const QByteArrayView whole = target();
    const qsizetype mark = whole.indexOf('?');
    return mark < 0 ? QByteArrayView() : whole.sliced(mark + 1);
}

int RequestHead::count(QByteArrayView name) const
{
    int found = 0;
    for (const Line &line : m_lines)
        found += equalsIgnoringCase(view(line.name), name) ? 1 : 0;
    return found;
}

QByteArrayView RequestHead::value(QByteArrayView name) const
{
    for (const Line &line : m_lines) {
        if (equalsIgnoringCase(view(line.name), name))
            return view(line.value);
    }
    return {};
}

bool RequestHead::hasToken(QByteArrayView name, QByteArrayView token) const
{
    for (const Line &line : m_lines) {
        if (!equalsIgnoringCase(view(line.name), name))
            continue;
        QByteArrayView rest = view(line.value);
        while (!rest.isEmpty()) {
            const qsizetype comma = rest.indexOf(',');
            const QByteArrayView word = comma < 0 ? rest : rest.first(comma);
            if (equalsIgnoringCase(word.trimmed(), token))
                return true;
            rest = comma < 0 ? QByteArrayView() : rest.sliced(comma + 1);
        }
    }
    return false;
}

QList<QPair<QByteArray, QByteArray>> RequestHead::headers() const
{
    QList<QPair<QByteArray, QByteArray>> all;
    all.reserve(headerCount());
    for (const Line &line : m_lines)
        all.emplaceBack(view(line.name).toByteArray(), view(line.value).toByteArray());
    return all;
}

} // namespace antiphon
