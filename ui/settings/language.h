#pragma once

#include <QObject>
#include <QStringList>
#include <QTranslator>

namespace antiphon {

/// The languages the window speaks: English (the source) and what lies in ":/i18n".
class Language : public QObject {
    Q_OBJECT
public:
    explicit Language(QObject *parent = nullptr);
    ~Language() override;

    /// Codes there is a translation for, English first: "en", "de".
    static QStringList available();

    /// Speaks `code` from now on ("" follows the system): texts by translators, numbers and dates by the default locale.
    /// Every window gets a LanguageChange.
    void use(const QString &code);
    QString current() const { return m_current; }

private:
    QTranslator m_own;
    QTranslator m_qt;                 ///< Qt's own dialogs, where the system has them
    QString m_current;
};

} // namespace antiphon
