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
    void showDone(const QString &sentence);

signals:
    void checkRequested();
    void takeOverRequested(const QString &from);     ///< the agent agreed: the installation at this address gets no more messages
    void syncRequested();                            ///< of the contacts and the history that the owner's phone has
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
    static QString syncText(const Inbox &inbox);
    void confirmTakeOver();
    void say(const QString &text, bool isError);

    const Theme &m_theme;
    Inbox m_inbox;
    QLabel *m_disc;
    QLabel *m_name;
    QLabel *m_detail;
    QLabel *m_notice;                        ///< what the server wants its owner to know
    Pill *m_state;
    QPushButton *m_check;
    QPushButton *m_takeOver;
    QPushButton *m_sync;
    QPushButton *m_reconnect;
    QPushButton *m_rename;
    QPushButton *m_toggle;
    QPushButton *m_delete;
    QLabel *m_result;
    QString m_foreign;                       ///< the address of another installation that gets the messages
    bool m_isError = false;
};

} // namespace antiphon
