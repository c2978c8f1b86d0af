#pragma once

#include "core/base/mailbox.h"
#include "core/store/writer.h"

#include <QObject>

#include <deque>

namespace antiphon {

/// The newest changes in memory, for the sessions of the net thread. What isn't here any more stands in the table.
class ChangeFeed : public QObject {
    Q_OBJECT
public:
    static constexpr size_t kKept = 8192;

    /// Listens to the Writer from now on. Lives in the net thread; destroy it after the Writer has stopped or in the same thread.
    explicit ChangeFeed(Writer &writer, QObject *parent = nullptr);
    ~ChangeFeed() override;

    qint64 head() const { return m_head; }                       ///< the newest change that is known here
    void noteHead(qint64 seq);                                   ///< somebody read it from the table

    /// The changes behind `seq`, at most `limit`; nothing where the ring doesn't reach back that far.
    std::optional<std::vector<NumberedChange>> after(qint64 seq, size_t limit) const;

signals:
    void advanced();
    void conversationsChanged();                                 ///< among them some of a conversation

private:
    void append(const std::vector<NumberedChange> &changes);

    Writer &m_writer;
    Mailbox m_mailbox;
    std::deque<NumberedChange> m_ring;
    qint64 m_head = 0;
};

} // namespace antiphon
