#pragma once

#include "core/client/deskapi.h"

#include <QWidget>

class QLabel;
class QListWidget;
class QStackedWidget;

namespace antiphon {

class IconButton;
class InboxModel;
class InboxSettings;
class NoticeSettings;
class Theme;
class UiSettings;

/// The settings: a page with its own navigation. What is changed counts at once.
class SettingsPage : public QWidget {
    Q_OBJECT
public:
    SettingsPage(DeskApi &api, InboxModel &inboxes, UiSettings &settings, const Theme &theme, QWidget *parent = nullptr);

    int section() const;                          ///< of the navigation, from 0
    void setSection(int section);
    void showPublicAddress();
    NoticeSettings *notices() const { return m_notices; }
    void showNotices();
    void showInboxes(InboxId inbox = {});         ///< with this one in sight

signals:
    void closed();
    void connectRequested();
    void reconnectRequested(antiphon::InboxId inbox);

private:
    QWidget *buildLook();
    QWidget *buildLanguage();
    QWidget *addPage(const QString &title, QLatin1StringView icon, QWidget *content);
    void dress();

    UiSettings &m_settings;
    const Theme &m_theme;
    QLabel *m_title;
    IconButton *m_close;
    QListWidget *m_nav;
    QStackedWidget *m_pages;
    InboxSettings *m_inboxes;
    NoticeSettings *m_notices;
    QList<QLabel *> m_heads;
    QList<QLabel *> m_notes;
    QList<QLatin1StringView> m_icons;
};

} // namespace antiphon
