#pragma once

#include "ui/onboarding/connectplan.h"

#include <QWidget>

class QLabel;
class QRadioButton;

namespace antiphon {

class Theme;

/// A choice of an assistant: its name, and every way with a sentence below it that says what it means.
class ChoiceRow : public QWidget {
    Q_OBJECT
public:
    ChoiceRow(const Theme &theme, const ConnectChoice &choice, QWidget *parent = nullptr);

    const ConnectChoice &choice() const { return m_choice; }
    QString value() const;                            ///< of what is chosen
    void setValue(const QString &value);              ///< stays; what isn't among the options changes nothing
    /// Ways that need a public address are off without one. What nobody chose yet follows what can be had.
    void setHasAddress(bool has);
    void setFixed(bool fixed);                        ///< shown, but not to be changed

signals:
    void changed();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void prefer();
    void enable();
    void dress();

    const Theme &m_theme;
    ConnectChoice m_choice;
    QLabel *m_name;
    QList<QRadioButton *> m_buttons;
    QList<QLabel *> m_texts;
    bool m_hasAddress = false;
    bool m_isFixed = false;
    bool m_isChosen = false;                          ///< by a person, or stored
};

} // namespace antiphon
