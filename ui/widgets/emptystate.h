#pragma once

#include <QWidget>

class QLabel;
class QPushButton;

namespace antiphon {

class Theme;

/// What a pane shows when it has nothing to show: one 32 px icon, a bold line, a sentence, at most one button.
class EmptyState : public QWidget {
    Q_OBJECT
public:
    explicit EmptyState(const Theme &theme, QWidget *parent = nullptr);

    void setContent(QLatin1StringView icon, const QString &headline, const QString &sentence = {}, const QString &action = {});

signals:
    void actionTriggered();

private:
    void dress();

    const Theme &m_theme;
    QLatin1StringView m_iconName;
    QLabel *m_icon;
    QLabel *m_headline;
    QLabel *m_sentence;
    QPushButton *m_action;
};

} // namespace antiphon
