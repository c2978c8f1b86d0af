#pragma once

#include "core/domain/channel.h"

#include <QWidget>

class QLabel;

namespace antiphon {

class Theme;

/// What a new workspace shows: the channels that can be connected, each as a row.
class FirstChannels : public QWidget {
    Q_OBJECT
public:
    explicit FirstChannels(const Theme &theme, QWidget *parent = nullptr);

signals:
    void chosen(antiphon::Channel channel);

private:
    void dress();

    const Theme &m_theme;
    QLabel *m_title;
    QLabel *m_text;
};

} // namespace antiphon
