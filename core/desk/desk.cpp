#include "core/desk/desk.h"

#include "core/desk/accesstoken.h"
#include "core/desk/contactmethods.h"
#include "core/desk/conversationmethods.h"
#include "core/desk/desksession.h"
#include "core/desk/diagnosismethods.h"
#include "core/desk/gapmethods.h"
#include "core/desk/inboxmethods.h"
#include "core/desk/intakemethods.h"
#include "core/desk/messagemethods.h"
#include "core/desk/phonesyncmethods.h"
#include "core/desk/searchmethods.h"
#include "core/desk/templatemethods.h"
#include "core/desk/tunnelmethods.h"
#include "core/desk/workspacemethods.h"

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {
constexpr int kGoingAway = 1001;
}

Desk::Desk(DeskParts parts, QObject *parent)
    : QObject(parent)
    , m_parts(std::move(parts))
    , m_view{.clock = m_parts.platformClock ? m_parts.platformClock : &m_parts.clock, .channels = &m_parts.channels, .publicUrl = m_parts.publicUrl, .tunnel = m_parts.tunnel}
    , m_feed(m_parts.database.writer())
    , m_throttle(m_parts.clock)
    , m_typing(m_parts, m_view, m_mailbox)
    , m_timers(m_parts.database, m_parts.clock, m_feed, m_mailbox)
    , m_health(m_parts.database, m_parts.clock, m_parts.intakeNotStored)
{
    desk::addContactMethods(m_methods, m_view);
    desk::addConversationMethods(m_methods, m_view, m_parts.jobsHaveWork);
    desk::addGapMethods(m_methods, m_view, m_parts.catchUpHasWork);
    desk::addInboxMethods(m_methods, m_view, m_parts.accounts);
    desk::addIntakeMethods(m_methods, m_parts.intakeHasWork, m_parts.intakeNotStored);
    desk::addDiagnosisMethods(m_methods, m_parts);
    desk::addMessageMethods(m_methods, m_view, m_parts.outboxHasWork, m_parts.jobsHaveWork);
    desk::addPhoneSyncMethods(m_methods, m_view, m_parts.jobsHaveWork);
    desk::addSearchMethods(m_methods, m_parts.search, m_mailbox);
    desk::addTemplateMethods(m_methods, m_view, m_parts.jobsHaveWork);
    desk::addWorkspaceMethods(m_methods, m_view, m_parts.settingsChanged);
    if (m_parts.tunnel)
        desk::addTunnelMethods(m_methods, *m_parts.tunnel);
    m_typing.addMethods(m_methods);
    connect(&m_feed, &ChangeFeed::advanced, this, [this] { m_parts.search.changesArrived(); });
    connect(&m_health, &HealthDesk::changed, this, [this] {
        for (const auto &[id, session] : m_sessions)
            session->sendVolatile(u"workspace.health"_s, m_health.health());
    });
    connect(&m_typing, &TypingDesk::typingChanged, this, [this](const QJsonObject &data, quint64 author) {
        for (const auto &[id, session] : m_sessions) {
            if (id != author)
                session->sendVolatile(u"typing"_s, data);
        }
    });
}

Desk::~Desk()
{
    for (const auto &[id, session] : m_sessions)
        delete session;
}

void Desk::start()
{
    m_timers.check();
    m_health.start();
}

void Desk::accept(SessionTransport *transport)
{
    const quint64 id = ++m_lastSession;
    auto *session = new DeskSession(id, {m_parts, m_view, m_methods, m_feed, m_throttle, m_mailbox, m_health}, transport, nullptr);
    m_sessions.emplace(id, session);
    connect(session, &DeskSession::ended, this, [this, id, session] {
        m_sessions.erase(id);
        session->deleteLater();
    });
}

void Desk::authorize(const QByteArray &token, std::function<void(const Result<AgentId> &)> done)
{
    m_parts.database.read<AgentId>(
        "authorize", [text = QString::fromUtf8(token)](ReadTransaction &tx) { return desk::agentOfToken(tx, text); }, m_mailbox,
        [done = std::move(done)](const Result<AgentId> &agent) { done(agent); });
}

void Desk::closeAll()
{
    const auto sessions = m_sessions;   // closing may end one at once
    for (const auto &[id, session] : sessions)
        session->close(kGoingAway, u"server stops"_s);
}

Desk::Stats Desk::stats() const
{
    Stats stats{.opened = qint64(m_lastSession)};
    for (const auto &[id, session] : m_sessions) {
        if (!session->isOpen())
            continue;
        ++stats.sessions;
        stats.farthestBehind = std::max(stats.farthestBehind, m_feed.head() - session->sent());
    }
    return stats;
}

} // namespace antiphon
