#pragma once

#include <QList>

namespace antiphon {

/// Values told by events while a page is on its way: the continuation of an answer runs later than the events behind it,
/// so what is younger than the page is applied again after it.
template <typename T>
class EventBacklog {
public:
    void begin() { m_open = true; }
    void add(qint64 seq, const T &value)
    {
        if (m_open)
            m_entries.append({seq, value});
    }
    /// What came after `seq`, in order; empties the backlog.
    QList<T> takeAfter(qint64 seq)
    {
        QList<T> younger;
        for (const Entry &entry : m_entries) {
            if (entry.seq > seq)
                younger.append(entry.value);
        }
        m_entries.clear();
        m_open = false;
        return younger;
    }

    void discard()
    {
        m_entries.clear();
        m_open = false;
    }

private:
    struct Entry {
        qint64 seq = 0;
        T value{};
    };
    QList<Entry> m_entries;
    bool m_open = false;
};

} // namespace antiphon
