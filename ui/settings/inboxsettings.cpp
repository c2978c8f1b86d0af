#include "ui/settings/inboxsettings.h"

#include "ui/models/errortext.h"
#include "ui/models/inboxmodel.h"
#include "ui/models/whendone.h"
#include "ui/settings/inboxcard.h"
#include "ui/theme/theme.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/primarybutton.h"

#include <QBoxLayout>
#include <QInputDialog>
#include <QMessageBox>
#include <QScrollArea>

namespace antiphon {
using namespace Qt::StringLiterals;

InboxSettings::InboxSettings(DeskApi &api, InboxModel &inboxes, const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_api(api)
    , m_inboxes(inboxes)
    , m_theme(theme)
    , m_column(new QVBoxLayout(this))
    , m_empty(new EmptyState(theme, this))
    , m_add(new PrimaryButton(theme, tr("Connect a channel"), this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(m_theme.px(12));
    m_empty->setContent("inbox"_L1, tr("No inbox yet"), tr("An inbox is one account of a platform, where customers write to."));
    m_column->addWidget(m_empty);
    m_add->setIconName("plus"_L1);
    m_column->addWidget(m_add, 0, Qt::AlignLeading);
    connect(m_add, &QAbstractButton::clicked, this, &InboxSettings::connectRequested);
    connect(&m_inboxes, &InboxModel::changed, this, &InboxSettings::rebuild);
    rebuild();
}

void InboxSettings::rebuild()
{
    QHash<InboxId, InboxCard *> kept;
    for (int i = 0; i < m_inboxes.rowCount(); ++i) {
        const Inbox &inbox = m_inboxes.at(i);
        InboxCard *card = m_cards.take(inbox.id);
        if (!card) {
            card = new InboxCard(m_theme, this);
            const InboxId id = inbox.id;
            connect(card, &InboxCard::checkRequested, this, [this, id] { check(id); });
            connect(card, &InboxCard::takeOverRequested, this, [this, id] { check(id, true); });
            connect(card, &InboxCard::syncRequested, this, [this, id] { syncPhone(id); });
            connect(card, &InboxCard::reconnectRequested, this, [this, id] { emit reconnectRequested(id); });
            connect(card, &InboxCard::renameRequested, this, [this, id] { rename(id); });
            connect(card, &InboxCard::toggleRequested, this, [this, id] { toggle(id); });
            connect(card, &InboxCard::deleteRequested, this, [this, id] { confirmDelete(id); });
        }
        card->setInbox(inbox);
        m_column->insertWidget(i, card);
        kept.insert(inbox.id, card);
    }
    for (InboxCard *gone : std::as_const(m_cards))
        gone->deleteLater();
    m_cards = kept;
    m_empty->setVisible(m_cards.isEmpty());
}

void InboxSettings::showInbox(InboxId inbox)
{
    InboxCard *card = m_cards.value(inbox);
    if (!card)
        return;
    for (QWidget *above = parentWidget(); above; above = above->parentWidget()) {
        if (auto *scroll = qobject_cast<QScrollArea *>(above)) {
            scroll->ensureWidgetVisible(card);
            return;
        }
    }
}

void InboxSettings::check(InboxId id, bool repair)
{
    m_cards.value(id)->setBusy(true);
    whenDone(m_api.checkInbox(id, repair), this, [this, id](const Result<DeskCheck> &result) {
        if (InboxCard *card = m_cards.value(id))
            card->showCheck(result);
    });
}

void InboxSettings::syncPhone(InboxId id)
{
    m_cards.value(id)->setBusy(true);
    whenDone(m_api.syncPhone(id), this, [this, id](const Result<Inbox> &answer) {
        InboxCard *card = m_cards.value(id);
        if (!card)
            return;
        if (answer)
            card->showDone(tr("The phone is asked. Contacts and messages come in over the next minutes; the phone must be online."));
        else
            card->showError(answer.error().kind == Error::Kind::Conflict ? tr("The phone was asked already; WhatsApp answers only once.") : errorText(answer.error()));
    });
}

void InboxSettings::rename(InboxId id)
{
    const Inbox *inbox = m_inboxes.find(id);
    if (!inbox)
        return;
    auto *dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Rename the inbox"));
    dialog->setLabelText(tr("Name, as your team sees it"));
    dialog->setTextValue(inbox->name);
    connect(dialog, &QInputDialog::textValueSelected, this, [this, id](const QString &text) {
        const QString name = text.trimmed();
        if (name.isEmpty())
            return;
        whenDone(m_api.updateInbox(id, {.name = name}), this, [this, id](const Result<Inbox> &answer) {
            InboxCard *card = m_cards.value(id);
            if (card && !answer)
                card->showError(errorText(answer.error()));
        });
    });
    dialog->open();
}

void InboxSettings::toggle(InboxId id)
{
    const Inbox *inbox = m_inboxes.find(id);
    if (!inbox)
        return;
    const auto state = inbox->state == Inbox::State::Disabled ? Inbox::State::Active : Inbox::State::Disabled;
    whenDone(m_api.updateInbox(id, {.state = state}), this, [this, id](const Result<Inbox> &answer) {
        InboxCard *card = m_cards.value(id);
        if (card && !answer)
            card->showError(errorText(answer.error()));
    });
}

void InboxSettings::confirmDelete(InboxId id)
{
    const Inbox *inbox = m_inboxes.find(id);
    if (!inbox)
        return;
    auto *dialog = new QMessageBox(QMessageBox::Warning, tr("Delete this inbox?"),
                                   tr("“%1” is disconnected, and its conversations are deleted from this computer. This can't be undone.").arg(inbox->name),
                                   QMessageBox::Cancel, this);
    dialog->setTextFormat(Qt::PlainText);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    QPushButton *yes = dialog->addButton(tr("Delete the inbox"), QMessageBox::DestructiveRole);
    dialog->setDefaultButton(QMessageBox::Cancel);
    connect(yes, &QAbstractButton::clicked, this, [this, id] {
        whenDone(m_api.deleteInbox(id), this, [this, id](const Result<void> &done) {
            InboxCard *card = m_cards.value(id);
            if (card && !done)
                card->showError(errorText(done.error()));
        });
    });
    dialog->open();
}

} // namespace antiphon
