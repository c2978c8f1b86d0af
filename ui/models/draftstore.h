#pragma once

#include "core/client/deskapi.h"

#include <QHash>
#include <QObject>
#include <QSet>

#include <functional>

class QTimer;

namespace antiphon {

/// The agent's unsent texts, one a conversation and mode. Kept at the server 500 ms after the last key; a failed save is tried again
/// with the next one, and `flush` saves at once (another conversation, the end of the program).
class DraftStore : public QObject {
    Q_OBJECT
public:
    using Save = std::function<QFuture<Result<void>>(const Draft &)>;

    explicit DraftStore(Save save, QObject *parent = nullptr);

    void setDrafts(const QList<Draft> &drafts);            ///< as read at the start; what was typed since stays
    QString draft(ConversationId conversation, bool isNote) const;
    bool hasReplyDraft(ConversationId conversation) const;
    void setDraft(ConversationId conversation, bool isNote, const QString &content);
    void flush();
    bool isSaved() const { return m_dirty.isEmpty() && m_underWay == 0; }

signals:
    void draftChanged(antiphon::ConversationId conversation);

private:
    using Key = std::pair<qint64, bool>;

    void save(const Key &key);

    Save m_save;
    QHash<Key, QString> m_drafts;
    QSet<Key> m_dirty;
    QTimer *m_pause;
    int m_underWay = 0;
};

} // namespace antiphon
