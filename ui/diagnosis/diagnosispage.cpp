#include "ui/diagnosis/diagnosispage.h"

#include "ui/diagnosis/datatable.h"
#include "ui/diagnosis/diagnosistext.h"
#include "ui/diagnosis/rowsmodel.h"
#include "ui/models/errortext.h"
#include "ui/models/inboxmodel.h"
#include "ui/models/relativetime.h"
#include "ui/models/whendone.h"
#include "ui/theme/theme.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/hairline.h"
#include "ui/widgets/iconbutton.h"

#include <QBoxLayout>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QScrollArea>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::chrono::seconds kTick{5};
constexpr std::chrono::milliseconds kSoon{500};
constexpr int kPage = 100;
constexpr int kFigureColumns = 6;

QLabel *plainLabel(const QString &text, QWidget *parent)
{
    auto *label = new QLabel(text, parent);
    label->setTextFormat(Qt::PlainText);
    label->setWordWrap(true);
    return label;
}

} // namespace

DiagnosisPage::DiagnosisPage(DeskApi &api, InboxModel &inboxes, const Theme &theme, const Clock &clock, QWidget *parent)
    : QWidget(parent)
    , m_api(api)
    , m_tunnelApi(api.client())
    , m_inboxes(inboxes)
    , m_theme(theme)
    , m_clock(clock)
{
    m_inboxRows = new RowsModel(theme, {tr("Inbox"), tr("State"), tr("Last event"), tr("Usually"),
                                     tr("Access"), tr("Received"), tr("Waiting"), tr("Set aside"), tr("Duplicates"), tr("Found later"), tr("Acknowledged")}, this);
    m_groupRows = new RowsModel(theme, {tr("Reason"), tr("Inbox"), tr("Kind"), tr("How many"), tr("Newest")}, this);
    m_letterRows = new RowsModel(theme, {tr("Time"), tr("Inbox"), tr("Kind"), tr("Reason"), tr("Tries")}, this);
    m_gapRows = new RowsModel(theme, {tr("When"), tr("Inbox"), tr("Result"), tr("Why"), tr("Note")}, this);
    m_refusedRows = new RowsModel(theme, {tr("Time"), tr("Address"), tr("Reason")}, this);
    m_laneRows = new RowsModel(theme, {tr("Thread"), tr("Inbox"), tr("Waits for"), tr("Tries"), tr("Reason")}, this);
    build();
    m_tick.setInterval(kTick);
    m_soon.setInterval(kSoon);
    m_soon.setSingleShot(true);
    connect(&m_tick, &QTimer::timeout, this, &DiagnosisPage::readHealth);
    connect(&m_soon, &QTimer::timeout, this, &DiagnosisPage::refresh);
    connect(&m_inboxes, &InboxModel::changed, this, &DiagnosisPage::showHealth);
    connect(&m_theme, &Theme::changed, this, &DiagnosisPage::dress);
    dress();
    showSections();
    showButtons();
}

void DiagnosisPage::build()
{
    setAccessibleName(tr("Diagnosis"));
    setAutoFillBackground(true);
    m_title = plainLabel(tr("Diagnosis"), this);
    m_title->setWordWrap(false);
    m_checked = plainLabel({}, this);
    m_checked->setWordWrap(false);
    m_again = new QPushButton(tr("Look again"), this);
    m_close = new IconButton(m_theme, "close"_L1, tr("Close the diagnosis"), this);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(m_theme.px(24), m_theme.px(10), m_theme.px(12), m_theme.px(10));
    head->setSpacing(m_theme.px(12));
    head->addWidget(m_title);
    head->addWidget(m_checked, 1);
    head->addWidget(m_again);
    head->addWidget(m_close);
    m_finding = new Banner(m_theme, this);
    m_finding->hide();
    m_said = new Banner(m_theme, this);
    m_said->setClosable(true);
    m_said->hide();
    auto *page = new QWidget;
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(m_theme.px(24), m_theme.px(16), m_theme.px(24), m_theme.px(24));
    column->setSpacing(m_theme.px(8));
    buildFigures(column);
    m_inboxSection = addSection(column, tr("Inboxes"), tr("No inbox is connected yet."), m_inboxRows, 12, 0);
    m_groupSection = addSection(column, tr("Could not be processed"), tr("Nothing. Whatever can't be read is set aside here with its reason, and nothing waits behind it."), m_groupRows, 6, 0);
    m_letterSection = addSection(column, tr("One by one"), {}, m_letterRows, 10, 3);
    buildLetterButtons(column);
    m_gapSection = addSection(column, tr("While nobody was there"), tr("Antiphon has not been away."), m_gapRows, 8, 4);
    m_refusedSection = addSection(column, tr("Refused requests"), tr("None since the start. Only requests that a platform has signed are taken."), m_refusedRows, 6, 2);
    m_laneSection = addSection(column, tr("Threads that wait longest"), tr("None waits."), m_laneRows, 6, 4);
    column->addStretch(1);
    m_scroll = new QScrollArea(this);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setWidget(page);
    auto *all = new QVBoxLayout(this);
    all->setContentsMargins(0, 0, 0, 0);
    all->setSpacing(0);
    all->addLayout(head);
    all->addWidget(new Hairline(m_theme, Qt::Horizontal, this));
    all->addWidget(m_finding);
    all->addWidget(m_said);
    all->addWidget(m_scroll, 1);
    connect(m_again, &QAbstractButton::clicked, this, &DiagnosisPage::refresh);
    connect(m_close, &QAbstractButton::clicked, this, &DiagnosisPage::closed);
    connect(m_said, &Banner::closed, m_said, &QWidget::hide);
    connect(m_inboxSection.table, &QAbstractItemView::activated, this, [this](const QModelIndex &index) {
        if (const auto id = InboxId::fromString(index.data(RowsModel::KeyRole).toString()))
            emit inboxSettingsRequested(*id);
    });
    connect(m_groupSection.table, &DataTable::chosen, this, &DiagnosisPage::showLetters);
    connect(m_letterSection.table, &DataTable::chosen, this, &DiagnosisPage::showButtons);
}

void DiagnosisPage::buildFigures(QVBoxLayout *column)
{
    auto *box = new QWidget;
    m_figures = new QGridLayout(box);
    m_figures->setContentsMargins(0, 0, 0, m_theme.px(8));
    m_figures->setHorizontalSpacing(m_theme.px(24));
    m_figures->setVerticalSpacing(m_theme.px(2));
    const QStringList names{tr("Received"),        tr("Acknowledged after"), tr("Waiting"),     tr("Duplicates"),     tr("Lost, found later"), tr("Not processed"),
                            tr("Public address"),  tr("Clock"),              tr("Disk"),        tr("Log on the disk"), tr("Longest write"),     tr("Jobs past their lease")};
    for (int i = 0; i < names.size(); ++i) {
        auto *name = plainLabel(names.at(i), box);
        auto *value = plainLabel(u"–"_s, box);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setContentsMargins(0, 0, 0, m_theme.px(10));
        m_figureLabels.append(std::pair(name, value));
        const int row = i / kFigureColumns * 2;
        m_figures->addWidget(name, row, i % kFigureColumns, Qt::AlignBottom);
        m_figures->addWidget(value, row + 1, i % kFigureColumns, Qt::AlignTop);
        m_figures->setColumnStretch(i % kFigureColumns, 1);
    }
    column->addWidget(box);
}

void DiagnosisPage::buildLetterButtons(QVBoxLayout *column)
{
    m_letterButtons = new QWidget;
    auto *row = new QHBoxLayout(m_letterButtons);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(m_theme.px(8));
    const auto add = [&](const QString &text, void (DiagnosisPage::*slot)()) {
        auto *button = new QPushButton(text, m_letterButtons);
        row->addWidget(button);
        connect(button, &QAbstractButton::clicked, this, slot);
        return button;
    };
    m_retry = add(tr("Try again"), &DiagnosisPage::retry);
    m_retryAll = add(tr("Try all with this reason"), &DiagnosisPage::retryAll);
    m_discard = add(tr("Discard …"), &DiagnosisPage::discard);
    m_copy = add(tr("Copy masked content"), &DiagnosisPage::copyPayload);
    m_conversation = add(tr("Open conversation"), &DiagnosisPage::openConversation);
    row->addStretch(1);
    m_export = add(tr("Export for a bug report …"), &DiagnosisPage::exportReport);
    column->addWidget(m_letterButtons);
}

DiagnosisPage::Section DiagnosisPage::addSection(QVBoxLayout *column, const QString &title, const QString &empty, RowsModel *rows, int mostRows, int stretched)
{
    Section section;
    section.head = plainLabel(title, this);
    section.head->setContentsMargins(0, m_theme.px(12), 0, 0);
    section.empty = plainLabel(empty, this);
    section.table = new DataTable(m_theme, title, mostRows, this);
    section.table->setStretchColumn(stretched);
    section.table->setModel(rows);
    for (QWidget *part : {static_cast<QWidget *>(section.head), static_cast<QWidget *>(section.empty), static_cast<QWidget *>(section.table)})
        column->addWidget(part);
    return section;
}

void DiagnosisPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
    m_tick.start();
}

void DiagnosisPage::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_tick.stop();
    m_soon.stop();
}

void DiagnosisPage::applyEvent(const DeskEvent &event)
{
    if (!isVisible())
        return;
    if (event.type == "intake.dead_letter"_L1 || event.type == "intake.gap"_L1 || event.type == "tunnel.updated"_L1 || event.type.startsWith("inbox."_L1)) {
        if (!m_soon.isActive())
            m_soon.start();
    }
}

void DiagnosisPage::refresh()
{
    readHealth();
    readLetters();
    readGaps();
    readTunnel();
}

void DiagnosisPage::readHealth()
{
    if (std::exchange(m_isReading, true))
        return;
    whenDone(m_api.intakeHealth(), this, [this](const Result<DeskHealth> &health) {
        m_isReading = false;
        if (!health) {
            m_checked->setText(errorText(health.error()));
            return;
        }
        m_health = *health;
        m_checked->setText(tr("as of %1").arg(clockTime(m_clock.now())));
        showHealth();
    });
}

void DiagnosisPage::readLetters()
{
    whenDone(m_api.deadLetterGroups(), this, [this](const Result<Page<DeadLetterGroup>> &page) {
        if (!page)
            return;
        m_groups = page->items;
        QList<RowsModel::Row> rows;
        for (int i = 0; i < m_groups.size(); ++i) {
            const DeadLetterGroup &group = m_groups.at(i);
            const QString key = u"%1|%2|%3|%4"_s.arg(group.inboxId.toString(), group.kind, group.errorClass, group.reason);
            rows.append({.key = key,
                         .cells = {group.reason.isEmpty() ? tr("No reason given") : group.reason, nameOf(group.inboxId), diagnosis::letterKind(group.kind),
                                   QLocale().toString(group.count), listTime(group.newestAt, m_clock.now())}});
        }
        m_groupRows->setRows(rows);
        showHealth();
    });
    whenDone(m_api.deadLetters({}, kPage), this, [this](const Result<DeadLetterPage> &page) {
        if (!page)
            return;
        m_letters = page->items;
        showLetters();
        readMoreLetters(page->nextCursor);
    });
}

void DiagnosisPage::readMoreLetters(const QString &cursor)
{
    m_letterRows->setMore(cursor.isEmpty() ? std::function<void()>() : [this, cursor] {
        whenDone(m_api.deadLetters(cursor, kPage), this, [this](const Result<DeadLetterPage> &page) {
            if (!page)
                return;
            m_letters += page->items;
            showLetters();
            readMoreLetters(page->nextCursor);
        });
    });
}

void DiagnosisPage::readGaps()
{
    whenDone(m_api.gaps({}, kPage), this, [this](const Result<Page<Gap>> &page) {
        if (!page)
            return;
        m_gaps = page->items;
        QList<RowsModel::Row> rows;
        for (const Gap &gap : std::as_const(m_gaps)) {
            const Tone tone = gap.state == Gap::State::Recovered ? Tone::Ok : gap.state == Gap::State::Open ? Tone::Info : Tone::Warn;
            const auto icon = gap.state == Gap::State::Recovered ? "ok-circle"_L1 : gap.state == Gap::State::Open ? "clock"_L1 : "alert"_L1;
            rows.append({.key = gap.id.toString(),
                         .cells = {diagnosis::gapTimes(gap, m_clock.now()), nameOf(gap.inboxId), diagnosis::gapState(gap), diagnosis::gapCause(gap.cause),
                                   diagnosis::gapReasons(gap)},
                         .toneCell = 2,
                         .tone = tone,
                         .icon = icon});
        }
        m_gapRows->setRows(rows);
        showSections();
    });
}

void DiagnosisPage::readTunnel()
{
    whenDone(m_tunnelApi.tunnel(), this, [this](const Result<DeskTunnel> &tunnel) {
        m_tunnel = tunnel ? std::optional(*tunnel) : std::nullopt;
        showHealth();
    });
}

void DiagnosisPage::showHealth()
{
    if (!m_health)
        return;
    const Timestamp now = m_clock.now();
    QList<Inbox> inboxes;
    QList<RowsModel::Row> rows;
    for (int i = 0; i < m_inboxes.rowCount(); ++i) {
        const Inbox &inbox = m_inboxes.at(i);
        inboxes.append(inbox);
        const DeskHealth::OfInbox known = m_health->find(inbox.id) ? *m_health->find(inbox.id) : DeskHealth::OfInbox();
        const diagnosis::Finding state = diagnosis::stateOf(inbox, m_health->find(inbox.id), now);
        QString acknowledged = u"–"_s;
        for (const DeskHealth::Latency &latency : std::as_const(m_health->latency)) {
            if (latency.channel == channelName(inbox.channel))
                acknowledged = tr("%1, p99 %2").arg(diagnosis::milliseconds(latency.p50Ms), diagnosis::milliseconds(latency.p99Ms));
        }
        const QLocale locale;
        rows.append({.key = inbox.id.toString(),
                     .cells = {inbox.name, state.text, known.lastEventAt ? listTime(*known.lastEventAt, now) : u"–"_s, diagnosis::usually(known),
                               diagnosis::tokenLife(known, now), locale.toString(known.received), locale.toString(known.pending + known.parked),
                               locale.toString(known.dead), locale.toString(known.duplicates), locale.toString(known.lostFoundByPoll), acknowledged},
                     .toneCell = 1,
                     .tone = state.tone,
                     .icon = state.icon});
    }
    m_inboxRows->setRows(rows);
    rows.clear();
    for (int i = 0; i < m_health->refused.size(); ++i) {
        const DeskHealth::Refusal &refusal = m_health->refused.at(i);
        rows.append({.key = QString::number(i), .cells = {listTime(refusal.at, now), refusal.route, diagnosis::refusalReason(refusal.reason)}});
    }
    m_refusedRows->setRows(rows);
    rows.clear();
    for (const DeskHealth::Lane &lane : std::as_const(m_health->lanes))
        rows.append({.key = lane.hash, .cells = {lane.hash, nameOf(lane.inboxId), durationText(lane.age), QLocale().toString(lane.attempts), lane.reason}});
    m_laneRows->setRows(rows);
    qint64 dead = 0;
    for (const DeadLetterGroup &group : std::as_const(m_groups))
        dead += group.count;
    const diagnosis::Finding finding = diagnosis::mostUrgent(inboxes, *m_health, m_tunnel, dead, now);
    m_findingText = finding.text;
    m_finding->setContent(finding.tone, finding.icon, finding.text);
    m_finding->show();
    showFigures();
    showSections();
}

void DiagnosisPage::showFigures()
{
    const QLocale locale;
    DeskHealth::OfInbox sum;
    for (const DeskHealth::OfInbox &own : std::as_const(m_health->inboxes)) {
        sum.received += own.received;
        sum.duplicates += own.duplicates;
        sum.pending += own.pending;
        sum.parked += own.parked;
        sum.lostFoundByPoll += own.lostFoundByPoll;
    }
    qint64 dead = 0;
    for (const DeadLetterGroup &group : std::as_const(m_groups))
        dead += group.count;
    const DeskHealth::Latency *slowest = nullptr;
    for (const DeskHealth::Latency &own : std::as_const(m_health->latency)) {
        if (!slowest || own.p99Ms > slowest->p99Ms)
            slowest = &own;
    }
    const QString clock = m_health->clockOffset ? tr("%1 s off").arg(locale.toString(double(m_health->clockOffset->count()) / 1000, 'f', 1)) : tr("not measured");
    const QStringList values{
        locale.toString(sum.received),
        slowest ? tr("%1, p99 %2").arg(diagnosis::milliseconds(slowest->p50Ms), diagnosis::milliseconds(slowest->p99Ms)) : u"–"_s,
        sum.parked > 0 ? tr("%1, %2 parked").arg(locale.toString(sum.pending), locale.toString(sum.parked)) : locale.toString(sum.pending),
        locale.toString(sum.duplicates),
        locale.toString(sum.lostFoundByPoll),
        locale.toString(dead),
        m_tunnel ? diagnosis::tunnelState(*m_tunnel) : u"–"_s,
        clock,
        m_health->diskFree ? tr("%1 free").arg(locale.formattedDataSize(*m_health->diskFree, 0)) : u"–"_s,
        tr("%1, %2 a batch").arg(locale.formattedDataSize(m_health->store.walBytes, 1), locale.toString(m_health->store.batchSize, 'f', 1)),
        diagnosis::milliseconds(double(m_health->store.longestClosure.count())),
        locale.toString(m_health->lostLeases)};
    for (int i = 0; i < m_figureLabels.size(); ++i)
        m_figureLabels.at(i).second->setText(values.at(i));
}

void DiagnosisPage::showLetters()
{
    const QString keptKey = m_letterSection.table->chosenKey();
    const DeadLetterGroup *group = chosenGroup();
    QList<RowsModel::Row> rows;
    for (const DeadLetter &letter : std::as_const(m_letters)) {
        const bool isOfGroup = !group || (letter.reason == group->reason && letter.kind == group->kind && letter.inboxId == group->inboxId);
        if (isOfGroup)
            rows.append({.key = letter.id,
                         .cells = {listTime(letter.receivedAt, m_clock.now()), nameOf(letter.inboxId), diagnosis::letterKind(letter.kind),
                                   letter.reason.isEmpty() ? tr("No reason given") : letter.reason, QLocale().toString(letter.attempts)}});
    }
    m_letterRows->setRows(rows);
    if (const int row = m_letterRows->rowOf(keptKey); row >= 0)
        m_letterSection.table->selectRow(row);
    showSections();
    showButtons();
}

void DiagnosisPage::showSections()
{
    const auto show = [](const Section &section, bool isUsed) {
        const bool hasRows = section.table->model()->rowCount() > 0;
        section.head->setVisible(isUsed);
        section.table->setVisible(isUsed && hasRows);
        section.empty->setVisible(isUsed && !hasRows && !section.empty->text().isEmpty());
    };
    const bool hasDead = m_groupRows->rowCount() > 0 || m_letterRows->rowCount() > 0;
    show(m_inboxSection, true);
    show(m_groupSection, true);
    show(m_letterSection, hasDead);
    m_letterButtons->setVisible(hasDead);
    show(m_gapSection, true);
    show(m_refusedSection, true);
    show(m_laneSection, true);
}

void DiagnosisPage::showDeadLetters()
{
    m_scroll->ensureWidgetVisible(m_groupSection.table->isVisible() ? static_cast<QWidget *>(m_groupSection.table) : m_groupSection.head);
}

void DiagnosisPage::showButtons()
{
    const bool hasLetter = chosenLetter() != nullptr;
    const QString why = hasLetter ? QString() : tr("Choose a line first.");
    for (QPushButton *button : {m_retry, m_discard, m_copy, m_conversation}) {
        button->setEnabled(hasLetter);
        button->setToolTip(why);
    }
    const bool hasReason = hasLetter || chosenGroup() != nullptr;
    m_retryAll->setEnabled(hasReason);
    m_retryAll->setToolTip(hasReason ? QString() : tr("Choose a reason or a line first."));
}

QString DiagnosisPage::nameOf(InboxId id) const
{
    const Inbox *inbox = m_inboxes.find(id);
    return inbox ? inbox->name : id ? tr("Deleted inbox") : u"–"_s;
}

const DeadLetterGroup *DiagnosisPage::chosenGroup() const
{
    const int row = m_groupRows->rowOf(m_groupSection.table->chosenKey());
    return row >= 0 && row < m_groups.size() ? &m_groups.at(row) : nullptr;
}

const DeadLetter *DiagnosisPage::chosenLetter() const
{
    const QString key = m_letterSection.table->chosenKey();
    const auto it = std::find_if(m_letters.begin(), m_letters.end(), [&key](const DeadLetter &letter) { return letter.id == key; });
    return key.isEmpty() || it == m_letters.end() ? nullptr : &*it;
}

void DiagnosisPage::say(const QString &sentence, bool isError)
{
    m_said->setContent(isError ? Tone::Warn : Tone::Ok, isError ? "alert"_L1 : "ok-circle"_L1, sentence);
    m_said->show();
}

void DiagnosisPage::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::Window, m_theme.color("surface.view"_L1));
    setPalette(colors);
    m_title->setFont(m_theme.font(TypeRole::Heading, true));
    QPalette secondary = colors;
    secondary.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_checked->setFont(m_theme.font(TypeRole::Small));
    m_checked->setPalette(secondary);
    for (const Section *section : {&m_inboxSection, &m_groupSection, &m_letterSection, &m_gapSection, &m_refusedSection, &m_laneSection}) {
        section->head->setFont(m_theme.font(TypeRole::Body, true));
        section->empty->setFont(m_theme.font(TypeRole::Body));
        section->empty->setPalette(secondary);
    }
    for (const auto &[name, value] : std::as_const(m_figureLabels)) {
        name->setFont(m_theme.font(TypeRole::Small));
        name->setPalette(secondary);
        value->setFont(m_theme.font(TypeRole::Message, true));
    }
}

} // namespace antiphon
