#pragma once

#include "ui/theme/icons.h"

#include <QColor>
#include <QFont>
#include <QHash>
#include <QLatin1StringView>
#include <QObject>
#include <QPalette>
#include <QRectF>

namespace antiphon {

/// The sizes of type: pixel size and line height of each stand in `Theme::metrics`.
enum class TypeRole { Display, Heading, Title, Message, Body, Small, Caption };

/// Colours by name, type and measures, for one look at a time. Everything that paints takes a Theme and repaints on `changed`.
/// The colours come from resources/tokens.json; in high contrast they are the system's palette roles.
class Theme : public QObject {
    Q_OBJECT
public:
    /// What the person chose.
    enum class Mode { System, Light, Dark, HighContrast };
    Q_ENUM(Mode)
    /// What is shown.
    enum class Look { Light, Dark, HighContrast };
    Q_ENUM(Look)

    explicit Theme(QObject *parent = nullptr);
    ~Theme() override;

    Mode mode() const { return m_mode; }
    void setMode(Mode mode);

    /// What the system shows now; used in Mode::System.
    void setSystemLook(Look look);
    Look look() const { return m_look; }
    bool isDark() const;
    bool isHighContrast() const { return m_look == Look::HighContrast; }

    /// The own text scale, 1.0 to 2.0 (what is outside is brought inside); multiplies with the system's ratio.
    double textScale() const { return m_scale; }
    void setTextScale(double scale);

    bool reducedMotion() const { return m_reducedMotion; }
    void setReducedMotion(bool reduced);

    /// Grows with every change: the key for whatever is cached of a look.
    quint64 generation() const { return m_generation; }

    /// The colour called `name` in tokens.json, e.g. "surface.view". An unknown name is a programming mistake.
    QColor color(QLatin1StringView name) const;
    /// All names, for tests.
    QStringList colorNames() const;

    QFont font(TypeRole role, bool bold = false) const;
    /// Fixed height of one line of `role`, in px, scaled.
    int lineHeight(TypeRole role) const;
    /// Any other pixel size in the same families, scaled (32 px emoji, initials).
    QFont fontOfSize(double pixelSize, bool bold = false) const;

    /// A measure of the design in px, multiplied by the text scale.
    int px(double designPx) const;
    /// The same for avatars, which grow by at most 1.5.
    int avatarPx(double designPx) const;

    /// The palette that makes native controls fit.
    QPalette palette() const;

    Icons &icons() const { return *m_icons; }
    /// Draws icon `name` centred in `rect` with the colour named `token`; mirrored where the icon asks for it and the layout is right-to-left.
    void paintIcon(QPainter *painter, QLatin1StringView name, const QRectF &rect, int designPx, const QColor &color,
                   Qt::LayoutDirection direction) const;
    QIcon icon(QLatin1StringView name, QLatin1StringView token, Qt::LayoutDirection direction = Qt::LeftToRight) const;

    /// The system's own palette in high contrast (taken before ours is set).
    void setSystemPalette(const QPalette &palette);

signals:
    void changed();

private:
    void refresh();
    QColor highContrastColor(QLatin1StringView name) const;

    QHash<QByteArray, std::pair<QColor, QColor>> m_tokens;
    std::unique_ptr<Icons> m_icons;
    QPalette m_systemPalette;
    QStringList m_families;
    Mode m_mode = Mode::System;
    Look m_systemLook = Look::Light;
    Look m_look = Look::Light;
    double m_scale = 1.0;
    bool m_reducedMotion = false;
    quint64 m_generation = 1;
};

/// WCAG contrast of two opaque colours, 1 to 21.
double contrastRatio(const QColor &a, const QColor &b);

} // namespace antiphon
