#pragma once

#include "ui/onboarding/connectplan.h"

#include <QWidget>

class QLabel;
class QLineEdit;

namespace antiphon {

class Theme;

/// A field of an assistant: its name, what is typed, and below it what is wrong with it.
class FieldRow : public QWidget {
    Q_OBJECT
public:
    FieldRow(const Theme &theme, const ConnectField &field, QWidget *parent = nullptr);

    const ConnectField &field() const { return m_field; }
    QLineEdit *edit() const { return m_edit; }
    QString value() const;                            ///< without blanks at its ends; a phone number without what parts its digits
    QString key() const;                              ///< under which name the value goes
    bool goesBy(const QString &name) const { return name == m_field.key || (!name.isEmpty() && name == m_field.otherKey); }
    void setStored(bool isStored);                    ///< a secret that is there already may stay empty
    void setError(const QString &sentence);           ///< empty: none
    /// Says what is wrong, where something is. @return whether it will do.
    bool check();

signals:
    void submitted();

private:
    void dress();

    const Theme &m_theme;
    ConnectField m_field;
    QLabel *m_name;
    QLineEdit *m_edit;
    QLabel *m_hint;
    QLabel *m_error;
    bool m_isStored = false;
};

} // namespace antiphon
