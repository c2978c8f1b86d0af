#pragma once

#include "ui/notices/noticewishes.h"

#include <QWidget>

#include <functional>

class QBoxLayout;
class QCheckBox;
class QLabel;
class QPushButton;
class QTimeEdit;

namespace antiphon {

class Theme;
class UiSettings;

/// How this seat is told of new messages, with a button that tries it. What is changed counts at once.
class NoticeSettings : public QWidget {
    Q_OBJECT
public:
    NoticeSettings(UiSettings &settings, const Theme &theme, QWidget *parent = nullptr);

    /// What became of the last try.
    void setOutcome(const QString &sentence);
    QString outcome() const;

signals:
    void tryRequested();

private:
    QCheckBox *addCheck(const QString &text, bool NoticeWishes::*flag);
    void buildPrivacy();
    void buildQuietHours();
    void buildTry();
    QTimeEdit *addTime(QBoxLayout *row, const QString &name, QTime NoticeWishes::*time);
    void change(const std::function<void(NoticeWishes &)> &what);
    void showState();
    void dress();

    UiSettings &m_settings;
    const Theme &m_theme;
    QList<QLabel *> m_heads;
    QList<QLabel *> m_notes;
    QList<QWidget *> m_whileOn;              // of no use where nothing is shown
    QList<QTimeEdit *> m_times;
    QPushButton *m_try = nullptr;
    QLabel *m_outcome = nullptr;
};

} // namespace antiphon
