#pragma once

#include "core/client/deskapi.h"

#include <QHash>
#include <QWidget>

class QVBoxLayout;

namespace antiphon {

class EmptyState;
class InboxCard;
class InboxModel;
class PrimaryButton;
class Theme;

/// The inboxes with their state, and what can be done with each: check, reconnect, rename, switch off, delete.
class InboxSettings : public QWidget {
    Q_OBJECT
public:
    InboxSettings(DeskApi &api, InboxModel &inboxes, const Theme &theme, QWidget *parent = nullptr);

    void showInbox(InboxId inbox);               ///< brings its card into sight

signals:
    void connectRequested();
    void reconnectRequested(antiphon::InboxId inbox);

private:
    void rebuild();
    void check(InboxId id, bool repair = false);
    void syncPhone(InboxId id);
    void rename(InboxId id);
    void toggle(InboxId id);
    void confirmDelete(InboxId id);

    DeskApi &m_api;
    InboxModel &m_inboxes;
    const Theme &m_theme;
    QVBoxLayout *m_column;
    EmptyState *m_empty;
    PrimaryButton *m_add;
    QHash<InboxId, InboxCard *> m_cards;
};

} // namespace antiphon
