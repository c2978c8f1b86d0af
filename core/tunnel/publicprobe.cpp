#include "core/tunnel/publicprobe.h"

#include <QPointer>

namespace antiphon {
using namespace Qt::StringLiterals;

PublicProbe::PublicProbe(HttpClient &http, RandomSource &random, QObject *parent)
    : QObject(parent)
    , m_http(http)
    , m_random(random)
{
}

void PublicProbe::send(const QUrl &address, Milliseconds timeout, Done done)
{
    const QString nonce = randomToken(m_random);
    m_nonce = nonce;
    m_hasArrived = false;
    HttpRequest request{.url = address, .timeout = timeout, .maxReplyBytes = 64 * 1024};
    request.url.setPath((address.path().endsWith(u'/') ? address.path().chopped(1) : address.path()) + u"/healthz"_s);
    request.url.setQuery(u"probe="_s + nonce);
    const QPointer<PublicProbe> self(this);
    m_http.send(request, [self, nonce, done = std::move(done)](const HttpReply &reply) {
        if (!self || self->m_nonce != nonce)
            return;
        self->m_nonce.clear();
        // 503 is this server too: its store can't be written just now, which is another matter.
        const bool isAnswered = reply.status == 200 || reply.status == 503;
        done(isAnswered && self->m_hasArrived ? Outcome::Arrived : reply.status == 0 ? Outcome::NoAnswer : Outcome::Elsewhere);
    });
}

void PublicProbe::note(const QString &nonce)
{
    m_hasArrived = m_hasArrived || (!m_nonce.isEmpty() && nonce == m_nonce);
}

} // namespace antiphon
