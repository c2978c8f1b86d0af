#pragma once

#include "core/domain/channel.h"

#include <QWidget>

class QAbstractButton;
class QGridLayout;
class QLabel;
class QScrollArea;

namespace antiphon {

class Theme;

/// The channels that can be connected, each as a row: what a new workspace shows, and the page of "Connect a channel".
class FirstChannels : public QWidget {
    Q_OBJECT
public:
    enum class Use { First, Further };

    FirstChannels(const Theme &theme, Use use, QWidget *parent = nullptr);

signals:
    void chosen(antiphon::Channel channel);
    void closed();                                ///< of Further: none was chosen

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void dress();
    void arrange();

    const Theme &m_theme;
    QLabel *m_title;
    QLabel *m_text;
    QScrollArea *m_scroll;
    QGridLayout *m_grid;
    QList<QAbstractButton *> m_rows;
    int m_columns = 0;
};

} // namespace antiphon
