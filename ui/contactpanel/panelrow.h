#pragma once

#include <QAbstractButton>

namespace antiphon {

class Theme;

/// A label and its value in the contact panel; as a button it opens the menu that changes the value.
class PanelRow : public QAbstractButton {
    Q_OBJECT
public:
    PanelRow(const Theme &theme, const QString &label, bool isEditable, QWidget *parent = nullptr);

    void setValue(const QString &value);
    /// An id or number that is taken elsewhere: its middle is left out where it is too long, a click copies all of it.
    void setCopies(bool copies);
    QString value() const { return m_value; }
    void setValueIcon(QLatin1StringView icon, QLatin1StringView token);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    int valueStart() const;
    bool isStacked(int width) const;

    const Theme &m_theme;
    QString m_label;
    QString m_value;
    QLatin1StringView m_icon;
    QLatin1StringView m_token;
    bool m_isEditable;
    bool m_copies = false;
    bool m_ring = false;
};

} // namespace antiphon
