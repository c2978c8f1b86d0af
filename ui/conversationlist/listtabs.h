#pragma once

#include <QTabBar>

namespace antiphon {

class Theme;

/// Words with a count (the tab's data) beside them; the current one is bold with a line in the accent below.
class ListTabs : public QTabBar {
    Q_OBJECT
public:
    explicit ListTabs(const Theme &theme, QWidget *parent = nullptr);

    QSize minimumSizeHint() const override;
    void refit();                ///< after words, counts or fonts changed: decides anew whether the counts have room

protected:
    QSize tabSizeHint(int index) const override;
    QSize minimumTabSizeHint(int index) const override;
    void paintEvent(QPaintEvent *event) override;
    void tabLayoutChange() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QString countText(int index) const;

    const Theme &m_theme;
    bool m_showsCounts = true;
};

} // namespace antiphon
