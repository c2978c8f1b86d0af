#include "core/desk/desksession.h"

#include "core/base/logging.h"
#include "core/desk/accesstoken.h"
#include "core/desk/deskobjects.h"
#include "core/desk/eventrenderer.h"
#include "core/desk/params.h"
#include "core/store/agentrepository.h"
#include "core/store/changequeries.h"

#include <QTimer>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

constexpr int kPolicyViolation = 1008;
constexpr int kTryAgainLater = 1013;
constexpr qsizetype kLongestToken = 1024;

struct Resume {
    qint64 cursor = 0;
    bool isResync = false;
};

/// Where a session goes on: behind `from` where all that came after it is still there, else at the newest change.
Result<Resume> resumeAt(ReadTransaction &tx, std::optional<qint64> from, qint64 head)
{
    if (!from)
        return Resume{.cursor = head};
    const auto oldest = ChangeQueries(tx).oldest();
    if (!oldest)
        return oldest.error();
    const bool isComplete = *from == head || (*oldest > 0 && *oldest <= *from + 1);
    if (*from > head || !isComplete || head - *from > DeskSession::kFarthestBehind)
        return Resume{.cursor = head, .isResync = true};
    return Resume{.cursor = *from};
}

Result<std::optional<qint64>> resumeFrom(const QJsonObject &params)
{
    const QJsonValue value = params.value("resume_from"_L1);
    if (value.isUndefined() || value.isNull())
        return std::optional<qint64>();
    const auto seq = value.isDouble() ? json::integer(value) : std::nullopt;
    if (!seq || *seq < 0)
        return params::invalid("resume_from"_L1, u"not a seq"_s);
    return seq;
}

struct Rendered {
    std::vector<NumberedChange> changes{};
    QList<QByteArray> frames{};
    bool isGone = false;              ///< what comes next is no longer kept
};

} // namespace

DeskSession::DeskSession(quint64 id, const DeskShared &shared, SessionTransport *transport, QObject *parent)
    : QObject(parent)
    , m_shared(shared)
    , m_transport(transport)
{
    m_caller.session = id;
    transport->setParent(this);
    connect(transport, &SessionTransport::received, this, &DeskSession::receive);
    connect(transport, &SessionTransport::drained, this, &DeskSession::goOn);
    connect(transport, &SessionTransport::closed, this, [this] {
        m_isClosed = true;
        m_waiting.clear();
        emit ended();
    });
    connect(&shared.feed, &ChangeFeed::advanced, this, &DeskSession::goOn);
}

DeskSession::~DeskSession() = default;

void DeskSession::receive(const QByteArray &text)
{
    const auto parsed = rpc::parse(text);
    if (const auto *refusal = std::get_if<rpc::Refusal>(&parsed)) {
        m_transport->send(refusal->answer);
        return;
    }
    const auto &request = std::get<rpc::Request>(parsed);
    if (m_waiting.size() >= kMostWaiting) {
        answer(request.id, Error{Error::Kind::Unavailable, u"too many requests under way"_s});
        return;
    }
    m_waiting.push_back(request);
    goOn();
}

/// Begins what may begin: a request or a batch of events, in turns.
void DeskSession::goOn()
{
    while (!m_isClosed && !m_isFrozen && !m_isReadingEvents) {
        const bool mayAnswer = !m_waiting.empty() && !m_isAnswering;
        const bool mayTell = hasEventsDue();
        if (mayTell && (m_isEventsTurn || !mayAnswer)) {
            m_isEventsTurn = false;
            readEvents();
            return;
        }
        if (!mayAnswer)
            return;
        m_isEventsTurn = true;
        const rpc::Request request = m_waiting.front();
        m_waiting.pop_front();
        if (!begin(request))
            continue;
        if (m_isFrozen)
            return;
    }
}

/// @return false where the request was answered at once
bool DeskSession::begin(const rpc::Request &request)
{
    if (!isOpen()) {
        if (request.method == "session.open"_L1) {
            open(request);
            return true;
        }
        answer(request.id, Error{Error::Kind::Unauthorized, u"session.open comes first"_s});
        return false;
    }
    if (request.method == "session.ping"_L1) {
        answer(request.id, QJsonObject());
        return false;
    }
    if (request.method == "session.open"_L1) {
        answer(request.id, Error{Error::Kind::Conflict, u"the session is open already"_s});
        return false;
    }
    const MethodTable::Method *method = m_shared.methods.find(request.method);
    if (!method) {
        if (request.wantsAnswer())
            m_transport->send(rpc::protocolErrorText(request.id, rpc::kMethodNotFound, u"Method not found"_s));
        return false;
    }
    if (!MethodTable::mayCall(*method, m_caller.agent.role)) {
        answer(request.id, Error{Error::Kind::Forbidden, u"not for this role"_s});
        return false;
    }
    if (const auto *read = std::get_if<MethodTable::Read>(&method->action))
        runRead(request.id, *read, request.params);
    else if (const auto *write = std::get_if<MethodTable::Write>(&method->action))
        runWrite(request.id, *write, request.params);
    else
        runCall(request.id, *method, request.params);
    return true;
}

void DeskSession::open(const rpc::Request &request)
{
    m_isAnswering = true;
    m_isFrozen = true;
    const auto from = resumeFrom(request.params);
    const auto token = params::text(request.params, "token"_L1, kLongestToken);
    if (!from || !token)
        return finishOpening(request.id, from ? token.error() : from.error());
    m_shared.parts.database.read<Opened>(
        "session.open",
        [from = *from, token = *token, view = m_shared.view, version = m_shared.parts.serverVersion](ReadTransaction &tx) -> Result<Opened> {
            const auto id = desk::agentOfToken(tx, token);
            if (!id)
                return id.error();
            const auto agent = AgentRepository(tx).byId(*id);
            if (!agent)
                return agent.error();
            const auto space = desk::workspace(tx, view);
            if (!space)
                return space.error();
            const auto head = tx.seq();
            if (!head)
                return head.error();
            const auto resume = resumeAt(tx, from, *head);
            if (!resume)
                return resume.error();
            return Opened{.agent = *agent,
                          .answer = {{u"agent"_s, toJson(*agent)},
                                     {u"workspace"_s, toJson(*space)},
                                     {u"server_version"_s, version},
                                     {u"seq"_s, *head},
                                     {u"resync"_s, resume->isResync}},
                          .cursor = resume->cursor,
                          .head = *head};
        },
        m_shared.mailbox,
        [self = QPointer(this), id = request.id](const Result<Opened> &opened) {
            if (self)
                self->finishOpening(id, opened);
        });
}

void DeskSession::finishOpening(const QJsonValue &id, const Result<Opened> &opened)
{
    if (m_isClosed)
        return;
    if (!opened) {
        if (opened.error().kind == Error::Kind::Unauthorized)
            return refuseToken(id, opened.error());
        answer(id, opened.error());
        return finish();
    }
    m_caller.agent = opened->agent;
    m_sent = opened->cursor;
    m_transport->raiseLimits();
    QJsonObject result = opened->answer;
    result.insert(u"health"_s, m_shared.health.health());
    answer(id, result);
    if (!m_shared.health.isWell())       // for those who only look at events
        sendVolatile(u"workspace.health"_s, m_shared.health.health());
    m_isAnswering = false;
    m_isFrozen = false;
    m_shared.feed.noteHead(opened->head);
    goOn();
}

void DeskSession::refuseToken(const QJsonValue &id, const Error &error)
{
    ++m_wrongTokens;
    qCInfo(lcDesk, "session %llu: wrong access token", static_cast<unsigned long long>(m_caller.session));
    const auto tell = [this, id, error] {
        if (m_isClosed)
            return;
        answer(id, error);
        if (m_wrongTokens >= kMostWrongTokens)
            m_transport->close(kPolicyViolation, u"unauthorized"_s);
        finish();
    };
    if (const Milliseconds delay = m_shared.throttle.failed(); delay.count() > 0)
        QTimer::singleShot(delay, this, tell);
    else
        tell();
}

void DeskSession::runRead(const QJsonValue &id, const MethodTable::Read &action, const QJsonObject &params)
{
    m_isAnswering = true;
    m_isFrozen = true;
    m_shared.parts.database.read<QByteArray>(
        "desk read",
        [action, caller = m_caller, id, params](ReadTransaction &tx) -> Result<QByteArray> {
            const auto result = action(tx, caller, params);
            return result ? rpc::resultText(id, *result) : rpc::errorText(id, result.error());
        },
        m_shared.mailbox,
        [self = QPointer(this), id](const Result<QByteArray> &text) {
            if (!self || self->m_isClosed)
                return;
            if (!id.isUndefined())
                self->m_transport->send(text ? *text : rpc::errorText(id, text.error()));
            self->finish();
        });
}

void DeskSession::runWrite(const QJsonValue &id, const MethodTable::Write &action, const QJsonObject &params)
{
    m_isAnswering = true;
    m_isFrozen = true;
    m_shared.parts.database.writer().write<QJsonObject>(
        Writer::Priority::Urgent, "desk write",
        [action, caller = m_caller, params](WriteTransaction &tx) { return action(tx, caller, params); }, m_shared.mailbox,
        [self = QPointer(this), id](const Result<QJsonObject> &result) {
            if (!self || self->m_isClosed)
                return;
            self->answer(id, result);
            self->finish();
        });
}

/// Events pass while a platform is waited for: nothing is read yet that they could overtake.
void DeskSession::runCall(const QJsonValue &id, const MethodTable::Method &method, const QJsonObject &params)
{
    const bool isDetached = method.isDetached;
    if (isDetached && m_detached >= kMostDetached)
        return answer(id, Error{Error::Kind::Unavailable, u"too many of these are under way"_s});
    m_detached += isDetached ? 1 : 0;
    m_isAnswering = m_isAnswering || !isDetached;
    const auto &action = std::get<MethodTable::Call>(method.action);
    action(m_caller, params, [self = QPointer(this), id, isDetached](const Result<MethodTable::Outcome> &outcome) {
        if (!self || self->m_isClosed)
            return;
        self->m_detached -= isDetached ? 1 : 0;
        if (outcome && outcome->read) {
            // Behind the events that are being read, and before whatever else waits.
            const auto read = [self, id, action = outcome->read] {
                if (self && !self->m_isClosed)
                    self->runRead(id, action, {});
            };
            if (self->m_isReadingEvents)
                self->m_afterEvents = read;
            else
                read();
            return;
        }
        self->answer(id, outcome ? Result<QJsonObject>(outcome->result) : Result<QJsonObject>(outcome.error()));
        if (!isDetached)
            self->finish();
    });
}

void DeskSession::answer(const QJsonValue &id, const Result<QJsonObject> &result)
{
    if (id.isUndefined())
        return;
    m_transport->send(result ? rpc::resultText(id, *result) : rpc::errorText(id, result.error()));
}

void DeskSession::finish()
{
    m_isAnswering = false;
    m_isFrozen = false;
    goOn();
}

bool DeskSession::hasEventsDue() const
{
    return isOpen() && m_shared.feed.head() > m_sent && m_transport->bytesWaiting() <= SessionTransport::kPauseAbove;
}

void DeskSession::readEvents()
{
    if (m_shared.feed.head() - m_sent > kFarthestBehind) {
        // Reading again is quicker than catching up: the seat comes back with resume_from and is told to.
        m_transport->close(kTryAgainLater, u"too far behind"_s);
        return;
    }
    m_isReadingEvents = true;
    m_shared.parts.database.read<Rendered>(
        "desk events",
        [known = m_shared.feed.after(m_sent, kEventsAtOnce), from = m_sent, caller = m_caller, view = m_shared.view](ReadTransaction &tx) -> Result<Rendered> {
            Rendered rendered;
            if (known) {
                rendered.changes = *known;
            } else {
                auto stored = ChangeQueries(tx).after(from, int(kEventsAtOnce));
                if (!stored)
                    return stored.error();
                rendered.changes = *std::move(stored);
                rendered.isGone = !rendered.changes.empty() && rendered.changes.front().seq != from + 1;
            }
            EventRenderer renderer(tx, caller, view);
            for (const NumberedChange &change : rendered.changes) {
                const auto frame = renderer.frame(change);
                if (!frame)
                    return frame.error();
                rendered.frames.append(*frame);
            }
            return rendered;
        },
        m_shared.mailbox,
        [self = QPointer(this)](const Result<Rendered> &rendered) {
            if (!self || self->m_isClosed)
                return;
            self->m_isReadingEvents = false;
            if (!rendered || rendered->isGone) {
                self->m_transport->close(kTryAgainLater, u"events can't be read"_s);
                return;
            }
            self->sendEvents(rendered->changes, rendered->frames);
            if (const auto next = std::exchange(self->m_afterEvents, {}))
                next();
            else
                self->goOn();
        });
}

void DeskSession::sendEvents(const std::vector<NumberedChange> &changes, const QList<QByteArray> &frames)
{
    for (size_t i = 0; i < changes.size(); ++i) {
        if (m_transport->bytesWaiting() > SessionTransport::kPauseAbove)
            return;   // the rest is read again, as it stands then
        m_transport->send(frames.at(qsizetype(i)));
        m_sent = changes[i].seq;
    }
}

void DeskSession::sendVolatile(const QString &type, const QJsonObject &data)
{
    if (isOpen() && !m_isClosed && m_transport->bytesWaiting() <= SessionTransport::kPauseAbove)
        m_transport->send(rpc::volatileEventText(type, data));
}

} // namespace antiphon
