#include "ui/conversationview/rowcache.h"

#include "ui/conversationview/bubbles/rowlayout.h"
#include "ui/theme/theme.h"

namespace antiphon {

std::shared_ptr<const RowGeometry> RowCache::geometry(quint64 key, quint32 revision, const Message &message, const RowContext &context,
                                                      const RowTraits &traits, const Theme &theme, int width)
{
    if (const Entry *entry = m_entries.object(key); entry && entry->revision == revision && entry->width == width
        && entry->look == theme.generation() && entry->context == context && entry->traits == traits)
        return entry->geometry;
    auto geometry = std::make_shared<const RowGeometry>(layoutRow(message, context, traits, theme, width));
    m_entries.insert(key, new Entry{.revision = revision, .width = width, .look = theme.generation(), .context = context, .traits = traits,
                                    .geometry = geometry});
    return geometry;
}

} // namespace antiphon
