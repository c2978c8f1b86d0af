#pragma once

#include <QWidget>

class QLabel;

namespace antiphon {

class IconButton;
class Theme;

/// The dismissible note above the composer: somebody answered in the platform's own app.
class AdvisoryLine : public QWidget {
    Q_OBJECT
public:
    explicit AdvisoryLine(const Theme &theme, QWidget *parent = nullptr);

    void setText(const QString &text);       ///< the first line is what happened, the second what to do

signals:
    void dismissed();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void dress();

    const Theme &m_theme;
    QLabel *m_first;
    QLabel *m_second;
    IconButton *m_close;
};

} // namespace antiphon
