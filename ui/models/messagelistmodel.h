#pragma once

#include "core/client/deskapi.h"
#include "ui/models/eventbacklog.h"

#include <QHash>
#include <QObject>

#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

namespace antiphon {

/// The rows of one conversation, oldest first: pages around an anchor, live changes, and messages that aren't stored yet.
/// A row keeps its `key` for life, also when the stored message takes the place of the one just written, so views never flicker.
class MessageListModel : public QObject {
    Q_OBJECT
public:
    struct Row {
        quint64 key = 0;
        quint32 revision = 0;          ///< grows with every change of the message
        Message message{};             ///< a null id: not stored yet, known by its clientId
    };
    using Fetch = std::function<QFuture<Result<MessagePage>>(ConversationId, const MessageAnchor &, int limit)>;

    explicit MessageListModel(Fetch fetch, QObject *parent = nullptr);
    ~MessageListModel() override;

    /// Shows a conversation from its newest messages, or around one of them.
    void open(ConversationId conversation, MessageId around = {});
    void close();
    ConversationId conversation() const { return m_conversation; }

    int count() const { return int(m_rows.size()); }
    const Row &row(int index) const { return *m_rows[size_t(index)]; }
    int indexOf(MessageId id) const;              ///< -1 where it isn't loaded
    int indexOfKey(quint64 key) const;
    bool hasMoreBefore() const { return m_hasMoreBefore; }
    bool hasMoreAfter() const { return m_hasMoreAfter; }
    bool isLoading() const { return m_loading; }
    /// What the last load failed with; cleared by the next one.
    const std::optional<Error> &error() const { return m_error; }

    void fetchBefore();
    void fetchAfter();
    /// Makes the message a row (loads around it where it isn't one) and says `jumpReady`.
    void jumpTo(MessageId id);
    void jumpToNewest();
    void reload();

    /// A message just written: status Queued, a clientId, no id. Stays the last row until the stored one replaces it.
    void addOptimistic(Message message);
    /// The send call was refused: the row stays, failed, with its reason.
    void failOptimistic(const QString &clientId, const Error &error);
    void removeOptimistic(const QString &clientId);

    /// message.created and message.updated of this conversation; everything else is ignored.
    void applyEvent(const DeskEvent &event);
    void applyMessage(const Message &message);
    /// The rows of a page that was read elsewhere (tests, benches).
    void setPage(ConversationId conversation, const MessagePage &page);

signals:
    void reset();
    void inserted(int first, int count);
    void removed(int first, int count);
    void changed(int index);
    void loadingChanged();
    void jumpReady(antiphon::MessageId id);

private:
    using RowPtr = std::shared_ptr<Row>;

    void load(const MessageAnchor &anchor);
    void takePage(const MessageAnchor &anchor, const MessagePage &page);
    void replaceAll(const MessagePage &page);
    void merge(const QList<Message> &messages);
    void clearRows();
    int place(const Message &message) const;
    void insertRow(RowPtr row);
    void replaceMessage(int index, const Message &message);
    bool isInsideLoaded(const Message &message) const;
    RowPtr makeRow(const Message &message);

    Fetch m_fetch;
    ConversationId m_conversation;
    std::vector<RowPtr> m_rows;
    QHash<MessageId, RowPtr> m_byId;
    QHash<quint64, RowPtr> m_byKey;
    QHash<QString, RowPtr> m_waiting;             // not stored yet, by clientId
    EventBacklog<Message> m_backlog;
    std::optional<Error> m_error;
    MessageId m_jumpTarget;
    quint64 m_nextKey = 1;
    quint64 m_generation = 0;                     // answers of an older one are dropped
    bool m_hasMoreBefore = false;
    bool m_hasMoreAfter = false;
    bool m_loading = false;
};

} // namespace antiphon
