#pragma once

#include "ui/models/tunnelwatch.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QVBoxLayout;

namespace antiphon {

class CopyRow;
class Pill;
class PrimaryButton;
class Theme;
class TunnelForm;

/// The public address: its state in one glance, what to do about it, and the choice of what leads here. A page of the settings and a step of
/// the assistants.
class TunnelPanel : public QWidget {
    Q_OBJECT
public:
    TunnelPanel(const Theme &theme, DeskClient &client, QWidget *parent = nullptr);

    bool isUp() const { return m_watch.tunnel() && m_watch.tunnel()->state == QStringLiteral("up"); }
    QString address() const { return m_watch.tunnel() ? m_watch.tunnel()->publicUrl : QString(); }

signals:
    void changed();                  ///< state or address

private:
    void buildStatus(QVBoxLayout *column);
    void buildHelp(QVBoxLayout *column);
    void show();
    void showPlatforms(const DeskTunnel &tunnel);
    void check();
    void apply();
    void dress();

    const Theme &m_theme;
    DeskClient &m_client;
    TunnelWatch m_watch;
    Pill *m_pill = nullptr;
    CopyRow *m_address = nullptr;
    QLabel *m_explanation = nullptr;
    QLabel *m_output = nullptr;
    QPushButton *m_check = nullptr;
    QWidget *m_help = nullptr;
    QLabel *m_helpHint = nullptr;
    QLabel *m_commands = nullptr;
    QPushButton *m_copyCommands = nullptr;
    QPushButton *m_openPage = nullptr;
    QString m_page;
    QWidget *m_platforms = nullptr;
    QVBoxLayout *m_platformRows = nullptr;
    QString m_platformsShown;
    QLabel *m_choiceHead = nullptr;
    TunnelForm *m_form = nullptr;
    PrimaryButton *m_apply = nullptr;
};

} // namespace antiphon
