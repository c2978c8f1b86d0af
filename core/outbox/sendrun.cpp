#include "core/outbox/sendrun.h"

#include "core/channels/platformwords.h"

#include <QPointer>

namespace antiphon {

using namespace Qt::StringLiterals;

SendRun::SendRun(Services services, Outgoing outgoing, std::function<void()> requested, Ended ended, QObject *parent)
    : QObject(parent), m_services(services), m_outgoing(std::move(outgoing)), m_requested(std::move(requested)), m_ended(std::move(ended)),
      m_parts(m_services.adapter.parts(m_outgoing.message)), m_firstRequestAt(m_outgoing.row.requestStartedAt.value_or(Timestamp()))
{
}

void SendRun::start()
{
    if (!nextPart()) {
        end({.error = {Error::Kind::Invalid, u"nothing to send in it"_s}});
        return;
    }
    askCredentials();
}

void SendRun::repeat()
{
    ++m_repeats;
    dropReplyToken();
    askCredentials();
}

/// It is good once.
void SendRun::dropReplyToken()
{
    for (OutboundPart &part : m_parts)
        part.message.replyToken.clear();
}

/// Moves to the next part that the platform has not.
bool SendRun::nextPart()
{
    while (m_next < m_parts.size() && m_outgoing.sentParts.contains(m_parts.at(m_next).index))
        ++m_next;
    return m_next < m_parts.size();
}

void SendRun::askCredentials()
{
    m_services.tokens.credentials(m_outgoing.row.inboxId, [self = QPointer(this)](const Result<InboxCredentials> &credentials) {
        if (!self)
            return;
        if (!credentials) {
            self->end({.error = credentials.error(),
                       .verdict = credentials.error().kind == Error::Kind::Unauthorized ? SendVerdict::TokenRejected : SendVerdict::NotTaken,
                       .attempt = {.part = self->m_parts.at(self->m_next).index}});
            return;
        }
        self->m_credentials = *credentials;
        self->sendPart();
    });
}

void SendRun::sendPart()
{
    m_lastReply = {};
    const OutboundPart &part = m_parts.at(m_next);
    m_operation = m_services.adapter.send(part, m_credentials, m_services.endpoints, outbox::partKey(m_outgoing.row.idemKey, part.index));
    take(m_operation->start());
}

void SendRun::take(Operation<SendReceipt>::Step step)
{
    if (step.index() == 0) {
        if (m_requested)
            m_requested();
        m_services.http.send(std::get<0>(step), [self = QPointer(this)](const HttpReply &reply) {
            if (!self)
                return;
            self->m_lastReply = reply;
            self->take(self->m_operation->next(reply));
        });
        return;
    }
    if (step.index() == 2)
        return fail(std::get<2>(step));
    const SendReceipt receipt = std::get<1>(step);
    End sent{.receipt = receipt, .hadCredentials = true};
    sent.attempt = {.part = m_parts.at(m_next).index,
                    .bytesSent = true,
                    .httpStatus = m_lastReply.status,
                    .requestId = receipt.requestId,
                    .platformId = receipt.sourceId,
                    .customerAddress = receipt.customerAddress,
                    .furtherIds = receipt.furtherSourceIds,
                    .tokens = receipt.tokens,
                    .isUnderWay = receipt.isUnderWay};
    m_outgoing.sentParts.append(m_parts.at(m_next).index);
    m_outgoing.isRepeat = false;
    m_repeats = 0;
    dropReplyToken();
    sent.isLast = !nextPart();
    end(sent);
}

void SendRun::fail(const Error &error)
{
    const SendVerdict verdict = m_services.adapter.verdict(error);
    if (verdict == SendVerdict::TokenRejected && !m_hasRenewed)
        return renew();
    if (verdict == SendVerdict::TokenRejected)
        m_services.tokens.requireOwner(m_outgoing.row.inboxId, u"token_rejected"_s);
    if (verdict == SendVerdict::Unauthorized)
        m_services.tokens.requireOwner(m_outgoing.row.inboxId, u"permission_missing"_s);
    const PlatformWords words = fromDetail(error.detail);
    End failed{.error = error, .verdict = verdict, .hadCredentials = true};
    failed.attempt = {.part = m_parts.at(m_next).index,
                      .bytesSent = m_lastReply.requestWritten,
                      .httpStatus = m_lastReply.status,
                      .code = error.code.isEmpty() ? errorKindName(error.kind) : error.code,
                      .text = words.text,
                      .requestId = words.requestId};
    end(failed);
}

void SendRun::renew()
{
    m_hasRenewed = true;
    m_services.tokens.renew(m_outgoing.row.inboxId, m_credentials.accessToken, [self = QPointer(this)](const Result<InboxCredentials> &credentials) {
        if (!self)
            return;
        if (!credentials) {
            const bool needsOwner = credentials.error().kind == Error::Kind::Unauthorized;
            self->end({.error = credentials.error(),
                       .verdict = needsOwner ? SendVerdict::TokenRejected : SendVerdict::NotTaken,
                       .attempt = {.part = self->m_parts.at(self->m_next).index}});
            return;
        }
        self->m_credentials = *credentials;
        self->sendPart();
    });
}

void SendRun::end(const End &end)
{
    m_ended(this, end);
}

} // namespace antiphon
