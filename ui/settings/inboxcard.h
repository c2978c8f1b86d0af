#pragma once

#include "core/client/deskapi.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace antiphon {

class Pill;
class Theme;

/// One inbox of the settings: name, state, its buttons, and below them what the last check found.
class InboxCard : public QWidget {
    Q_OBJECT
public:
    InboxCard(const Theme &theme, QWidget *parent = nullptr);

    void setInbox(const Inbox &inbox);
    void setBusy(bool busy);
    void showCheck(const Result<DeskCheck> &check);
    void showError(const QString &sentence);

signals:
    void checkRequested();
    void reconnectRequested();
    void renameRequested();
    void toggleRequested();
    void deleteRequested();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void dress();
    static QString noticeText(const QJsonValue &told);
    static QString historyText(const Inbox &inbox);
    void say(const QString &text, bool isError);

    const Theme &m_theme;
    Inbox m_inbox;
    QLabel *m_disc;
    QLabel *m_name;
    QLabel *m_detail;
    QLabel *m_notice;                        ///< what the server wants its owner to know
    Pill *m_state;
    QPushButton *m_check;
    QPushButton *m_reconnect;
    QPushButton *m_rename;
    QPushButton *m_toggle;
    QPushButton *m_delete;
    QLabel *m_result;
    bool m_isError = false;
};

} // namespace antiphon
