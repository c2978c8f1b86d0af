#include "ui/models/conversationlistmodel.h"

#include "ui/models/whendone.h"

#include "core/base/logging.h"

#include <QTimer>

#include <algorithm>
#include <limits>
#include <ranges>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kPage = 50;
constexpr int kFrameMs = 16;

/// @param soon until when a reply window that closes goes first
qint64 sortKey(const Conversation &c, ConversationSort sort, Timestamp soon)
{
    // The greater key stands first.
    switch (sort) {
    case ConversationSort::LastActivity: return toUnixMs(c.lastActivityAt);
    case ConversationSort::Created: return toUnixMs(c.createdAt);
    case ConversationSort::Priority: return qint64(c.priority);
    case ConversationSort::WaitingSince: return c.waitingSince ? -toUnixMs(*c.waitingSince) : std::numeric_limits<qint64>::min();
    case ConversationSort::WindowClosing:
        return c.replyWindow && c.replyWindow->closesAt && c.replyWindow->isOpen ? -toUnixMs(*c.replyWindow->closesAt)
                                                                                 : std::numeric_limits<qint64>::min();
    case ConversationSort::AnswerFirst: {
        const bool isFirst = c.status != Conversation::Status::Resolved && c.waitingSince && c.replyWindow && c.replyWindow->isOpen && c.replyWindow->closesAt
            && *c.replyWindow->closesAt <= soon;
        return isFirst ? std::numeric_limits<qint64>::max() - toUnixMs(*c.replyWindow->closesAt) : toUnixMs(c.lastActivityAt);
    }
    }
    Q_UNREACHABLE();
}

} // namespace

ConversationListModel::ConversationListModel(Fetch fetch, const Clock &clock, QObject *parent)
    : QAbstractListModel(parent), m_fetch(std::move(fetch)), m_clock(clock), m_frame(new QTimer(this))
{
    m_frame->setSingleShot(true);
    m_frame->setInterval(kFrameMs);
    connect(m_frame, &QTimer::timeout, this, &ConversationListModel::flush);
}

void ConversationListModel::setFilter(const ConversationFilter &filter, ConversationSort sort, AgentId me)
{
    m_filter = filter;
    m_sort = sort;
    m_me = me;
    beginResetModel();
    m_items.clear();
    m_rows.clear();
    m_changes.clear();
    m_changedOrder.clear();
    m_loaded = false;
    endResetModel();
    load({});
}

void ConversationListModel::reload()
{
    load({});
}

int ConversationListModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_items.size());
}

QVariant ConversationListModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Conversation &conversation = m_items.at(index.row());
    switch (role) {
    case Qt::DisplayRole: return conversation.contact.name;
    case IdRole: return conversation.id.value();
    case ConversationRole: return QVariant::fromValue(conversation);
    default: return {};
    }
}

int ConversationListModel::rowOf(ConversationId id) const
{
    return m_rows.value(id, -1);
}

const Conversation *ConversationListModel::find(ConversationId id) const
{
    const int row = rowOf(id);
    return row < 0 ? nullptr : &m_items.at(row);
}

bool ConversationListModel::canFetchMore(const QModelIndex &parent) const
{
    return !parent.isValid() && m_loaded && !m_loading && !m_cursor.isEmpty();
}

void ConversationListModel::fetchMore(const QModelIndex &parent)
{
    if (canFetchMore(parent))
        load(m_cursor);
}

void ConversationListModel::load(const QString &cursor)
{
    if (!m_fetch)
        return;
    if (cursor.isEmpty())
        m_soon = m_clock.now() + ConversationFilter::kAnswerFirst;
    m_loading = true;
    m_error.reset();
    emit loadingChanged();
    m_backlog.begin();
    whenDone(m_fetch(m_filter, m_sort, cursor, kPage), this,
             [this, isFirst = cursor.isEmpty(), generation = ++m_generation](const Result<ConversationPage> &page) {
            if (generation != m_generation)
                return;
            m_loading = false;
            if (page) {
                takePage(*page, isFirst);
            } else {
                m_backlog.discard();
                m_error = page.error();
            }
            emit loadingChanged();
        });
}

void ConversationListModel::takePage(const ConversationPage &page, bool isFirst)
{
    m_cursor = page.nextCursor;
    m_loaded = true;
    if (isFirst) {
        beginResetModel();
        m_items = page.items;
        m_rows.clear();
        renumber(0);
        endResetModel();
    } else {
        QList<Conversation> fresh;
        for (const Conversation &conversation : page.items) {
            if (!m_rows.contains(conversation.id))
                fresh.append(conversation);
        }
        if (!fresh.isEmpty()) {
            const int first = int(m_items.size());
            beginInsertRows({}, first, first + int(fresh.size()) - 1);
            m_items.append(fresh);
            renumber(first);
            endInsertRows();
        }
    }
    const QList<Conversation> younger = m_backlog.takeAfter(page.seq);
    for (const Conversation &conversation : younger)
        applyConversation(conversation);
    if (isFirst)
        emit firstPageLoaded();
}

void ConversationListModel::setPointerOver(bool over)
{
    if (m_pointerOver == over)
        return;
    m_pointerOver = over;
    if (!over && !m_changes.isEmpty())
        m_frame->start();
}

void ConversationListModel::applyEvent(const DeskEvent &event)
{
    if (event.type != "conversation.created"_L1 && event.type != "conversation.updated"_L1)
        return;
    const auto conversation = conversationFromJson(event.data);
    if (!conversation) {
        qCWarning(lcUi) << "event" << event.type << describe(conversation.error());
        return;
    }
    m_backlog.add(event.seq, *conversation);
    applyConversation(*conversation);
}

void ConversationListModel::applyConversation(const Conversation &conversation)
{
    if (!m_changes.contains(conversation.id))
        m_changedOrder.append(conversation.id);
    m_changes.insert(conversation.id, conversation);
    if (!m_frame->isActive())
        m_frame->start();
}

void ConversationListModel::flush()
{
    if (!m_loaded)
        return;
    const QList<ConversationId> order = std::exchange(m_changedOrder, {});
    QHash<ConversationId, Conversation> kept;
    for (const ConversationId id : order) {
        const Conversation conversation = m_changes.value(id);
        if (!m_pointerOver) {
            settle(conversation);
            continue;
        }
        // Shown at once where it stands; its place is looked for when the pointer has left.
        if (const int row = rowOf(id); row >= 0) {
            m_items[row] = conversation;
            emit dataChanged(index(row), index(row));
        }
        kept.insert(id, conversation);
        m_changedOrder.append(id);
    }
    m_changes = kept;
}

void ConversationListModel::settle(const Conversation &conversation)
{
    const int row = rowOf(conversation.id);
    if (!matches(conversation)) {
        if (row >= 0)
            removeRow(row);
        return;
    }
    if (row < 0) {
        insert(conversation);
        return;
    }
    const bool fitsBefore = row == 0 || !isBefore(conversation, m_items.at(row - 1));
    const bool fitsAfter = row + 1 == m_items.size() || !isBefore(m_items.at(row + 1), conversation);
    m_items[row] = conversation;
    if (fitsBefore && fitsAfter) {
        emit dataChanged(index(row), index(row));
        return;
    }
    const auto others = std::views::iota(0, int(m_items.size()) - 1);
    const auto place = std::ranges::partition_point(others, [&](int i) { return isBefore(m_items.at(i < row ? i : i + 1), conversation); });
    const int to = int(place - others.begin());
    // Qt counts the destination before the row is taken out.
    if (beginMoveRows({}, row, row, {}, to > row ? to + 1 : to)) {
        m_items.move(row, to);
        renumber(std::min(row, to), std::max(row, to) + 1);
        endMoveRows();
    }
    emit dataChanged(index(to), index(to));
}

void ConversationListModel::insert(const Conversation &conversation)
{
    const auto it = std::lower_bound(m_items.cbegin(), m_items.cend(), conversation,
                                     [this](const Conversation &a, const Conversation &b) { return isBefore(a, b); });
    const int row = int(it - m_items.cbegin());
    if (row == m_items.size() && !m_cursor.isEmpty())
        return;                                    // it belongs to a page that isn't loaded yet
    beginInsertRows({}, row, row);
    m_items.insert(row, conversation);
    renumber(row);
    endInsertRows();
}

void ConversationListModel::removeRow(int row)
{
    beginRemoveRows({}, row, row);
    m_rows.remove(m_items.at(row).id);
    m_items.removeAt(row);
    renumber(row);
    endRemoveRows();
}

void ConversationListModel::renumber(int from, int to)
{
    for (int row = from; row < to; ++row)
        m_rows.insert(m_items.at(row).id, row);
}

bool ConversationListModel::isBefore(const Conversation &a, const Conversation &b) const
{
    const qint64 first = sortKey(a, m_sort, m_soon);
    const qint64 second = sortKey(b, m_sort, m_soon);
    return first != second ? first > second : a.id > b.id;
}

bool ConversationListModel::matches(const Conversation &c) const
{
    if (!m_filter.inboxId.isNull() && c.inboxId != m_filter.inboxId)
        return false;
    if (!m_filter.contactId.isNull() && c.contact.id != m_filter.contactId)
        return false;
    if (!m_filter.statuses.isEmpty() && !m_filter.statuses.contains(c.status))
        return false;
    if (m_filter.priority && c.priority != *m_filter.priority)
        return false;
    if (!m_filter.label.isEmpty() && !c.labels.contains(m_filter.label))
        return false;
    switch (m_filter.assignee) {
    case ConversationFilter::Assignee::Anyone: break;
    case ConversationFilter::Assignee::Me:
        if (c.assigneeId != m_me)
            return false;
        break;
    case ConversationFilter::Assignee::Nobody:
        if (!c.assigneeId.isNull())
            return false;
        break;
    case ConversationFilter::Assignee::Agent:
        if (c.assigneeId != m_filter.assigneeId)
            return false;
        break;
    }
    // Being read doesn't take a card out of "unread" under the reader's eyes: only a card not shown yet must be unread.
    if (m_filter.isUnread && c.unreadCount == 0 && !m_rows.contains(c.id))
        return false;
    if (m_filter.isUnattended && !c.waitingSince)
        return false;
    return !m_filter.isClosingSoon || (c.replyWindow && c.replyWindow->isOpen);
}

} // namespace antiphon
