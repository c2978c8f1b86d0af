#include "ui/theme/theme.h"

#include <QFile>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QIcon>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QPainter>

#include <array>
#include <cmath>

/// Pulls the resource's initializer out of the static library.
static void initAntiphonResources()
{
    Q_INIT_RESOURCE(antiphon);
}

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct RoleMetrics {
    int pixelSize;
    int lineHeight;
};

constexpr std::array<RoleMetrics, 7> kRoles{{{22, 30}, {18, 24}, {15, 20}, {14, 20}, {13, 18}, {12, 16}, {11, 16}}};

/// Noto Sans first so that digits stay letters, then the colour emoji: this order is what keeps skin tones and joined emoji together.
QStringList families()
{
    QStringList wanted{u"Noto Sans"_s};
    if (!QFontDatabase::hasFamily(u"Noto Sans"_s))
        wanted.prepend(QFontDatabase::systemFont(QFontDatabase::GeneralFont).family());
    wanted.append(u"Noto Color Emoji"_s);
    return wanted;
}

QHash<QByteArray, std::pair<QColor, QColor>> readTokens()
{
    QFile file(u":/antiphon/tokens.json"_s);
    QHash<QByteArray, std::pair<QColor, QColor>> tokens;
    if (!file.open(QIODevice::ReadOnly))
        qFatal("tokens.json is not in the resources");
    const QJsonObject colours = QJsonDocument::fromJson(file.readAll()).object().value("colours"_L1).toObject();
    for (auto it = colours.begin(); it != colours.end(); ++it) {
        const QJsonArray pair = it.value().toArray();
        tokens.insert(it.key().toLatin1(), {QColor(pair.at(0).toString()), QColor(pair.at(1).toString())});
    }
    return tokens;
}

double luminance(const QColor &color)
{
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

} // namespace

double contrastRatio(const QColor &a, const QColor &b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

Theme::Theme(QObject *parent) : QObject(parent), m_icons(std::make_unique<Icons>()), m_families(families())
{
    initAntiphonResources();
    m_tokens = readTokens();
    m_systemPalette = QGuiApplication::palette();
}

Theme::~Theme() = default;

void Theme::setMode(Mode mode)
{
    if (m_mode == mode)
        return;
    m_mode = mode;
    refresh();
}

void Theme::setSystemLook(Look look)
{
    if (m_systemLook == look)
        return;
    m_systemLook = look;
    refresh();
}

void Theme::setSystemPalette(const QPalette &palette)
{
    m_systemPalette = palette;
    if (isHighContrast())
        refresh();
}

bool Theme::isDark() const
{
    if (m_look == Look::HighContrast)
        return m_systemPalette.color(QPalette::Window).lightnessF() < 0.5;
    return m_look == Look::Dark;
}

void Theme::setTextScale(double scale)
{
    const double inside = std::clamp(scale, 1.0, 2.0);
    if (qFuzzyCompare(inside, m_scale))
        return;
    m_scale = inside;
    refresh();
}

void Theme::setReducedMotion(bool reduced)
{
    if (m_reducedMotion == reduced)
        return;
    m_reducedMotion = reduced;
    refresh();
}

void Theme::refresh()
{
    switch (m_mode) {
    case Mode::System: m_look = m_systemLook; break;
    case Mode::Light: m_look = Look::Light; break;
    case Mode::Dark: m_look = Look::Dark; break;
    case Mode::HighContrast: m_look = Look::HighContrast; break;
    }
    ++m_generation;
    m_icons->clear();
    emit changed();
}

QColor Theme::color(QLatin1StringView name) const
{
    const auto it = m_tokens.constFind(QByteArray::fromRawData(name.data(), name.size()));
    Q_ASSERT_X(it != m_tokens.cend(), "Theme::color", name.data());
    if (it == m_tokens.cend())
        return Qt::magenta;
    if (m_look == Look::HighContrast)
        return highContrastColor(name);
    return m_look == Look::Dark ? it->second : it->first;
}

QColor Theme::highContrastColor(QLatin1StringView name) const
{
    const auto role = [this](QPalette::ColorRole r) { return m_systemPalette.color(QPalette::Active, r); };
    if (name == "surface.tooltip"_L1)
        return role(QPalette::ToolTipBase);
    if (name == "text.tooltip"_L1)
        return role(QPalette::ToolTipText);
    if (name == "text.disabled"_L1)
        return m_systemPalette.color(QPalette::Disabled, QPalette::WindowText);
    if (name.startsWith("state.selected"_L1) || name == "accent.tint"_L1 || name == "state.pressed"_L1)
        return role(QPalette::Window);
    if (name == "accent.on"_L1 || name == "danger.on"_L1)
        return role(QPalette::HighlightedText);
    if (name.startsWith("accent"_L1) || name == "focus"_L1 || name == "danger.solid"_L1)
        return role(QPalette::Highlight);
    if (name == "mark.find"_L1)
        return role(QPalette::AlternateBase);
    if (name.startsWith("channel."_L1))
        return name == "channel.on"_L1 ? role(QPalette::Window) : role(QPalette::WindowText);
    if (name.startsWith("surface."_L1) || name.startsWith("state.hover"_L1) || name.startsWith("bubble."_L1) || name.endsWith(".fill"_L1))
        return role(QPalette::Window);
    return role(QPalette::WindowText);
}

QStringList Theme::colorNames() const
{
    QStringList names;
    for (auto it = m_tokens.cbegin(); it != m_tokens.cend(); ++it)
        names.append(QString::fromLatin1(it.key()));
    names.sort();
    return names;
}

QFont Theme::fontOfSize(double pixelSize, bool bold) const
{
    QFont font;
    font.setFamilies(m_families);
    font.setPixelSize(std::max(1, qRound(pixelSize * m_scale)));
    font.setWeight(bold ? QFont::Bold : QFont::Normal);
    return font;
}

QFont Theme::font(TypeRole role, bool bold) const
{
    return fontOfSize(kRoles.at(size_t(role)).pixelSize, bold);
}

int Theme::lineHeight(TypeRole role) const
{
    return px(kRoles.at(size_t(role)).lineHeight);
}

int Theme::px(double designPx) const
{
    return qRound(designPx * m_scale);
}

int Theme::avatarPx(double designPx) const
{
    return qRound(designPx * std::min(m_scale, 1.5));
}

QPalette Theme::palette() const
{
    if (isHighContrast())
        return m_systemPalette;
    QPalette p;
    p.setColor(QPalette::Window, color("surface.view"_L1));
    p.setColor(QPalette::WindowText, color("text.primary"_L1));
    p.setColor(QPalette::Base, color("surface.raised"_L1));
    p.setColor(QPalette::AlternateBase, color("surface.sunken"_L1));
    p.setColor(QPalette::Text, color("text.primary"_L1));
    p.setColor(QPalette::PlaceholderText, color("text.secondary"_L1));
    p.setColor(QPalette::Button, color("surface.raised"_L1));
    p.setColor(QPalette::ButtonText, color("text.primary"_L1));
    p.setColor(QPalette::BrightText, color("danger.text"_L1));
    p.setColor(QPalette::ToolTipBase, color("surface.tooltip"_L1));
    p.setColor(QPalette::ToolTipText, color("text.tooltip"_L1));
    p.setColor(QPalette::Highlight, color("accent"_L1));
    p.setColor(QPalette::HighlightedText, color("accent.on"_L1));
    p.setColor(QPalette::Link, color("accent"_L1));
    p.setColor(QPalette::LinkVisited, color("accent"_L1));
    p.setColor(QPalette::Light, color("surface.raised"_L1));
    p.setColor(QPalette::Midlight, color("state.hover.view"_L1));
    p.setColor(QPalette::Mid, color("line.control"_L1));
    p.setColor(QPalette::Dark, color("line.control"_L1));
    p.setColor(QPalette::Shadow, color("line.hair"_L1));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText})
        p.setColor(QPalette::Disabled, role, color("text.disabled"_L1));
    p.setColor(QPalette::Disabled, QPalette::Base, color("surface.sunken"_L1));
    p.setColor(QPalette::Disabled, QPalette::Button, color("surface.sunken"_L1));
    p.setColor(QPalette::Disabled, QPalette::Highlight, color("line.hair"_L1));
    p.setColor(QPalette::Disabled, QPalette::HighlightedText, color("text.disabled"_L1));
    return p;
}

void Theme::paintIcon(QPainter *painter, QLatin1StringView name, const QRectF &rect, int designPx, const QColor &color,
                      Qt::LayoutDirection direction) const
{
    const int size = px(designPx);
    const QPixmap pixmap = m_icons->pixmap(name, color, size, painter->device()->devicePixelRatioF(), direction == Qt::RightToLeft);
    // Whole pixels: an icon between two of them is blurred.
    const QPoint at(qRound(rect.center().x() - size / 2.0), qRound(rect.center().y() - size / 2.0));
    painter->drawPixmap(at, pixmap);
}

QIcon Theme::icon(QLatin1StringView name, QLatin1StringView token, Qt::LayoutDirection direction) const
{
    QIcon icon;
    for (const int size : {16, 18, 24}) {
        for (const qreal ratio : {1.0, 2.0}) {
            icon.addPixmap(m_icons->pixmap(name, color(token), px(size), ratio, direction == Qt::RightToLeft), QIcon::Normal);
            icon.addPixmap(m_icons->pixmap(name, color("text.disabled"_L1), px(size), ratio, direction == Qt::RightToLeft), QIcon::Disabled);
        }
    }
    return icon;
}

} // namespace antiphon
