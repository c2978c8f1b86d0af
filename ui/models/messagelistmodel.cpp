#include "ui/models/messagelistmodel.h"

#include "ui/models/whendone.h"

#include "core/base/logging.h"
#include "core/domain/wire.h"

#include <algorithm>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kPage = 60;

/// Platform time, then the order of arrival (ids rise with it); what isn't stored yet stands last.
bool isBefore(const Message &a, const Message &b)
{
    if (a.id.isNull() != b.id.isNull())
        return b.id.isNull();
    if (a.createdAt != b.createdAt)
        return a.createdAt < b.createdAt;
    return a.id < b.id;
}

} // namespace

MessageListModel::MessageListModel(Fetch fetch, QObject *parent) : QObject(parent), m_fetch(std::move(fetch)) {}

MessageListModel::~MessageListModel() = default;

void MessageListModel::open(ConversationId conversation, MessageId around)
{
    clearRows();
    m_waiting.clear();
    m_conversation = conversation;
    m_hasMoreBefore = m_hasMoreAfter = false;
    emit reset();
    m_jumpTarget = around;
    load(around.isNull() ? MessageAnchor{} : MessageAnchor{MessageAnchor::Kind::Around, around});
}

void MessageListModel::close()
{
    clearRows();
    m_waiting.clear();
    m_conversation = {};
    ++m_generation;
    m_loading = m_hasMoreBefore = m_hasMoreAfter = false;
    emit reset();
    emit loadingChanged();
}

void MessageListModel::clearRows()
{
    m_rows.clear();
    m_byId.clear();
    m_byKey.clear();
}

void MessageListModel::reload()
{
    if (!m_conversation.isNull())
        load({});
}

void MessageListModel::jumpToNewest()
{
    if (m_hasMoreAfter)
        load({});
}

void MessageListModel::fetchBefore()
{
    if (m_hasMoreBefore && !m_loading && !m_rows.empty())
        load({MessageAnchor::Kind::Before, m_rows.front()->message.id});
}

void MessageListModel::fetchAfter()
{
    if (!m_hasMoreAfter || m_loading)
        return;
    for (auto it = m_rows.rbegin(); it != m_rows.rend(); ++it) {
        if (!(*it)->message.id.isNull()) {
            load({MessageAnchor::Kind::After, (*it)->message.id});
            return;
        }
    }
}

void MessageListModel::jumpTo(MessageId id)
{
    if (m_byId.contains(id)) {
        emit jumpReady(id);
        return;
    }
    m_jumpTarget = id;
    load({MessageAnchor::Kind::Around, id});
}

void MessageListModel::load(const MessageAnchor &anchor)
{
    if (!m_fetch || m_conversation.isNull())
        return;
    m_loading = true;
    m_error.reset();
    emit loadingChanged();
    m_backlog.begin();
    whenDone(m_fetch(m_conversation, anchor, kPage), this, [this, anchor, generation = ++m_generation](const Result<MessagePage> &page) {
        if (generation != m_generation)
            return;
        m_loading = false;
        if (page) {
            takePage(anchor, *page);
        } else {
            m_backlog.discard();
            m_error = page.error();
        }
        emit loadingChanged();
    });
}

void MessageListModel::takePage(const MessageAnchor &anchor, const MessagePage &page)
{
    switch (anchor.kind) {
    case MessageAnchor::Kind::Newest:
    case MessageAnchor::Kind::Around: replaceAll(page); break;
    case MessageAnchor::Kind::Before:
        m_hasMoreBefore = page.hasMoreBefore;
        merge(page.items);
        break;
    case MessageAnchor::Kind::After:
        m_hasMoreAfter = page.hasMoreAfter;
        merge(page.items);
        break;
    }
    const QList<Message> younger = m_backlog.takeAfter(page.seq);
    for (const Message &message : younger)
        applyMessage(message);
    if (const MessageId target = std::exchange(m_jumpTarget, {}); m_byId.contains(target))
        emit jumpReady(target);
}

void MessageListModel::setPage(ConversationId conversation, const MessagePage &page)
{
    m_conversation = conversation;
    replaceAll(page);
}

void MessageListModel::replaceAll(const MessagePage &page)
{
    // Rows that stay keep their keys, so a reload after a reconnect moves nothing.
    const QHash<MessageId, RowPtr> before = m_byId;
    clearRows();
    m_rows.reserve(size_t(page.items.size()));
    m_byId.reserve(page.items.size());
    m_byKey.reserve(page.items.size());
    for (const Message &message : page.items) {
        RowPtr row = before.value(message.id);
        if (const RowPtr waiting = message.clientId.isEmpty() ? nullptr : m_waiting.take(message.clientId))
            row = waiting;
        if (row) {
            row->message = message;
            ++row->revision;
        } else {
            row = makeRow(message);
        }
        m_rows.push_back(row);
        m_byId.insert(message.id, row);
        m_byKey.insert(row->key, row);
    }
    // A page comes in order; sorting what is sorted would be most of the time a large one takes.
    const auto byOrder = [](const RowPtr &a, const RowPtr &b) { return isBefore(a->message, b->message); };
    if (!std::is_sorted(m_rows.begin(), m_rows.end(), byOrder))
        std::stable_sort(m_rows.begin(), m_rows.end(), byOrder);
    for (const RowPtr &row : std::as_const(m_waiting)) {
        m_rows.push_back(row);
        m_byKey.insert(row->key, row);
    }
    m_hasMoreBefore = page.hasMoreBefore;
    m_hasMoreAfter = page.hasMoreAfter;
    emit reset();
}

void MessageListModel::merge(const QList<Message> &messages)
{
    std::vector<RowPtr> fresh;
    for (const Message &message : messages) {
        if (m_byId.contains(message.id) || (!message.clientId.isEmpty() && m_waiting.contains(message.clientId)))
            applyMessage(message);
        else
            fresh.push_back(makeRow(message));
    }
    if (fresh.empty())
        return;
    std::stable_sort(fresh.begin(), fresh.end(), [](const RowPtr &a, const RowPtr &b) { return isBefore(a->message, b->message); });
    const int at = place(fresh.front()->message);
    const bool isOneRun = at == count() || isBefore(fresh.back()->message, row(at).message);
    if (!isOneRun) {
        for (const RowPtr &row : fresh)
            insertRow(row);
        return;
    }
    for (const RowPtr &row : fresh) {
        m_byId.insert(row->message.id, row);
        m_byKey.insert(row->key, row);
    }
    m_rows.insert(m_rows.begin() + at, fresh.begin(), fresh.end());
    emit inserted(at, int(fresh.size()));
}

MessageListModel::RowPtr MessageListModel::makeRow(const Message &message)
{
    return std::make_shared<Row>(Row{.key = m_nextKey++, .revision = 0, .message = message});
}

int MessageListModel::place(const Message &message) const
{
    const auto it = std::upper_bound(m_rows.begin(), m_rows.end(), message,
                                     [](const Message &value, const RowPtr &row) { return isBefore(value, row->message); });
    return int(it - m_rows.begin());
}

int MessageListModel::indexOf(MessageId id) const
{
    const RowPtr row = m_byId.value(id);
    return row ? indexOfKey(row->key) : -1;
}

int MessageListModel::indexOfKey(quint64 key) const
{
    const RowPtr row = m_byKey.value(key);
    if (!row)
        return -1;
    auto it = std::lower_bound(m_rows.begin(), m_rows.end(), row->message,
                               [](const RowPtr &other, const Message &value) { return isBefore(other->message, value); });
    while (it != m_rows.end() && *it != row)       // several rows that aren't stored may share a time
        ++it;
    return it == m_rows.end() ? -1 : int(it - m_rows.begin());
}

void MessageListModel::insertRow(RowPtr row)
{
    const int at = place(row->message);
    if (!row->message.id.isNull())
        m_byId.insert(row->message.id, row);
    m_byKey.insert(row->key, row);
    m_rows.insert(m_rows.begin() + at, std::move(row));
    emit inserted(at, 1);
}

void MessageListModel::replaceMessage(int index, const Message &message)
{
    const RowPtr row = m_rows[size_t(index)];
    const bool fitsBefore = index == 0 || !isBefore(message, m_rows[size_t(index) - 1]->message);
    const bool fitsAfter = index + 1 == count() || !isBefore(m_rows[size_t(index) + 1]->message, message);
    row->message = message;
    ++row->revision;
    if (!message.id.isNull())
        m_byId.insert(message.id, row);
    if (fitsBefore && fitsAfter) {
        emit changed(index);
        return;
    }
    m_rows.erase(m_rows.begin() + index);
    m_byKey.remove(row->key);
    emit removed(index, 1);
    insertRow(row);
}

bool MessageListModel::isInsideLoaded(const Message &message) const
{
    if (m_rows.empty())
        return !m_hasMoreBefore && !m_hasMoreAfter;
    if (m_hasMoreBefore && isBefore(message, m_rows.front()->message))
        return false;
    if (!m_hasMoreAfter)
        return true;
    for (auto it = m_rows.rbegin(); it != m_rows.rend(); ++it) {
        if (!(*it)->message.id.isNull())
            return isBefore(message, (*it)->message);
    }
    return false;
}

void MessageListModel::applyEvent(const DeskEvent &event)
{
    if (event.type != "message.created"_L1 && event.type != "message.updated"_L1)
        return;
    if (wire::idOrNull<ConversationId>(event.data, "conversation_id"_L1) != m_conversation)
        return;                                    // of most there is nothing to see
    const auto message = messageFromJson(event.data);
    if (!message) {
        qCWarning(lcUi) << "event" << event.type << describe(message.error());
        return;
    }
    m_backlog.add(event.seq, *message);
    applyMessage(*message);
}

void MessageListModel::applyMessage(const Message &message)
{
    if (const int known = indexOf(message.id); known >= 0) {
        replaceMessage(known, message);
        return;
    }
    if (const RowPtr waiting = message.clientId.isEmpty() ? nullptr : m_waiting.take(message.clientId)) {
        if (const int index = indexOfKey(waiting->key); index >= 0) {
            replaceMessage(index, message);
            return;
        }
    }
    if (isInsideLoaded(message))
        insertRow(makeRow(message));
}

void MessageListModel::addOptimistic(Message message)
{
    Q_ASSERT(message.id.isNull() && !message.clientId.isEmpty());
    if (m_waiting.contains(message.clientId))
        return;
    RowPtr row = makeRow(message);
    m_waiting.insert(message.clientId, row);
    insertRow(std::move(row));
    jumpToNewest();              // it stands at the end, so what lies between must not be missing
}

void MessageListModel::failOptimistic(const QString &clientId, const Error &error)
{
    const RowPtr waiting = m_waiting.value(clientId);
    const int index = waiting ? indexOfKey(waiting->key) : -1;
    if (index < 0)
        return;
    Message message = waiting->message;
    message.status = MessageStatus::Failed;
    message.externalError = ExternalError{.code = errorKindName(error.kind), .text = error.detail, .retryable = true};
    replaceMessage(index, message);
}

void MessageListModel::removeOptimistic(const QString &clientId)
{
    const RowPtr waiting = m_waiting.take(clientId);
    const int index = waiting ? indexOfKey(waiting->key) : -1;
    if (index < 0)
        return;
    m_rows.erase(m_rows.begin() + index);
    m_byKey.remove(waiting->key);
    emit removed(index, 1);
}

} // namespace antiphon
