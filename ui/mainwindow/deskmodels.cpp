#include "ui/mainwindow/deskmodels.h"

#include "core/base/logging.h"
#include "core/domain/wire.h"
#include "ui/models/deskfetch.h"
#include "ui/models/errortext.h"
#include "ui/models/whendone.h"

#include <QColor>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// A burst of changes asks for the numbers once.
constexpr auto kCountsPause = 250ms;

} // namespace

DeskModels::DeskModels(DeskClient &client, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_client(client)
    , m_clock(clock)
    , m_api(client)
    , m_list(conversationsFrom(m_api), clock)
    , m_messages(messagesFrom(m_api))
    , m_drafts(draftsTo(m_api))
    , m_images(picturesFrom(client))
{
    m_countsPause.setSingleShot(true);
    m_countsPause.setInterval(kCountsPause);
    connect(&m_countsPause, &QTimer::timeout, this, &DeskModels::readCounts);
    connect(&m_client, &DeskClient::eventReceived, this, &DeskModels::takeEvent);
    connect(&m_client, &DeskClient::opened, this, [this] {
        if (!m_inboxesLoaded)
            readAll();
        else if (!m_drafts.isSaved())
            m_drafts.flush();                                   // typed while the desk was away
    });
    connect(&m_client, &DeskClient::resyncNeeded, this, [this] {
        if (!m_inboxesLoaded)
            return;                                             // opened() follows and reads everything
        readAll();
        m_list.reload();
        m_messages.reload();
        if (m_current)
            whenDone(m_api.conversation(m_current->id), this, [this](const Result<Conversation> &answer) { takeAnswer(answer); });
    });
    if (m_client.state() == DeskClient::State::Open)
        readAll();
}

DeskModels::~DeskModels()
{
    m_drafts.flush();
}

void DeskModels::readAll()
{
    whenDone(m_api.inboxes(), this, [this](const Result<Page<Inbox>> &page) {
        if (!page) {
            emit failed(errorText(page.error()));
            return;
        }
        m_inboxes.setInboxes(page->items);
        m_inboxesLoaded = true;
        emit ready();
    });
    whenDone(m_api.agents(), this, [this](const Result<Page<Agent>> &page) {
        if (!page) {
            emit failed(errorText(page.error()));
            return;
        }
        m_agents = page->items;
        emit peopleChanged();
    });
    whenDone(m_api.labels(), this, [this](const Result<Page<Label>> &page) {
        if (!page) {
            emit failed(errorText(page.error()));
            return;
        }
        m_labels = page->items;
        emit peopleChanged();
    });
    readDrafts();
    readCounts();
}

void DeskModels::readDrafts()
{
    whenDone(m_api.drafts(), this, [this](const Result<QList<Draft>> &drafts) {
        if (drafts)
            m_drafts.setDrafts(*drafts);
        else
            emit failed(errorText(drafts.error()));
    });
}

void DeskModels::readCounts()
{
    if (m_client.state() != DeskClient::State::Open)
        return;                                                 // read again when it is
    // Numbers are never worth a word to the agent: the next change asks again.
    whenDone(m_api.conversationCounts(), this, [this](const Result<ConversationCounts> &counts) {
        if (!counts) {
            qCWarning(lcUi).noquote() << "conversations.counts:" << describe(counts.error());
            return;
        }
        m_counts = *counts;
        m_inboxes.setUnread(counts->byInbox);
        emit countsChanged();
    });
    whenDone(m_api.conversationCounts(m_scope), this, [this](const Result<ConversationCounts> &counts) {
        if (!counts) {
            qCWarning(lcUi).noquote() << "conversations.counts:" << describe(counts.error());
            return;
        }
        m_scopeCounts = *counts;
        emit countsChanged();
    });
}

void DeskModels::setCountsFilter(const ConversationFilter &filter)
{
    m_scope = filter;
    readCounts();
}

QString DeskModels::agentName(AgentId id) const
{
    for (const Agent &agent : m_agents) {
        if (agent.id == id)
            return agent.name;
    }
    const Agent &own = m_client.session().agent;
    return own.id == id ? own.name : QString();
}

QColor DeskModels::labelColor(const QString &title) const
{
    for (const Label &label : m_labels) {
        if (label.title == title)
            return QColor(label.color);
    }
    return {};
}

const Conversation *DeskModels::find(ConversationId id) const
{
    if (m_current && m_current->id == id)
        return &*m_current;
    return m_list.find(id);
}

void DeskModels::open(ConversationId id, MessageId around)
{
    m_drafts.flush();
    if (m_current && m_current->id == id) {
        if (around)
            m_messages.jumpTo(around);
        return;
    }
    m_wanted = id;
    if (const Conversation *known = find(id)) {
        show(*known, around);
        return;
    }
    whenDone(m_api.conversation(id), this, [this, id, around](const Result<Conversation> &answer) {
        if (m_wanted != id)
            return;                                             // another one was chosen meanwhile
        if (answer)
            show(*answer, around);
        else
            emit failed(errorText(answer.error()));
    });
}

void DeskModels::show(const Conversation &conversation, MessageId around)
{
    m_current = conversation;
    emit opened();                                              // the view learns of its traits before the rows come
    m_messages.open(conversation.id, around);
}

void DeskModels::closeCurrent()
{
    m_drafts.flush();
    m_wanted = {};
    m_current.reset();
    m_messages.close();
    emit opened();
}

void DeskModels::takeAnswer(const Result<Conversation> &answer)
{
    if (answer)
        applyConversation(*answer);
    else
        emit failed(errorText(answer.error()));
}

void DeskModels::update(ConversationId id, const ConversationUpdate &update)
{
    whenDone(m_api.updateConversation(id, update), this, [this](const Result<Conversation> &answer) { takeAnswer(answer); });
}

void DeskModels::markRead(ConversationId id, MessageId upTo)
{
    whenDone(m_api.markRead(id, upTo), this, [this](const Result<Conversation> &answer) {
        // Nothing a person asked for; the next message that is seen says it again.
        if (answer)
            applyConversation(*answer);
        else
            qCWarning(lcUi).noquote() << "conversations.mark_read:" << describe(answer.error());
    });
}

void DeskModels::markUnread(ConversationId id)
{
    whenDone(m_api.markUnread(id), this, [this](const Result<Conversation> &answer) { takeAnswer(answer); });
}

void DeskModels::setBlocked(ContactId contact, bool blocked)
{
    // The events bring what it changed in each conversation.
    whenDone(m_api.updateContact(contact, {.isBlocked = blocked}), this, [this](const Result<Contact> &answer) {
        if (!answer)
            emit failed(errorText(answer.error()));
    });
}

void DeskModels::applyConversation(const Conversation &conversation)
{
    m_list.applyConversation(conversation);
    m_countsPause.start();
    if (m_current && m_current->id == conversation.id) {
        m_current = conversation;
        emit currentChanged();
    }
}

void DeskModels::takeEvent(const DeskEvent &event)
{
    if (event.type == "typing"_L1) {
        if (const auto notice = typingFromJson(event.data))
            emit typingNoticed(*notice);
        return;
    }
    m_inboxes.applyEvent(event);
    m_list.applyEvent(event);
    m_messages.applyEvent(event);
    if (event.type.startsWith("conversation."_L1)) {
        m_countsPause.start();
        if (m_current && wire::idOrNull<ConversationId>(event.data, "id"_L1) == m_current->id) {
            if (const auto conversation = conversationFromJson(event.data)) {
                m_current = *conversation;
                emit currentChanged();
            }
        }
    } else if (event.type.startsWith("contact."_L1)) {
        takeContact(event);
    } else if (event.type.startsWith("inbox."_L1)) {
        m_countsPause.start();
        if (m_current)
            emit currentChanged();                              // what its inbox allows may be another
    }
    emit eventApplied(event);
}

void DeskModels::takeContact(const DeskEvent &event)
{
    const auto contact = contactFromJson(event.data);
    if (!contact)
        return;
    for (int row = 0; row < m_list.rowCount(); ++row) {
        Conversation conversation = m_list.at(row);
        if (conversation.contact.id != contact->id)
            continue;
        conversation.contact = *contact;
        m_list.applyConversation(conversation);
    }
    if (m_current && m_current->contact.id == contact->id) {
        m_current->contact = *contact;
        emit currentChanged();
    }
}

} // namespace antiphon
