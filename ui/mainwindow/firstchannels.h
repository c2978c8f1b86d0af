#pragma once

#include "core/domain/channel.h"

#include <QWidget>

class QLabel;

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

private:
    void dress();

    const Theme &m_theme;
    QLabel *m_title;
    QLabel *m_text;
};

} // namespace antiphon
