#include "ui/settings/blockedcustomers.h"

#include "ui/models/errortext.h"
#include "ui/models/richtext.h"
#include "ui/models/whendone.h"
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPushButton>

#include <algorithm>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {
constexpr int kPage = 200;
constexpr int kLongestName = 80;
} // namespace

BlockedCustomers::BlockedCustomers(DeskApi &api, const Theme &theme, QWidget *parent)
    : QWidget(parent)
    , m_api(api)
    , m_theme(theme)
    , m_note(new QLabel(this))
    , m_rows(new QVBoxLayout)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(m_theme.px(8));
    m_note->setTextFormat(Qt::PlainText);
    m_note->setWordWrap(true);
    column->addWidget(m_note);
    m_rows->setSpacing(m_theme.px(4));
    column->addLayout(m_rows);
    connect(&m_api.client(), &DeskClient::opened, this, &BlockedCustomers::read);
    connect(&m_api.client(), &DeskClient::eventReceived, this, [this](const DeskEvent &event) {
        if (event.type == "contact.updated"_L1)
            read();
    });
    connect(&theme, &Theme::changed, this, &BlockedCustomers::dress);
    dress();
}

void BlockedCustomers::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    read();
}

void BlockedCustomers::read()
{
    if (!isVisible() || m_api.client().state() != DeskClient::State::Open)
        return;
    m_isOutdated = m_isReading;
    if (std::exchange(m_isReading, true))
        return;
    m_coming.clear();
    readPage({});
}

void BlockedCustomers::readPage(const QString &cursor)
{
    whenDone(m_api.blockedContacts(cursor, kPage), this, [this](const Result<ContactPage> &page) {
        if (page && !page->nextCursor.isEmpty()) {
            m_coming += page->items;
            return readPage(page->nextCursor);
        }
        m_isReading = false;
        if (!page) {
            m_note->setText(errorText(page.error()));
            return;
        }
        const QList<Contact> before = std::exchange(m_contacts, m_coming + page->items);
        const bool isSame = std::equal(before.cbegin(), before.cend(), m_contacts.cbegin(), m_contacts.cend(),
                                       [](const Contact &one, const Contact &other) { return one.id == other.id && one.name == other.name; });
        if (isSame)
            showNote();                  // new rows would take the keyboard's focus away
        else
            showRows();
        if (std::exchange(m_isOutdated, false))
            read();
    });
}

void BlockedCustomers::showNote()
{
    m_note->setText(m_contacts.isEmpty() ? tr("Nobody is blocked. A conversation's menu has “Block customer …”.")
                                         : tr("What they write is kept in resolved conversations, and nobody is told of it."));
}

void BlockedCustomers::showRows()
{
    while (QLayoutItem *item = m_rows->takeAt(0)) {
        if (item->widget())
            item->widget()->deleteLater();
        delete item;
    }
    showNote();
    for (const Contact &contact : std::as_const(m_contacts)) {
        auto *row = new QWidget(this);
        auto *across = new QHBoxLayout(row);
        across->setContentsMargins(0, 0, 0, 0);
        const QString title = plainLine(contact.name, kLongestName);
        auto *name = new QLabel(title, row);
        name->setTextFormat(Qt::PlainText);
        name->setFont(m_theme.font(TypeRole::Body));
        auto *button = new QPushButton(tr("Unblock"), row);
        button->setAccessibleName(tr("Unblock %1").arg(title));
        across->addWidget(name, 1);
        across->addWidget(button);
        connect(button, &QAbstractButton::clicked, this, [this, id = contact.id] { unblock(id); });
        m_rows->addWidget(row);
    }
}

void BlockedCustomers::unblock(ContactId id)
{
    whenDone(m_api.updateContact(id, {.isBlocked = false}), this, [this](const Result<Contact> &contact) {
        if (!contact)
            m_note->setText(errorText(contact.error()));
        else
            read();
    });
}

void BlockedCustomers::dress()
{
    QPalette colors = m_theme.palette();
    colors.setColor(QPalette::WindowText, m_theme.color("text.secondary"_L1));
    m_note->setFont(m_theme.font(TypeRole::Body));
    m_note->setPalette(colors);
    showRows();
}

} // namespace antiphon
