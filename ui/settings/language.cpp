#include "ui/settings/language.h"

#include "core/base/logging.h"

#include <QCoreApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>

/// Pulls the translations' initializer out of the static library.
static void initTranslations()
{
    Q_INIT_RESOURCE(translations);
}

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

/// The system's locale where it speaks `code`; else that language as it is written in the system's region, so that English in Germany keeps its 24 hours.
QLocale localeFor(const QString &code)
{
    const QLocale system = QLocale::system();
    if (code.isEmpty() || system.name().section(u'_', 0, 0) == code)
        return system;
    const QLocale own(code);
    if (system.territory() == QLocale::AnyTerritory)
        return own;
    const QLocale regional(own.language(), system.territory());
    return regional.language() == own.language() ? regional : own;
}

} // namespace

Language::Language(QObject *parent)
    : QObject(parent)
{
    initTranslations();
}

Language::~Language()
{
    QCoreApplication::removeTranslator(&m_own);
    QCoreApplication::removeTranslator(&m_qt);
}

QStringList Language::available()
{
    initTranslations();
    QStringList codes{u"en"_s};
    const QStringList files = QDir(u":/i18n"_s).entryList({u"antiphon_*.qm"_s}, QDir::Files, QDir::Name);
    for (const QString &file : files)
        codes.append(file.mid(9).chopped(3));
    return codes;
}

void Language::use(const QString &code)
{
    m_current = code;
    const QLocale locale = localeFor(code);
    QLocale::setDefault(locale);
    QCoreApplication::removeTranslator(&m_own);
    QCoreApplication::removeTranslator(&m_qt);
    const QString language = code.isEmpty() ? locale.name().section(u'_', 0, 0) : code;
    if (language == "en"_L1 || language == "C"_L1 || !available().contains(language))
        return;
    if (m_own.load(u":/i18n/antiphon_%1.qm"_s.arg(language)))
        QCoreApplication::installTranslator(&m_own);
    else
        qCWarning(lcUi).noquote() << "the translation can't be read:" << language;
    // Where the system has none the few texts of Qt's own dialogs stay English.
    if (m_qt.load(u"qtbase_%1"_s.arg(language), QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        QCoreApplication::installTranslator(&m_qt);
}

} // namespace antiphon
