#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;

namespace antiphon {

class Theme;

/// A line above the cards while the owner's older messages come in: of which inbox, and how far they are.
class ImportStrip : public QWidget {
    Q_OBJECT
public:
    explicit ImportStrip(const Theme &theme, QWidget *parent = nullptr);

    void setProgress(const QString &inbox, int percent);
    void clear();
    void setNarrow(bool narrow);          ///< there is no room for words: it hides

private:
    void dress();

    const Theme &m_theme;
    QLabel *m_words;
    QProgressBar *m_bar;
    bool m_isOn = false;
    bool m_isNarrow = false;
};

} // namespace antiphon
