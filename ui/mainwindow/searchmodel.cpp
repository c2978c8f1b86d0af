#include "ui/mainwindow/searchmodel.h"

#include "core/base/logging.h"
#include "ui/contactpanel/contacttext.h"
#include "ui/models/whendone.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
} // namespace

SearchModel::SearchModel(Fetch fetch, QObject *parent)
    : QAbstractListModel(parent)
    , m_fetch(std::move(fetch))
{
}

void SearchModel::setPage(const SearchPage &page)
{
    beginResetModel();
    m_hits = page.items;
    m_cursor = page.nextCursor;
    m_asked.clear();                              // what could not be read may be readable now
    endResetModel();
}

void SearchModel::append(const SearchPage &page)
{
    m_cursor = page.nextCursor;
    if (page.items.isEmpty())
        return;
    beginInsertRows({}, int(m_hits.size()), int(m_hits.size() + page.items.size()) - 1);
    m_hits.append(page.items);
    endInsertRows();
}

void SearchModel::clear()
{
    setPage({});
}

int SearchModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_hits.size());
}

const Conversation *SearchModel::conversation(int row) const
{
    const auto it = m_known.constFind(m_hits.at(row).conversationId);
    return it == m_known.cend() ? nullptr : &*it;
}

QVariant SearchModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const SearchHit &hit = m_hits.at(index.row());
    if (hit.conversationId && !m_known.contains(hit.conversationId))
        know(hit.conversationId);
    const Conversation *of = conversation(index.row());
    const QString who = of ? contactTitle(of->contact) : QString();
    switch (role) {
    case WhoRole: return who;
    case Qt::DisplayRole:
    case Qt::AccessibleTextRole: return who.isEmpty() ? hit.snippet : who + u", "_s + hit.snippet;
    default: return {};
    }
}

void SearchModel::know(ConversationId id) const
{
    if (m_asked.contains(id))
        return;
    m_asked.insert(id);
    auto *self = const_cast<SearchModel *>(this);
    whenDone(m_fetch(id), self, [self, id](const Result<Conversation> &answer) {
        if (!answer) {
            qCWarning(lcUi).noquote() << "conversations.get:" << describe(answer.error());
            return;
        }
        self->m_known.insert(id, *answer);
        if (!self->m_hits.isEmpty())
            emit self->dataChanged(self->index(0), self->index(int(self->m_hits.size()) - 1));
    });
}

} // namespace antiphon
