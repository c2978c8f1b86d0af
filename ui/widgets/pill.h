#pragma once

#include "ui/widgets/tone.h"

#include <QWidget>

namespace antiphon {

/// A rounded state in words with an icon: the reply countdown, "Connected". Narrow panes show the short text; name and tooltip keep the full one.
class Pill : public QWidget {
    Q_OBJECT
public:
    explicit Pill(const Theme &theme, QWidget *parent = nullptr);

    void setContent(Tone tone, QLatin1StringView icon, const QString &text, const QString &shortText = {});
    void setCompact(bool compact);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString shown() const { return m_compact && !m_short.isEmpty() ? m_short : m_text; }
    bool isBold() const { return m_tone == Tone::Warn || m_tone == Tone::Danger; }

    const Theme &m_theme;
    Tone m_tone = Tone::Quiet;
    QLatin1StringView m_icon;
    QString m_text;
    QString m_short;
    bool m_compact = false;
};

} // namespace antiphon
