#pragma once

#include "ui/notices/noticewishes.h"
#include "ui/theme/theme.h"

#include <QObject>
#include <QSettings>

namespace antiphon {

/// What this seat remembers of its window: look, language, sizes, and how it wants to be told of messages. Of this computer only; nothing of it goes to the desk.
class UiSettings : public QObject {
    Q_OBJECT
public:
    /// @param file an own file (tests, the demo); empty: the user's own place.
    explicit UiSettings(const QString &file = {}, QObject *parent = nullptr);

    Theme::Mode themeMode() const;
    void setThemeMode(Theme::Mode mode);
    double textScale() const;                       ///< 1.0 to 2.0
    void setTextScale(double scale);
    QString language() const;                       ///< "en", "de"; empty follows the system
    void setLanguage(const QString &language);

    NoticeWishes notices() const;
    void setNotices(const NoticeWishes &wishes);

    int listWidth() const;                          ///< px, as the splitter left it
    void setListWidth(int width);
    int panelWidth() const;
    void setPanelWidth(int width);
    bool showsPanel() const;
    void setShowsPanel(bool shows);
    QByteArray windowGeometry() const;
    void setWindowGeometry(const QByteArray &geometry);

    /// Brings look and scale into the theme, now and with every change.
    void applyTo(Theme &theme);

signals:
    void lookChanged();
    void languageChanged(const QString &language);
    void noticesChanged();

private:
    QSettings m_settings;
};

} // namespace antiphon
