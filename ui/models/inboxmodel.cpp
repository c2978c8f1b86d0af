#include "ui/models/inboxmodel.h"

#include "core/base/logging.h"

#include <algorithm>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

bool isBefore(const Inbox &a, const Inbox &b)
{
    const int byName = a.name.localeAwareCompare(b.name);
    return byName != 0 ? byName < 0 : a.id < b.id;
}

} // namespace

InboxModel::InboxModel(QObject *parent) : QAbstractListModel(parent) {}

void InboxModel::setInboxes(const QList<Inbox> &inboxes)
{
    beginResetModel();
    m_inboxes = inboxes;
    std::sort(m_inboxes.begin(), m_inboxes.end(), isBefore);
    endResetModel();
    emit changed();
}

void InboxModel::setUnread(const QHash<InboxId, int> &byInbox)
{
    m_unread = byInbox;
    if (!m_inboxes.isEmpty())
        emit dataChanged(index(0), index(int(m_inboxes.size()) - 1), {UnreadRole});
    emit changed();
}

void InboxModel::applyEvent(const DeskEvent &event)
{
    if (event.type == "inbox.deleted"_L1) {
        const auto id = InboxId::fromString(event.data.value("id"_L1).toString());
        for (int row = 0; id && row < m_inboxes.size(); ++row) {
            if (m_inboxes.at(row).id != *id)
                continue;
            beginRemoveRows({}, row, row);
            m_inboxes.removeAt(row);
            endRemoveRows();
            emit changed();
            return;
        }
        return;
    }
    if (event.type != "inbox.created"_L1 && event.type != "inbox.updated"_L1)
        return;
    const auto inbox = inboxFromJson(event.data);
    if (inbox)
        put(*inbox);
    else
        qCWarning(lcUi) << "event" << event.type << describe(inbox.error());
}

void InboxModel::put(const Inbox &inbox)
{
    for (int row = 0; row < m_inboxes.size(); ++row) {
        if (m_inboxes.at(row).id != inbox.id)
            continue;
        const bool sameName = m_inboxes.at(row).name == inbox.name;
        if (sameName) {
            m_inboxes[row] = inbox;
            emit dataChanged(index(row), index(row));
        } else {
            QList<Inbox> all = m_inboxes;
            all[row] = inbox;
            setInboxes(all);
            return;
        }
        emit changed();
        return;
    }
    const auto it = std::lower_bound(m_inboxes.cbegin(), m_inboxes.cend(), inbox, isBefore);
    const int row = int(it - m_inboxes.cbegin());
    beginInsertRows({}, row, row);
    m_inboxes.insert(row, inbox);
    endInsertRows();
    emit changed();
}

int InboxModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_inboxes.size());
}

QVariant InboxModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const Inbox &inbox = m_inboxes.at(index.row());
    switch (role) {
    case Qt::DisplayRole: return inbox.name;
    case IdRole: return inbox.id.value();
    case ChannelRole: return int(shownChannel(inbox));
    case StateRole: return int(inbox.state);
    case UnreadRole: return m_unread.value(inbox.id);
    default: return {};
    }
}

const Inbox *InboxModel::find(InboxId id) const
{
    const auto it = std::find_if(m_inboxes.cbegin(), m_inboxes.cend(), [id](const Inbox &inbox) { return inbox.id == id; });
    return it == m_inboxes.cend() ? nullptr : &*it;
}

bool speaksWhatsapp(const Inbox &inbox)
{
    return inbox.channel == Channel::Whatsapp
        || (inbox.channel == Channel::Twilio && inbox.settings.value("medium"_L1).toString() == "whatsapp"_L1);
}

std::optional<int> historyProgress(const Inbox &inbox, Timestamp now)
{
    using namespace std::chrono_literals;
    const QJsonObject sync = inbox.settings.value("history_sync"_L1).toObject();
    const auto at = fromRfc3339(sync.value("at"_L1).toString());
    const int percent = sync.value("percent"_L1).toInt(-1);
    if (percent < 0 || percent >= 100 || sync.value("declined"_L1).toBool() || (at && now - *at > 24h))
        return std::nullopt;
    return percent;
}

Channel shownChannel(const Inbox &inbox)
{
    return speaksWhatsapp(inbox) ? Channel::Whatsapp : inbox.channel;
}

} // namespace antiphon
