#pragma once

#include "core/client/deskapi.h"

#include <QWidget>

#include <map>

class QLabel;
class QRadioButton;

namespace antiphon {

class Theme;

/// Whether the server's computer may fall asleep while inboxes are connected, and how that stands.
class SleepSettings : public QWidget {
    Q_OBJECT
public:
    SleepSettings(DeskApi &api, const Theme &theme, QWidget *parent = nullptr);

    QString stateText() const;

protected:
    void showEvent(QShowEvent *event) override;

private:
    void read();
    void choose(const QString &value);
    void showState(const QString &value, const QString &state);
    void dress();

    DeskApi &m_api;
    const Theme &m_theme;
    QLabel *m_note;
    QLabel *m_state;
    std::map<QString, QRadioButton *> m_choices;     ///< by the setting's value
};

} // namespace antiphon
