#include "ui/settings/settingspage.h"

#include "ui/onboarding/tunnelpanel.h"
#include "ui/settings/blockedcustomers.h"
#include "ui/settings/inboxsettings.h"
#include "ui/settings/language.h"
#include "ui/settings/noticesettings.h"
#include "ui/settings/sleepsettings.h"
#include "ui/settings/uisettings.h"
#include "ui/theme/theme.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/iconbutton.h"

#include <QBoxLayout>
#include <QButtonGroup>
#include <QLabel>
#include <QListWidget>
#include <QLocale>
#include <QRadioButton>
#include <QScrollArea>
#include <QSlider>
#include <QStackedWidget>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr int kFormWidth = 580;
constexpr int kNavWidth = 232;
constexpr int kNotices = 3;           // of the navigation
constexpr int kScaleStep = 10;        // percent

/// The language's own name, as its speakers look for it: not translated.
QString languageName(const QString &code)
{
    const QString name = QLocale(code).nativeLanguageName();
    if (code == "en"_L1)
        return u"English"_s;
    return name.isEmpty() ? code : name.left(1).toUpper() + name.mid(1);
}

} // namespace

SettingsPage::SettingsPage(DeskApi &api, InboxModel &inboxes, UiSettings &settings, const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_settings(settings)
    , m_theme(theme)
    , m_title(new QLabel(tr("Settings"), this))
    , m_close(new IconButton(theme, "close"_L1, tr("Close the settings"), this))
    , m_nav(new QListWidget(this))
    , m_pages(new QStackedWidget(this))
    , m_inboxes(new InboxSettings(api, inboxes, theme, this))
    , m_notices(new NoticeSettings(settings, theme, this))
{
    setAccessibleName(m_title->text());
    setAutoFillBackground(true);
    m_title->setTextFormat(Qt::PlainText);
    m_nav->setAccessibleName(tr("Sections of the settings"));
    m_nav->setFrameShape(QFrame::NoFrame);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(m_theme.px(24), m_theme.px(10), m_theme.px(12), m_theme.px(10));
    head->addWidget(m_title, 1);
    head->addWidget(m_close);
    auto *body = new QHBoxLayout;
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(0);
    body->addWidget(m_nav);
    body->addWidget(new Hairline(m_theme, Qt::Vertical, this));
    body->addWidget(m_pages, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(new Hairline(m_theme, Qt::Horizontal, this));
    column->addLayout(body, 1);

    addPage(tr("Inboxes"), "inbox"_L1, m_inboxes);
    addPage(tr("Public address"), "tunnel"_L1, new TunnelPanel(theme, api.client(), this));
    addPage(tr("Sleep"), "snooze"_L1, new SleepSettings(api, theme, this));
    addPage(tr("Notifications"), "bell"_L1, m_notices);
    addPage(tr("Blocked customers"), "block"_L1, new BlockedCustomers(api, theme, this));
    addPage(tr("Look"), "sun"_L1, buildLook());
    addPage(tr("Language"), "globe"_L1, buildLanguage());
    connect(m_nav, &QListWidget::currentRowChanged, m_pages, &QStackedWidget::setCurrentIndex);
    m_nav->setCurrentRow(0);
    connect(m_close, &QAbstractButton::clicked, this, &SettingsPage::closed);
    connect(m_inboxes, &InboxSettings::connectRequested, this, &SettingsPage::connectRequested);
    connect(m_inboxes, &InboxSettings::reconnectRequested, this, &SettingsPage::reconnectRequested);
    connect(&m_theme, &Theme::changed, this, &SettingsPage::dress);
    dress();
}

QWidget *SettingsPage::addPage(const QString &title, QLatin1StringView icon, QWidget *content)
{
    m_nav->addItem(title);
    m_icons.append(icon);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(m_theme.px(32), m_theme.px(24), m_theme.px(32), m_theme.px(24));
    column->setSpacing(m_theme.px(12));
    auto *head = new QLabel(title, page);
    head->setTextFormat(Qt::PlainText);
    m_heads.append(head);
    column->addWidget(head);
    content->setMaximumWidth(m_theme.px(kFormWidth + 100));
    column->addWidget(content);
    column->addStretch(1);
    auto *scroll = new QScrollArea(m_pages);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(page);
    m_pages->addWidget(scroll);
    return page;
}

QWidget *SettingsPage::buildLook()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.px(8));
    const auto section = [&](const QString &text) {
        auto *label = new QLabel(text, page);
        label->setTextFormat(Qt::PlainText);
        m_notes.append(label);
        column->addWidget(label);
    };
    section(tr("Colours"));
    auto *modes = new QButtonGroup(page);
    const auto add = [&](const QString &text, Theme::Mode mode) {
        auto *button = new QRadioButton(text, page);
        button->setChecked(m_settings.themeMode() == mode);
        modes->addButton(button);
        column->addWidget(button);
        connect(button, &QAbstractButton::clicked, this, [this, mode] { m_settings.setThemeMode(mode); });
    };
    add(tr("As the system"), Theme::Mode::System);
    add(tr("Light"), Theme::Mode::Light);
    add(tr("Dark"), Theme::Mode::Dark);
    add(tr("High contrast"), Theme::Mode::HighContrast);
    column->addSpacing(m_theme.px(16));
    section(tr("Text size"));
    auto *row = new QHBoxLayout;
    auto *slider = new QSlider(Qt::Horizontal, page);
    slider->setAccessibleName(tr("Text size in percent"));
    slider->setRange(100 / kScaleStep, 200 / kScaleStep);
    slider->setPageStep(1);
    slider->setTickPosition(QSlider::TicksBelow);
    slider->setTickInterval(1);
    slider->setValue(qRound(m_settings.textScale() * 100 / kScaleStep));
    auto *value = new QLabel(page);
    value->setTextFormat(Qt::PlainText);
    const auto show = [value](int step) { value->setText(tr("%1 %").arg(step * kScaleStep)); };
    show(slider->value());
    row->addWidget(slider, 1);
    row->addWidget(value);
    column->addLayout(row);
    connect(slider, &QSlider::valueChanged, this, [this, slider, show](int step) {
        show(step);
        if (!slider->isSliderDown())
            m_settings.setTextScale(step * kScaleStep / 100.0);
    });
    // While the handle is dragged nothing grows under the pointer.
    connect(slider, &QSlider::sliderReleased, this, [this, slider] { m_settings.setTextScale(slider->value() * kScaleStep / 100.0); });
    return page;
}

QWidget *SettingsPage::buildLanguage()
{
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.px(8));
    auto *codes = new QButtonGroup(page);
    const auto add = [&](const QString &text, const QString &code) {
        auto *button = new QRadioButton(text, page);
        button->setChecked(m_settings.language() == code);
        codes->addButton(button);
        column->addWidget(button);
        connect(button, &QAbstractButton::clicked, this, [this, code] { m_settings.setLanguage(code); });
    };
    add(tr("As the system"), {});
    const QStringList available = Language::available();
    for (const QString &code : available)
        add(languageName(code), code);
    return page;
}

void SettingsPage::showInboxes(InboxId inbox)
{
    m_nav->setCurrentRow(0);
    m_inboxes->showInbox(inbox);
}

int SettingsPage::section() const
{
    return m_nav->currentRow();
}

void SettingsPage::setSection(int section)
{
    m_nav->setCurrentRow(section);
}

void SettingsPage::showNotices()
{
    m_nav->setCurrentRow(kNotices);
}

void SettingsPage::showPublicAddress()
{
    m_nav->setCurrentRow(1);
}

void SettingsPage::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("surface.view"_L1));
    setPalette(colors);
    m_title->setFont(m_theme.font(TypeRole::Heading, true));
    m_nav->setFixedWidth(m_theme.px(kNavWidth));
    m_nav->setSpacing(2);
    QPalette nav = colors;
    nav.setColor(QPalette::Base, m_theme.color("surface.view"_L1));
    nav.setColor(QPalette::Highlight, m_theme.color("accent.tint"_L1));
    nav.setColor(QPalette::HighlightedText, m_theme.color("text.primary"_L1));
    m_nav->setPalette(nav);
    m_nav->setFont(m_theme.font(TypeRole::Body));
    m_nav->setIconSize(QSize(m_theme.px(18), m_theme.px(18)));
    for (int i = 0; i < m_nav->count(); ++i) {
        m_nav->item(i)->setIcon(m_theme.icon(m_icons.at(i), "text.secondary"_L1, layoutDirection()));
        m_nav->item(i)->setSizeHint(QSize(m_theme.px(kNavWidth) - 8, m_theme.px(34)));
    }
    for (QLabel *head : std::as_const(m_heads))
        head->setFont(m_theme.font(TypeRole::Title, true));
    for (QLabel *note : std::as_const(m_notes))
        note->setFont(m_theme.font(TypeRole::Body, true));
}

} // namespace antiphon
