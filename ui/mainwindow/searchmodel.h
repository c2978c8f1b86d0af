#pragma once

#include "core/client/deskapi.h"

#include <QAbstractListModel>
#include <QHash>
#include <QSet>

#include <functional>

namespace antiphon {

/// The hits of a search. A hit knows its conversation by id only, so who it was is asked for when a row is first shown.
class SearchModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { HitRole = Qt::UserRole + 1, WhoRole };
    using Fetch = std::function<QFuture<Result<Conversation>>(ConversationId)>;

    explicit SearchModel(Fetch fetch, QObject *parent = nullptr);

    void setPage(const SearchPage &page);
    void append(const SearchPage &page);
    void clear();
    QString nextCursor() const { return m_cursor; }

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;    ///< DisplayRole: the row in words
    const SearchHit &at(int row) const { return m_hits.at(row); }
    /// The conversation of a row, where it is known by now.
    const Conversation *conversation(int row) const;

private:
    void know(ConversationId id) const;

    Fetch m_fetch;
    QList<SearchHit> m_hits;
    mutable QHash<ConversationId, Conversation> m_known;
    mutable QSet<ConversationId> m_asked;
    QString m_cursor;
};

} // namespace antiphon
