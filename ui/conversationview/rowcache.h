#pragma once

#include "ui/conversationview/bubbles/rowgeometry.h"

#include <QCache>

namespace antiphon {

class Theme;

/// Laid-out rows by (row, revision, width, look, context), as many as a few screens hold.
class RowCache {
public:
    explicit RowCache(int rows = 400) : m_entries(rows) {}

    /// The geometry of a row, laid out anew only where something of its key has changed.
    std::shared_ptr<const RowGeometry> geometry(quint64 key, quint32 revision, const Message &message, const RowContext &context,
                                                const RowTraits &traits, const Theme &theme, int width);
    void clear() { m_entries.clear(); }

private:
    struct Entry {
        quint32 revision = 0;
        int width = 0;
        quint64 look = 0;
        RowContext context{};
        RowTraits traits{};
        std::shared_ptr<const RowGeometry> geometry{};
    };
    QCache<quint64, Entry> m_entries;
};

} // namespace antiphon
