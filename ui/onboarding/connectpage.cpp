#include "ui/onboarding/connectpage.h"

#include "ui/onboarding/choicerow.h"
#include "ui/onboarding/copyrow.h"
#include "ui/onboarding/fieldrow.h"
#include "ui/onboarding/steplist.h"
#include "ui/onboarding/tunnelpanel.h"
#include "ui/theme/theme.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/iconbutton.h"
#include "ui/widgets/primarybutton.h"

#include <QBoxLayout>
#include <QCheckBox>
#include <QDesktopServices>
#include <QEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPointer>
#include <QScrollArea>
#include <QStackedWidget>
#include <QUrl>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

using Kind = ConnectStep::Kind;

} // namespace

ConnectPage::ConnectPage(const Theme &theme, DeskApi &api, QWidget *parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_api(api)
{
    setAutoFillBackground(true);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(m_theme.px(24), m_theme.px(8), m_theme.px(12), m_theme.px(8));
    m_title = new QLabel(this);
    m_title->setTextFormat(Qt::PlainText);
    auto *close = new IconButton(m_theme, "close"_L1, tr("Close"), this);
    connect(close, &QAbstractButton::clicked, this, [this] { emit finished(m_inbox ? m_inbox->id : InboxId()); });
    head->addWidget(m_title, 1);
    head->addWidget(close);
    column->addLayout(head);
    column->addWidget(new Hairline(m_theme, Qt::Horizontal, this));
    m_body = new QHBoxLayout;
    m_body->setContentsMargins(m_theme.px(24), m_theme.px(24), m_theme.px(24), m_theme.px(16));
    m_body->setSpacing(m_theme.px(32));
    column->addLayout(m_body, 1);
    connect(&m_theme, &Theme::changed, this, &ConnectPage::dress);
}

/// The pages of the plan in place of those before.
void ConnectPage::build()
{
    while (QLayoutItem *old = m_body->takeAt(0)) {
        delete old->widget();
        delete old;
    }
    m_labels.clear();
    m_heads.clear();
    m_sections.clear();
    m_fields.clear();
    m_choices.clear();
    m_more = nullptr;
    m_advanced = nullptr;
    m_tunnel = nullptr;
    m_states.clear();
    m_next.clear();
    m_redirects.clear();
    m_webhooks.clear();
    m_verifyRows.clear();
    m_newVerifyToken = nullptr;
    m_pasted = nullptr;
    m_pasteButton = nullptr;
    m_keysAgain = nullptr;
    m_openBrowser = nullptr;
    QList<StepList::Step> steps;
    for (const ConnectStep &step : std::as_const(m_plan.steps))
        steps.append({step.title, step.detail});
    m_steps = new StepList(m_theme, steps, this);
    m_body->addWidget(m_steps, 0, Qt::AlignTop | Qt::AlignLeading);
    m_pages = new QStackedWidget(this);
    for (int i = 0; i < m_plan.steps.size(); ++i) {
        auto *scroll = new QScrollArea(m_pages);
        scroll->setFrameShape(QFrame::NoFrame);
        scroll->setWidgetResizable(true);
        scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
        scroll->setWidget(buildStep(i));
        m_pages->addWidget(scroll);
    }
    m_body->addWidget(m_pages, 8);
    m_body->addStretch(1);
    dress();
}

QLabel *ConnectPage::label(const QString &text, bool bold, bool secondary)
{
    auto *made = new QLabel(text);
    made->setTextFormat(Qt::PlainText);
    made->setWordWrap(true);
    if (bold)
        m_heads.append(made);
    else
        m_labels.append({made, secondary});
    return made;
}

QLabel *ConnectPage::sectionHead(const QString &text)
{
    QLabel *made = label(text);
    m_sections.append(made);
    return made;
}

QWidget *ConnectPage::checkRow(const QString &text)
{
    // A check box doesn't wrap its words; a label does, and passes clicks on to the box.
    auto *holder = new QWidget;
    auto *row = new QHBoxLayout(holder);
    row->setContentsMargins(m_theme.px(12), 0, 0, 0);
    row->setSpacing(m_theme.px(8));
    auto *box = new QCheckBox(holder);
    box->setAccessibleName(text);
    QLabel *words = label(text);
    words->setBuddy(box);
    words->installEventFilter(this);
    row->addWidget(box, 0, Qt::AlignTop);
    row->addWidget(words, 1);
    return holder;
}

bool ConnectPage::eventFilter(QObject *watched, QEvent *event)
{
    const auto *words = qobject_cast<QLabel *>(watched);
    auto *box = words ? qobject_cast<QCheckBox *>(words->buddy()) : nullptr;
    if (box && event->type() == QEvent::MouseButtonRelease) {
        box->click();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

QWidget *ConnectPage::footer(int index, QPushButton *next)
{
    auto *holder = new QWidget;
    auto *row = new QHBoxLayout(holder);
    row->setContentsMargins(0, m_theme.px(16), 0, 0);
    const Kind kind = m_plan.steps.at(index).kind;
    if (index == 0) {
        auto *later = new QPushButton(tr("Not now"), holder);
        connect(later, &QAbstractButton::clicked, this, [this] { emit finished(InboxId()); });
        row->addWidget(later);
    } else if (kind != Kind::RoundTrip) {
        auto *back = new QPushButton(tr("Back"), holder);
        connect(back, &QAbstractButton::clicked, this, [this, index] { show(index - 1); });
        row->addWidget(back);
    }
    row->addStretch(1);
    row->addWidget(next);
    return holder;
}

QWidget *ConnectPage::buildStep(int index)
{
    const ConnectStep &step = m_plan.steps.at(index);
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setSpacing(m_theme.px(8));
    column->addWidget(label(step.heading, true));
    m_states.append(label({}));
    m_next.append(nullptr);
    switch (step.kind) {
    case Kind::Address:
        column->addWidget(label(step.text, false, true));
        buildAddress(index, column);
        return page;
    case Kind::Consent:
        column->addWidget(label(step.text, false, true));
        buildConsent(index, column);
        return page;
    case Kind::RoundTrip: buildRoundTrip(column); return page;
    case Kind::App:
    case Kind::Deliver:
    case Kind::Account: break;
    }
    column->addWidget(label(step.text, false, true));
    if (!step.portal.isEmpty()) {
        auto *open = new QPushButton(step.portalName, page);
        const QUrl portal(step.portal);
        connect(open, &QAbstractButton::clicked, this, [portal] { QDesktopServices::openUrl(portal); });
        column->addWidget(open, 0, Qt::AlignLeading);
    }
    addClicks(step, column);
    addValues(step, column);
    addFields(index, column);
    if (!step.ticks.isEmpty()) {
        column->addSpacing(m_theme.px(8));
        column->addWidget(sectionHead(step.ticksHead));
        for (const QString &tick : step.ticks)
            column->addWidget(checkRow(tick));
    }
    column->addWidget(m_states.at(index));
    m_next[index] = new PrimaryButton(m_theme, step.kind == Kind::App ? tr("Save and go on") : step.kind == Kind::Account ? tr("Connect") : tr("Next"), page);
    connect(m_next.at(index), &QAbstractButton::clicked, this, &ConnectPage::goOn);
    column->addWidget(footer(index, m_next.at(index)));
    column->addStretch(1);
    return page;
}

void ConnectPage::addClicks(const ConnectStep &step, QVBoxLayout *column)
{
    if (!step.clicksHead.isEmpty()) {
        column->addSpacing(m_theme.px(8));
        column->addWidget(sectionHead(step.clicksHead));
    }
    for (int i = 0; i < step.clicks.size(); ++i) {
        auto *row = new QHBoxLayout;
        row->setContentsMargins(m_theme.px(12), 0, 0, 0);
        QLabel *number = label(QLocale().toString(i + 1) + u'.', false, true);
        number->setMinimumWidth(m_theme.px(18));
        row->addWidget(number, 0, Qt::AlignTop);
        row->addWidget(label(step.clicks.at(i)), 1);
        column->addLayout(row);
    }
}

void ConnectPage::addValues(const ConnectStep &step, QVBoxLayout *column)
{
    if (step.values.isEmpty())
        return;
    column->addSpacing(m_theme.px(8));
    column->addWidget(sectionHead(step.valuesHead));
    for (const ConnectValue &value : step.values) {
        auto *row = new CopyRow(m_theme, value.name);
        if (value.isSetForYou)
            row->setNote(tr("set for you"));
        switch (value.kind) {
        case ConnectValue::Kind::Redirect: m_redirects.append(row); break;
        case ConnectValue::Kind::Webhook: m_webhooks.append(row); break;
        case ConnectValue::Kind::VerifyToken: m_verifyRows.append(row); break;
        case ConnectValue::Kind::Fixed: row->setValue(value.value, {}); break;
        }
        column->addWidget(row);
        if (value.kind != ConnectValue::Kind::VerifyToken)
            continue;
        m_newVerifyToken = new QPushButton(tr("Make a new verify token"));
        connect(m_newVerifyToken, &QAbstractButton::clicked, this, &ConnectPage::makeVerifyToken);
        column->addWidget(m_newVerifyToken, 0, Qt::AlignLeading);
    }
}

void ConnectPage::addFields(int index, QVBoxLayout *column)
{
    const ConnectStep &step = m_plan.steps.at(index);
    if (step.fields.isEmpty())
        return;
    column->addSpacing(m_theme.px(8));
    column->addWidget(sectionHead(step.fieldsHead));
    QList<FieldRow *> advanced;
    for (const ConnectField &field : step.fields) {
        auto *row = new FieldRow(m_theme, field);
        connect(row, &FieldRow::submitted, this, &ConnectPage::goOn);
        m_fields.append(row);
        if (field.isAdvanced)
            advanced.append(row);
        else
            column->addWidget(row);
    }
    if (!step.fieldsNote.isEmpty())
        column->addWidget(label(step.fieldsNote, false, true));
    for (const ConnectChoice &choice : step.choices) {
        auto *row = new ChoiceRow(m_theme, choice);
        m_choices.append(row);
        column->addSpacing(m_theme.px(8));
        column->addWidget(row);
    }
    if (!advanced.isEmpty() || !step.advancedNote.isEmpty())
        addAdvanced(step, advanced, column);
}

/// What few need stays folded away until it is wanted, or until something in it is wrong.
void ConnectPage::addAdvanced(const ConnectStep &step, const QList<FieldRow *> &rows, QVBoxLayout *column)
{
    m_more = new QPushButton(tr("More options"));
    m_more->setCheckable(true);
    m_advanced = new QWidget;
    auto *inner = new QVBoxLayout(m_advanced);
    inner->setContentsMargins(0, 0, 0, 0);
    inner->setSpacing(m_theme.px(8));
    for (FieldRow *row : rows)
        inner->addWidget(row);
    if (!step.advancedNote.isEmpty())
        inner->addWidget(label(step.advancedNote, false, true));
    m_advanced->hide();
    connect(m_more, &QAbstractButton::toggled, this, [this](bool open) {
        m_advanced->setVisible(open);
        m_more->setText(open ? tr("Fewer options") : tr("More options"));
    });
    column->addSpacing(m_theme.px(8));
    column->addWidget(m_more, 0, Qt::AlignLeading);
    column->addWidget(m_advanced);
}

/// Another way is another plan, from the beginning.
void ConnectPage::addWays(QVBoxLayout *column)
{
    auto *row = new ChoiceRow(m_theme, m_plan.ways);
    row->setValue(m_plan.way);
    connect(
        row, &ChoiceRow::changed, this,
        [this, row = QPointer<ChoiceRow>(row)] {
            if (row && row->value() != m_plan.way)
                begin(m_plan.channel, {}, row->value());
        },
        Qt::QueuedConnection);      // it goes away with its page
    column->addWidget(row);
}

void ConnectPage::buildAddress(int index, QVBoxLayout *column)
{
    column->setSpacing(m_theme.px(12));
    if (!m_plan.ways.options.isEmpty() && !m_reconnect)
        addWays(column);
    column->addWidget(m_states.at(index));
    if (!m_plan.steps.at(index).note.isEmpty())
        column->addWidget(label(m_plan.steps.at(index).note, false, true));
    m_next[index] = new PrimaryButton(m_theme, tr("Next"));
    connect(m_next.at(index), &QAbstractButton::clicked, this, &ConnectPage::goOn);
    column->addWidget(footer(index, m_next.at(index)));
    m_tunnel = new TunnelPanel(m_theme, m_api.client());
    connect(m_tunnel, &TunnelPanel::changed, this, &ConnectPage::takeAddress);
    column->addWidget(m_tunnel);
    column->addStretch(1);
}

void ConnectPage::buildConsent(int index, QVBoxLayout *column)
{
    column->setSpacing(m_theme.px(12));
    m_openBrowser = new PrimaryButton(m_theme, tr("Open %1 in the browser").arg(channelTitle(m_plan.channel)));
    m_openBrowser->setIconName("external"_L1);
    connect(m_openBrowser, &QAbstractButton::clicked, this, &ConnectPage::openConsent);
    column->addWidget(m_openBrowser, 0, Qt::AlignLeading);
    column->addWidget(m_states.at(index));
    m_keysAgain = new QPushButton(tr("Enter the keys again"));
    m_keysAgain->hide();
    connect(m_keysAgain, &QAbstractButton::clicked, this, [this] {
        m_keysAgain->hide();
        showStep(Kind::App);
        for (FieldRow *row : std::as_const(m_fields)) {
            if (row->field().where == ConnectField::Where::AppSecret)
                row->edit()->setFocus();
        }
    });
    column->addWidget(m_keysAgain, 0, Qt::AlignLeading);
    column->addWidget(label(tr("Did the browser end on a page that can't be reached? Paste the address that it shows:"), false, true));
    m_pasted = new QLineEdit;
    m_pasted->setAccessibleName(tr("Address of the page the browser ended on"));
    m_pasted->setPlaceholderText(u"https://…"_s + m_plan.callbackPath + u"?code=…"_s);
    m_pasted->setLayoutDirection(Qt::LeftToRight);
    m_pasteButton = new QPushButton(tr("Use this address"));
    connect(m_pasteButton, &QAbstractButton::clicked, this, &ConnectPage::paste);
    connect(m_pasted, &QLineEdit::returnPressed, this, &ConnectPage::paste);
    column->addWidget(m_pasted);
    column->addWidget(footer(index, m_pasteButton));
    column->addStretch(1);
}

void ConnectPage::buildRoundTrip(QVBoxLayout *column)
{
    const int index = int(m_plan.steps.size()) - 1;
    column->setSpacing(m_theme.px(12));
    m_checks = label({});
    column->addWidget(m_checks);
    m_checkAgain = new QPushButton(tr("Check again"));
    m_checkAgain->hide();
    connect(m_checkAgain, &QAbstractButton::clicked, this, &ConnectPage::check);
    column->addWidget(m_checkAgain, 0, Qt::AlignLeading);
    const ConnectStep &step = m_plan.steps.at(index);
    column->addWidget(label(step.text, false, true));
    column->addWidget(m_states.at(index));
    addClicks(step, column);
    if (!step.note.isEmpty())
        column->addWidget(label(step.note, false, true));
    m_next[index] = new PrimaryButton(m_theme, tr("Done"));
    connect(m_next.at(index), &QAbstractButton::clicked, this, [this] { emit finished(m_inbox ? m_inbox->id : InboxId()); });
    column->addWidget(footer(index, m_next.at(index)));
    column->addStretch(1);
}

void ConnectPage::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("surface.view"_L1));
    setPalette(colors);
    m_title->setFont(m_theme.font(TypeRole::Heading, true));
    for (QLabel *head : std::as_const(m_heads))
        head->setFont(m_theme.font(TypeRole::Title, true));
    for (const auto &[place, secondary] : std::as_const(m_labels)) {
        place->setFont(m_theme.font(TypeRole::Body, m_sections.contains(place)));
        QPalette own = place->palette();
        if (secondary) {
            own.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
            place->setPalette(own);
        }
    }
    if (m_pages)
        m_pages->setMaximumWidth(m_theme.px(680));
}

} // namespace antiphon
