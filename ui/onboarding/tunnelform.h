#pragma once

#include "core/client/tunnelapi.h"

#include <QHash>
#include <QWidget>

class QButtonGroup;
class QLabel;
class QLineEdit;
class QVBoxLayout;

namespace antiphon {

class Theme;

/// The choice of what leads to this computer: the providers with what each needs, and the fields of the chosen one.
class TunnelForm : public QWidget {
    Q_OBJECT
public:
    TunnelForm(const Theme &theme, QWidget *parent = nullptr);

    void setTunnel(const DeskTunnel &tunnel);          ///< what is in force; what a person is typing stays
    QString provider() const { return m_provider; }
    QJsonObject settings() const;
    QJsonObject secrets() const;                       ///< only what was entered
    void showError(const QString &field, const QString &text);   ///< under its field, else below all; empty: none
    void clearSecrets();

signals:
    void edited();
    void submitted();                                  ///< Return in a field

private:
    struct Field {
        QString key{};
        QLineEdit *edit = nullptr;
        QLabel *error = nullptr;
        bool isSecret = false;
        bool isNumber = false;
    };
    void choose(const QString &provider);
    void addField(QVBoxLayout *column, const QString &provider, const QString &key, const QString &name, const QString &placeholder, const QString &hint = {});
    QWidget *buildFields(const QString &provider);
    void dress();

    const Theme &m_theme;
    QButtonGroup *m_choices;
    QStringList m_names;                               ///< of the providers, by the buttons' ids
    QHash<QString, QWidget *> m_pages;
    QHash<QString, QList<Field>> m_fields;
    QList<QLabel *> m_secondary;
    QList<QLabel *> m_errors;
    QLabel *m_error;
    QString m_provider;
    QString m_shown;                                   ///< the provider in force whose settings stand in the fields
    bool m_isEdited = false;
};

} // namespace antiphon
