#pragma once

#include <QWidget>

namespace antiphon {

class Theme;

/// The steps of an assistant at its side: done, now, later.
class StepList : public QWidget {
    Q_OBJECT
public:
    struct Step {
        QString title{};
        QString detail{};
    };

    StepList(const Theme &theme, const QList<Step> &steps, QWidget *parent = nullptr);

    void setCurrent(int index);
    void setDetail(int index, const QString &detail);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void describe();
    int rowHeight() const;

    const Theme &m_theme;
    QList<Step> m_steps;
    int m_current = 0;
};

} // namespace antiphon
