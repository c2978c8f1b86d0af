#pragma once

#include "core/client/deskapi.h"

#include <QWidget>

class QBoxLayout;
class QLabel;

namespace antiphon {

class Theme;

/// Whom somebody has blocked, each with a button that takes it back.
class BlockedCustomers : public QWidget {
    Q_OBJECT
public:
    BlockedCustomers(DeskApi &api, const Theme &theme, QWidget *parent = nullptr);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void read();
    void readPage(const QString &cursor);
    void showNote();
    void showRows();
    void unblock(ContactId id);
    void dress();

    DeskApi &m_api;
    const Theme &m_theme;
    QLabel *m_note;
    QBoxLayout *m_rows;
    QList<Contact> m_contacts;
    QList<Contact> m_coming;             // while the pages come in
    bool m_isReading = false;
    bool m_isOutdated = false;           // something changed since they were asked for
};

} // namespace antiphon
