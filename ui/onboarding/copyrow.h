#pragma once

#include <QWidget>

class QLabel;

namespace antiphon {

class IconButton;
class Theme;

/// A value that is to be entered elsewhere: its name, the value in monospace, and a button that copies it.
class CopyRow : public QWidget {
    Q_OBJECT
public:
    CopyRow(const Theme &theme, const QString &name, QWidget *parent = nullptr);

    void setValue(const QString &value, const QString &placeholder);
    void setNote(const QString &note);           ///< instead of the button: "set for you"

private:
    void dress();

    const Theme &m_theme;
    QLabel *m_name;
    QLabel *m_value;
    QLabel *m_note;
    IconButton *m_copy;
    QString m_text;
};

} // namespace antiphon
