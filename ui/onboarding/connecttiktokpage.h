#pragma once

#include "core/client/deskapi.h"

#include <QWidget>

class QCheckBox;
class QLabel;
class QLineEdit;
class QPushButton;
class QStackedWidget;

namespace antiphon {

class CopyRow;
class PrimaryButton;
class StepList;
class Theme;
class TunnelPanel;

/// The assistant that connects a TikTok account: the public address, the app of the developer portal, the consent in the browser, and at the end one
/// real message on its way in, shown as it happens. What failed is said under the field or button it concerns.
class ConnectTiktokPage : public QWidget {
    Q_OBJECT
public:
    ConnectTiktokPage(const Theme &theme, DeskApi &api, QWidget *parent = nullptr);

    /// Begins anew. @param reconnect the inbox whose owner must agree again; null for a new one.
    void begin(InboxId reconnect = {});
    void showPortal() { show(Portal); }           ///< the second step, for who has an address already
    void applyEvent(const DeskEvent &event);      ///< inbox.created, inbox.updated, message.created

signals:
    void finished(antiphon::InboxId inbox);       ///< 0: left without connecting

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    enum Step { Address, Portal, SignIn, RoundTrip };

    QWidget *buildAddress();
    QWidget *buildPortal();
    QWidget *buildSignIn();
    QWidget *buildRoundTrip();
    QLabel *label(const QString &text, bool bold = false, bool secondary = false);
    QLabel *sectionHead(const QString &text);
    QWidget *fieldRow(const QString &name, QLineEdit *field);
    QWidget *checkRow(const QString &text);
    QWidget *footer(QPushButton *back, QPushButton *next);
    void show(Step step);
    void takeApp(const Result<DeskApp> &app);
    void takeAddress();
    void saveApp();
    void openConsent();
    void paste();
    void connected(const Inbox &inbox);
    void say(QLabel *place, const QString &text, bool isError);
    void dress();

    const Theme &m_theme;
    DeskApi &m_api;
    InboxId m_reconnect;
    std::optional<Inbox> m_inbox;
    DeskApp m_app;
    bool m_isWaitingForConsent = false;

    QLabel *m_title = nullptr;
    StepList *m_steps = nullptr;
    QStackedWidget *m_pages = nullptr;
    QList<std::pair<QLabel *, bool>> m_labels;    ///< and whether they are secondary
    QList<QLabel *> m_heads;
    QList<QLabel *> m_sections;
    QLabel *m_addressState = nullptr;
    PrimaryButton *m_addressNext = nullptr;
    TunnelPanel *m_tunnel = nullptr;
    QString m_shownAddress;
    CopyRow *m_redirect = nullptr;
    CopyRow *m_webhook = nullptr;
    CopyRow *m_scopes = nullptr;
    QLineEdit *m_appId = nullptr;
    QLineEdit *m_secret = nullptr;
    QLabel *m_portalState = nullptr;
    PrimaryButton *m_portalNext = nullptr;
    QLabel *m_signInState = nullptr;
    QLineEdit *m_pasted = nullptr;
    QPushButton *m_pasteButton = nullptr;
    QPushButton *m_keysAgain = nullptr;      ///< what was entered was refused
    PrimaryButton *m_openBrowser = nullptr;
    QLabel *m_checks = nullptr;
    QLabel *m_roundTripState = nullptr;
    PrimaryButton *m_done = nullptr;
};

} // namespace antiphon
