#include "ui/settings/uisettings.h"

#include <QMetaEnum>


namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

const QString kMode = u"look/mode"_s;
const QString kScale = u"look/text_scale"_s;
const QString kLanguage = u"language"_s;
const QString kNotices = u"notices/on"_s;
const QString kPrivacy = u"notices/privacy"_s;
const QString kSound = u"notices/sound"_s;
const QString kUndisturbed = u"notices/do_not_disturb"_s;
const QString kQuiet = u"notices/quiet_hours"_s;
const QString kQuietFrom = u"notices/quiet_from"_s;
const QString kQuietTo = u"notices/quiet_to"_s;
const QString kColleagues = u"notices/of_colleagues"_s;
const QString kListWidth = u"window/list_width"_s;
const QString kPanelWidth = u"window/panel_width"_s;
const QString kPanel = u"window/panel"_s;
const QString kGeometry = u"window/geometry"_s;

} // namespace

UiSettings::UiSettings(const QString &file, QObject *parent)
    : QObject(parent)
    , m_settings(file.isEmpty() ? QSettings(QSettings::IniFormat, QSettings::UserScope, u"Antiphon"_s, u"window"_s).fileName() : file, QSettings::IniFormat)
{
}

Theme::Mode UiSettings::themeMode() const
{
    bool isKnown = false;
    const int mode = QMetaEnum::fromType<Theme::Mode>().keyToValue(m_settings.value(kMode).toString().toLatin1().constData(), &isKnown);
    return isKnown ? Theme::Mode(mode) : Theme::Mode::System;
}

void UiSettings::setThemeMode(Theme::Mode mode)
{
    m_settings.setValue(kMode, QString::fromLatin1(QMetaEnum::fromType<Theme::Mode>().valueToKey(int(mode))));
    emit lookChanged();
}

double UiSettings::textScale() const
{
    const double scale = m_settings.value(kScale, 1.0).toDouble();
    return scale >= 1.0 && scale <= 2.0 ? scale : 1.0;
}

void UiSettings::setTextScale(double scale)
{
    m_settings.setValue(kScale, scale);
    emit lookChanged();
}

QString UiSettings::language() const
{
    return m_settings.value(kLanguage).toString();
}

void UiSettings::setLanguage(const QString &language)
{
    if (language == this->language())
        return;
    m_settings.setValue(kLanguage, language);
    emit languageChanged(language);
}

NoticeWishes UiSettings::notices() const
{
    NoticeWishes wishes;
    const auto time = [this](const QString &key, QTime usual) {
        const QTime stored = QTime::fromString(m_settings.value(key).toString(), u"HH:mm"_s);
        return stored.isValid() ? stored : usual;
    };
    wishes.isOn = m_settings.value(kNotices, wishes.isOn).toBool();
    wishes.privacy = privacyFromName(m_settings.value(kPrivacy).toString()).value_or(wishes.privacy);
    wishes.hasSound = m_settings.value(kSound, wishes.hasSound).toBool();
    wishes.isUndisturbed = m_settings.value(kUndisturbed, wishes.isUndisturbed).toBool();
    wishes.hasQuietHours = m_settings.value(kQuiet, wishes.hasQuietHours).toBool();
    wishes.quietFrom = time(kQuietFrom, wishes.quietFrom);
    wishes.quietTo = time(kQuietTo, wishes.quietTo);
    wishes.ofColleagues = m_settings.value(kColleagues, wishes.ofColleagues).toBool();
    return wishes;
}

void UiSettings::setNotices(const NoticeWishes &wishes)
{
    if (wishes == notices())
        return;
    m_settings.setValue(kNotices, wishes.isOn);
    m_settings.setValue(kPrivacy, privacyName(wishes.privacy));
    m_settings.setValue(kSound, wishes.hasSound);
    m_settings.setValue(kUndisturbed, wishes.isUndisturbed);
    m_settings.setValue(kQuiet, wishes.hasQuietHours);
    m_settings.setValue(kQuietFrom, wishes.quietFrom.toString(u"HH:mm"_s));
    m_settings.setValue(kQuietTo, wishes.quietTo.toString(u"HH:mm"_s));
    m_settings.setValue(kColleagues, wishes.ofColleagues);
    emit noticesChanged();
}

int UiSettings::listWidth() const
{
    return m_settings.value(kListWidth, 328).toInt();
}

void UiSettings::setListWidth(int width)
{
    m_settings.setValue(kListWidth, width);
}

int UiSettings::panelWidth() const
{
    return m_settings.value(kPanelWidth, 272).toInt();
}

void UiSettings::setPanelWidth(int width)
{
    m_settings.setValue(kPanelWidth, width);
}

bool UiSettings::showsPanel() const
{
    return m_settings.value(kPanel, true).toBool();
}

void UiSettings::setShowsPanel(bool shows)
{
    m_settings.setValue(kPanel, shows);
}

QByteArray UiSettings::windowGeometry() const
{
    return m_settings.value(kGeometry).toByteArray();
}

void UiSettings::setWindowGeometry(const QByteArray &geometry)
{
    m_settings.setValue(kGeometry, geometry);
}

void UiSettings::applyTo(Theme &theme)
{
    const auto apply = [this, &theme] {
        theme.setMode(themeMode());
        theme.setTextScale(textScale());
    };
    connect(this, &UiSettings::lookChanged, &theme, apply);
    apply();
}

} // namespace antiphon
