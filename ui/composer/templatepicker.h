#pragma once

#include "core/client/deskapi.h"
#include "core/domain/templateplaces.h"
#include "ui/composer/attachmentstrip.h"

#include <QDialog>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QVBoxLayout;

namespace antiphon {

class PrimaryButton;
class Theme;

/// The approved texts of an account: found by a word, filled in, read as the customer will, and sent.
class TemplatePicker : public QDialog {
    Q_OBJECT
public:
    /// @param anew fetch them from the platform first
    using Load = std::function<QFuture<Result<TemplateList>>(bool anew)>;

    TemplatePicker(const Theme &theme, Load load, AttachmentStrip::Upload upload, const ComposerLimits &limits, QWidget *parent = nullptr);

    /// The list may be another one now: reads it where a fetching is under way.
    void listChanged();

    QString reads() const;                                ///< what the customer will read, as far as it is filled in

signals:
    /// @param reads what it says, for the row until the server has stored it
    void chosen(const antiphon::TemplateUse &use, const QString &reads, const QList<antiphon::Attachment> &files);

private:
    void build(AttachmentStrip::Upload upload);
    void read(bool anew);
    void take(const Result<TemplateList> &list);
    void fillList();
    void choose(int row);
    void buildFields();
    void addField(const QString &part, const QString &key, const QString &label, const QString &example);
    void chooseFile();
    void refresh();
    QJsonObject values() const;
    void send();
    void dress();

    struct Field {
        QString part{};                                   ///< "header", "body", "buttons"
        QString key{};                                    ///< of its place
        QLineEdit *edit = nullptr;
        QLabel *error = nullptr;
    };

    const Theme &m_theme;
    Load m_load;
    ComposerLimits m_limits;
    TemplateList m_list;
    QList<int> m_shown;                                   ///< indexes of the list's rows in m_list
    int m_chosen = -1;                                    ///< index in m_list
    TemplatePlaces m_places;
    QList<Field> m_fields;

    QLineEdit *m_search = nullptr;
    QListWidget *m_names = nullptr;
    QLabel *m_state = nullptr;                            ///< of the list
    QPushButton *m_fetch = nullptr;
    QLabel *m_preview = nullptr;
    QLabel *m_note = nullptr;                             ///< why it can't be sent
    QWidget *m_form = nullptr;
    QVBoxLayout *m_formColumn = nullptr;
    QPushButton *m_file = nullptr;
    AttachmentStrip *m_strip = nullptr;
    PrimaryButton *m_send = nullptr;
};

/// The platform's word for a template's state, in this language.
QString templateStatusText(const QString &status);

} // namespace antiphon
