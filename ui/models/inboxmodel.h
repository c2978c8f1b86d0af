#pragma once

#include "core/client/deskapi.h"

#include <QAbstractListModel>

#include <functional>

namespace antiphon {

/// All inboxes by name, with how many of their conversations have something unread.
class InboxModel : public QAbstractListModel {
    Q_OBJECT
public:
    enum Role { IdRole = Qt::UserRole + 1, ChannelRole, StateRole, UnreadRole };

    explicit InboxModel(QObject *parent = nullptr);

    void setInboxes(const QList<Inbox> &inboxes);
    void setUnread(const QHash<InboxId, int> &byInbox);
    void applyEvent(const DeskEvent &event);                ///< inbox.created, inbox.updated, inbox.deleted

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

    const Inbox &at(int row) const { return m_inboxes.at(row); }
    const Inbox *find(InboxId id) const;                    ///< null where there is none

signals:
    void changed();                                         ///< anything

private:
    void put(const Inbox &inbox);

    QList<Inbox> m_inboxes;
    QHash<InboxId, int> m_unread;
};

/// Whether an inbox speaks WhatsApp: its own channel, or Twilio with that medium. Decides about templates, windows and the disc.
bool speaksWhatsapp(const Inbox &inbox);

/// How far the owner's older messages have come in, in percent: nothing where none come, all are here, or nothing more has come for a day.
std::optional<int> historyProgress(const Inbox &inbox, Timestamp now);

/// The channel whose disc and name are shown for an inbox.
Channel shownChannel(const Inbox &inbox);

} // namespace antiphon
