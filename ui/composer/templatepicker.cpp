#include "ui/composer/templatepicker.h"

#include "ui/composer/templatedelegate.h"
#include "ui/models/errortext.h"
#include "ui/models/relativetime.h"
#include "ui/models/richtext.h"
#include "ui/models/whendone.h"
#include "ui/theme/theme.h"
#include "ui/widgets/primarybutton.h"

#include <QBoxLayout>
#include <QFileDialog>
#include <QJsonArray>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QLocale>
#include <QPainter>
#include <QScrollArea>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr QSize kSize{860, 560};
constexpr int kListWidth = 280;

/// "Deutsch (de)"; the code alone where nobody knows it.
QString languageText(const QString &code)
{
    // A language without a country would be called by that of its largest: "American English".
    if (code == "en"_L1)
        return u"English (en)"_s;
    if (code == "es"_L1)
        return u"español (es)"_s;
    const QLocale locale(code);
    const QString name = locale.language() == QLocale::C ? QString() : locale.nativeLanguageName();
    return name.isEmpty() ? code : u"%1 (%2)"_s.arg(name, code);
}

QString categoryText(const QString &category)
{
    if (category == "MARKETING"_L1)
        return TemplatePicker::tr("Marketing");
    if (category == "UTILITY"_L1)
        return TemplatePicker::tr("Utility");
    if (category == "AUTHENTICATION"_L1)
        return TemplatePicker::tr("Authentication");
    return category;
}

QJsonObject componentOf(const QJsonArray &components, QLatin1StringView type)
{
    for (const QJsonValue &entry : components) {
        if (entry.toObject().value("type"_L1).toString().compare(type, Qt::CaseInsensitive) == 0)
            return entry.toObject();
    }
    return {};
}

/// What the one who wrote the template gave as an example for a place.
QString exampleOf(const QJsonArray &components, QLatin1StringView type, const QString &place, int index)
{
    const QJsonObject example = componentOf(components, type).value("example"_L1).toObject();
    const QString part = QString(type).toLower();
    const QJsonArray named = example.value(part + u"_text_named_params"_s).toArray();
    for (const QJsonValue &entry : named) {
        if (entry.toObject().value("param_name"_L1) == place)
            return plainLine(entry.toObject().value("example"_L1).toString(), 80);
    }
    const QJsonArray texts = example.value(part + u"_text"_s).toArray();
    const QJsonArray row = texts.at(0).isArray() ? texts.at(0).toArray() : texts;
    return plainLine(row.at(index).toString(), 80);
}

/// The message as a bubble.
class PreviewBubble final : public QLabel {
public:
    PreviewBubble(const Theme &theme, QWidget *parent) : QLabel(parent), m_theme(theme) { setMargin(theme.px(12)); }

protected:
    void paintEvent(QPaintEvent *event) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(m_theme.isHighContrast() ? QPen(m_theme.color("text.primary"_L1)) : QPen(Qt::NoPen));
        painter.setBrush(m_theme.color("bubble.bot"_L1));
        const double radius = m_theme.px(12);
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius);
        painter.end();
        QLabel::paintEvent(event);
    }

private:
    const Theme &m_theme;
};

} // namespace

QString templateStatusText(const QString &status)
{
    if (status == "APPROVED"_L1)
        return TemplatePicker::tr("Approved");
    if (status == "PENDING"_L1 || status == "IN_APPEAL"_L1)
        return TemplatePicker::tr("Waits for approval");
    if (status == "REJECTED"_L1)
        return TemplatePicker::tr("Rejected");
    if (status == "PAUSED"_L1)
        return TemplatePicker::tr("Paused by the platform");
    if (status == "DISABLED"_L1)
        return TemplatePicker::tr("Switched off by the platform");
    return status;
}

TemplatePicker::TemplatePicker(const Theme &theme, Load load, AttachmentStrip::Upload upload, const ComposerLimits &limits, QWidget *parent)
    : QDialog(parent)
    , m_theme(theme)
    , m_load(std::move(load))
    , m_limits(limits)
{
    setWindowTitle(tr("Send a template"));
    resize(m_theme.px(kSize.width()), m_theme.px(kSize.height()));
    build(std::move(upload));
    connect(&theme, &Theme::changed, this, &TemplatePicker::dress);
    dress();
    choose(-1);
    read(false);
}

void TemplatePicker::build(AttachmentStrip::Upload upload)
{
    auto *across = new QHBoxLayout;
    across->setSpacing(m_theme.px(16));
    auto *left = new QVBoxLayout;
    m_search = new QLineEdit(this);
    m_search->setPlaceholderText(tr("Search templates"));
    m_search->setAccessibleName(m_search->placeholderText());
    m_search->setClearButtonEnabled(true);
    m_names = new QListWidget(this);
    m_names->setAccessibleName(tr("Templates"));
    m_names->setMinimumWidth(m_theme.px(kListWidth));
    m_names->setItemDelegate(new TemplateDelegate(m_theme, m_names));
    m_names->setMouseTracking(true);
    m_names->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_state = new QLabel(this);
    m_state->setWordWrap(true);
    m_fetch = new QPushButton(tr("Fetch anew"), this);
    left->addWidget(m_search);
    left->addWidget(m_names, 1);
    left->addWidget(m_state);
    left->addWidget(m_fetch, 0, Qt::AlignLeading);
    across->addLayout(left, 2);

    auto *inside = new QWidget;
    auto *right = new QVBoxLayout(inside);
    right->setContentsMargins(0, 0, m_theme.px(4), 0);
    right->setSpacing(m_theme.px(8));
    m_preview = new PreviewBubble(m_theme, inside);
    m_preview->setAccessibleName(tr("What the customer will read"));
    m_note = new QLabel(inside);
    for (QLabel *label : {m_preview, m_note, m_state})
        label->setTextFormat(Qt::PlainText);
    m_preview->setWordWrap(true);
    m_note->setWordWrap(true);
    m_form = new QWidget(inside);
    m_formColumn = new QVBoxLayout(m_form);
    m_formColumn->setContentsMargins(0, 0, 0, 0);
    m_formColumn->setSpacing(m_theme.px(4));
    m_file = new QPushButton(inside);
    m_strip = new AttachmentStrip(m_theme, std::move(upload), inside);
    right->addWidget(m_preview);
    right->addWidget(m_form);
    right->addWidget(m_file, 0, Qt::AlignLeading);
    right->addWidget(m_strip);
    right->addWidget(m_note);
    right->addStretch(1);
    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setWidget(inside);
    across->addWidget(scroll, 3);

    auto *column = new QVBoxLayout(this);
    column->addLayout(across, 1);
    auto *foot = new QHBoxLayout;
    auto *cancel = new QPushButton(tr("Cancel"), this);
    cancel->setAutoDefault(false);
    m_fetch->setAutoDefault(false);
    m_file->setAutoDefault(false);
    m_send = new PrimaryButton(m_theme, tr("Send template"), this);
    m_send->setIconName("send"_L1);
    m_send->setAutoDefault(false);                        // Return in the search field sends nothing
    foot->addStretch(1);
    foot->addWidget(cancel);
    foot->addWidget(m_send);
    column->addLayout(foot);

    connect(m_search, &QLineEdit::textChanged, this, &TemplatePicker::fillList);
    connect(m_names, &QListWidget::currentRowChanged, this, [this](int row) { choose(row >= 0 ? m_shown.at(row) : -1); });
    connect(m_fetch, &QAbstractButton::clicked, this, [this] { read(true); });
    connect(m_file, &QAbstractButton::clicked, this, &TemplatePicker::chooseFile);
    connect(m_strip, &AttachmentStrip::changed, this, &TemplatePicker::refresh);
    connect(cancel, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_send, &QAbstractButton::clicked, this, &TemplatePicker::send);
}

void TemplatePicker::read(bool anew)
{
    m_fetch->setEnabled(false);
    m_state->setText(anew ? tr("Fetching the templates …") : tr("Reading the templates …"));
    whenDone(m_load(anew), this, [this](const Result<TemplateList> &list) { take(list); });
}

void TemplatePicker::listChanged()
{
    if (m_list.sync == TemplateList::Sync::Running)
        whenDone(m_load(false), this, [this](const Result<TemplateList> &list) { take(list); });
}

void TemplatePicker::take(const Result<TemplateList> &list)
{
    m_fetch->setEnabled(true);
    if (!list) {
        m_state->setText(errorText(list.error()));
        return;
    }
    m_list = *list;
    m_fetch->setEnabled(m_list.sync != TemplateList::Sync::Running);
    switch (m_list.sync) {
    case TemplateList::Sync::Running: m_state->setText(tr("Fetching the templates …")); break;
    case TemplateList::Sync::Failed: m_state->setText(tr("They could not be fetched: %1").arg(plainLine(m_list.error, 300))); break;
    case TemplateList::Sync::Never: m_state->setText(tr("They have not been fetched yet.")); break;
    case TemplateList::Sync::Done:
        m_state->setText(m_list.syncedAt ? tr("As of %1").arg(fullTime(*m_list.syncedAt)) : QString());
        if (m_list.items.isEmpty())
            m_state->setText(tr("This account has no templates. They are made in Meta's WhatsApp Manager."));
        break;
    }
    fillList();
}

void TemplatePicker::fillList()
{
    const QString wanted = m_search->text().trimmed();
    const QString before = m_chosen >= 0 && m_chosen < m_list.items.size() ? m_list.items.at(m_chosen).name + m_list.items.at(m_chosen).language : QString();
    m_names->clear();
    m_shown.clear();
    m_chosen = -1;
    int again = -1;
    for (int i = 0; i < m_list.items.size(); ++i) {
        const MessageTemplate &one = m_list.items.at(i);
        const QString words = one.name + u' ' + one.language + u' ' + renderedTemplate(one.components, {});
        if (!wanted.isEmpty() && !words.contains(wanted, Qt::CaseInsensitive) && !QString(one.name).replace(u'_', u' ').contains(wanted, Qt::CaseInsensitive))
            continue;
        QStringList facts{languageText(one.language), categoryText(one.category)};
        if (!one.isSendable())
            facts.append(templateStatusText(one.status));
        facts.removeAll(QString());
        auto *item = new QListWidgetItem(plainLine(one.name, 200) + u'\n' + plainLine(facts.join(u" · "_s), 200), m_names);
        item->setToolTip(plainLine(one.name, 512));
        item->setData(TemplateDelegate::kIsSendableRole, one.isSendable());
        if (one.name + one.language == before)
            again = int(m_shown.size());
        m_shown.append(i);
    }
    if (!m_shown.isEmpty())
        m_names->setCurrentRow(std::max(0, again));
    else
        choose(-1);
}

void TemplatePicker::choose(int index)
{
    m_chosen = index;
    m_places = index >= 0 ? placesOf(m_list.items.at(index).components) : TemplatePlaces();
    m_strip->clear();
    buildFields();
    m_file->setVisible(m_places.takesFile());
    m_file->setText(m_places.headerFormat == "IMAGE"_L1   ? tr("Choose the picture …")
                        : m_places.headerFormat == "VIDEO"_L1 ? tr("Choose the video …")
                                                              : tr("Choose the document …"));
    refresh();
}

void TemplatePicker::buildFields()
{
    m_fields.clear();
    while (QLayoutItem *old = m_formColumn->takeAt(0)) {
        if (QWidget *gone = old->widget()) {
            gone->hide();
            gone->deleteLater();
        }
        delete old;
    }
    if (m_chosen < 0)
        return;
    const QJsonArray &components = m_list.items.at(m_chosen).components;
    for (int i = 0; i < m_places.header.size(); ++i)
        addField(u"header"_s, m_places.header.at(i), tr("Heading, place %1").arg(m_places.header.at(i)), exampleOf(components, "HEADER"_L1, m_places.header.at(i), i));
    for (int i = 0; i < m_places.body.size(); ++i)
        addField(u"body"_s, m_places.body.at(i), tr("Text, place %1").arg(m_places.body.at(i)), exampleOf(components, "BODY"_L1, m_places.body.at(i), i));
    for (const TemplatePlaces::Button &button : std::as_const(m_places.buttons)) {
        if (button.takesValue)
            addField(u"buttons"_s, {}, tr("Button “%1”").arg(plainLine(button.label, 60)), {});
    }
    dress();
}

void TemplatePicker::addField(const QString &part, const QString &key, const QString &label, const QString &example)
{
    auto *name = new QLabel(label, m_form);
    name->setTextFormat(Qt::PlainText);
    auto *edit = new QLineEdit(m_form);
    edit->setAccessibleName(label);
    edit->setPlaceholderText(example.isEmpty() ? QString() : tr("for example %1").arg(example));
    auto *error = new QLabel(m_form);
    error->setWordWrap(true);
    error->setTextFormat(Qt::PlainText);
    error->hide();
    name->setBuddy(edit);
    for (QWidget *widget : {static_cast<QWidget *>(name), static_cast<QWidget *>(edit), static_cast<QWidget *>(error)})
        m_formColumn->addWidget(widget);
    connect(edit, &QLineEdit::textEdited, this, &TemplatePicker::refresh);
    connect(edit, &QLineEdit::returnPressed, this, &TemplatePicker::send);
    m_fields.append({.part = part, .key = key, .edit = edit, .error = error});
}

void TemplatePicker::chooseFile()
{
    const bool isPicture = m_places.headerFormat == "IMAGE"_L1;
    const QString filter = isPicture ? tr("Pictures (*.png *.jpg *.jpeg)") : m_places.headerFormat == "VIDEO"_L1 ? tr("Videos (*.mp4 *.3gp)") : tr("Documents (*)");
    auto *dialog = new QFileDialog(this, m_file->text(), {}, filter);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        m_strip->clear();
        m_strip->addFile(path, m_limits);
    });
    dialog->open();
}

QJsonObject TemplatePicker::values() const
{
    // Named where the platform named the places, else in their order.
    QJsonObject values;
    for (const QString &part : {u"header"_s, u"body"_s, u"buttons"_s}) {
        QJsonArray ordered;
        QJsonObject named;
        bool isNamed = false;
        for (const Field &field : m_fields) {
            if (field.part != part)
                continue;
            ordered.append(field.edit->text().trimmed());
            named.insert(field.key, field.edit->text().trimmed());
            isNamed = isNamed || (part != "buttons"_L1 && field.key.toInt() <= 0);
        }
        if (!ordered.isEmpty())
            values.insert(part, isNamed ? QJsonValue(named) : QJsonValue(ordered));
    }
    return values;
}

QString TemplatePicker::reads() const
{
    if (m_chosen < 0)
        return {};
    // A place that isn't filled in yet stays visible as one.
    QJsonObject filled = values();
    for (auto part = filled.begin(); part != filled.end(); ++part) {
        if (part->isObject()) {
            QJsonObject named = part->toObject();
            const QStringList keys = named.keys();
            for (const QString &key : keys) {
                if (named.value(key).toString().isEmpty())
                    named.remove(key);
            }
            *part = named;
        } else {
            QJsonArray ordered = part->toArray();
            for (int i = 0; i < ordered.size(); ++i) {
                if (ordered.at(i).toString().isEmpty())
                    ordered[i] = QJsonValue(QJsonValue::Null);
            }
            *part = ordered;
        }
    }
    return renderedTemplate(m_list.items.at(m_chosen).components, filled);
}

void TemplatePicker::refresh()
{
    m_preview->setVisible(m_chosen >= 0);
    m_note->setVisible(false);
    QString reason;
    if (m_chosen < 0) {
        reason = tr("Choose a template first.");
    } else {
        const MessageTemplate &one = m_list.items.at(m_chosen);
        QString text = reads();
        const QStringList labels = m_places.buttonLabels();
        for (const QString &label : labels)
            text += u"\n▸ "_s + label;
        if (m_places.takesFile())
            text.prepend(m_places.headerFormat == "IMAGE"_L1 ? tr("[Picture]") + u'\n' : m_places.headerFormat == "VIDEO"_L1 ? tr("[Video]") + u'\n' : tr("[Document]") + u'\n');
        m_preview->setText(text);
        const bool isFull = std::all_of(m_fields.begin(), m_fields.end(), [](const Field &field) { return !field.edit->text().trimmed().isEmpty(); });
        if (!one.isSendable()) {
            reason = one.rejectedReason.isEmpty() || one.rejectedReason == "NONE"_L1
                ? tr("It can't be sent: %1.").arg(templateStatusText(one.status))
                : tr("It can't be sent: %1 (%2).").arg(templateStatusText(one.status), plainLine(one.rejectedReason, 200));
            m_note->setText(reason);
            m_note->show();
        } else if (!isFull) {
            reason = tr("Fill in every place first.");
        } else if (m_places.takesFile() && m_strip->count() == 0) {
            reason = tr("Its heading needs a file.");
        } else if (m_strip->hasFailed()) {
            reason = m_strip->firstProblem();
        } else if (!m_strip->isReady()) {
            reason = tr("A file is still being uploaded.");
        }
    }
    m_send->setDisabledReason(reason);
}

void TemplatePicker::send()
{
    if (!m_send->isEnabled() || m_chosen < 0)
        return;
    const MessageTemplate &one = m_list.items.at(m_chosen);
    for (const Field &field : std::as_const(m_fields))
        field.error->hide();
    if (const auto checked = checkTemplateValues(one.components, values()); !checked) {
        const QString part = checked.error().field.section(u'.', -1);
        for (const Field &field : std::as_const(m_fields)) {
            if (field.part != part)
                continue;
            field.error->setText(tr("The platform takes no line breaks, tabs or more than four blanks in a row here."));
            field.error->show();
            field.edit->setFocus();
            break;
        }
        return;
    }
    emit chosen({.name = one.name, .language = one.language, .values = values()}, reads(), m_strip->attachments());
    accept();
}

void TemplatePicker::dress()
{
    QPalette colors = m_theme.palette();
    m_preview->setFont(m_theme.font(TypeRole::Message));
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_state->setPalette(colors);
    m_state->setFont(m_theme.font(TypeRole::Small));
    colors.setColor(QPalette::WindowText, m_theme.color("danger.text"_L1));
    m_note->setPalette(colors);
    for (const Field &field : std::as_const(m_fields)) {
        field.error->setPalette(colors);
        field.error->setFont(m_theme.font(TypeRole::Small));
    }
}

} // namespace antiphon
