#pragma once

#include <QList>
#include <QWidget>

class QButtonGroup;
class QAbstractButton;

namespace antiphon {

class Theme;

/// A few choices side by side, one of them taken: Reply | Private note. Arrow keys move between them; each is a radio button to assistive tools.
class SegmentedControl : public QWidget {
    Q_OBJECT
public:
    SegmentedControl(const Theme &theme, const QString &name, QWidget *parent = nullptr);

    /// @return the index of the new choice; the first one is taken at once.
    int addSegment(const QString &text, QLatin1StringView icon = {});
    int count() const;

    int current() const;
    void setCurrent(int index);

    /// Off, and why (tooltip and description); an empty reason switches it on.
    void setDisabledReason(int index, const QString &reason);

signals:
    void currentChanged(int index);       ///< by the person only

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QButtonGroup *m_group;
};

} // namespace antiphon
