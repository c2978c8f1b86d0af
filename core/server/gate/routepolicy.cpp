#include "core/server/gate/routepolicy.h"

#include <algorithm>
#include <array>

namespace antiphon {
namespace {

constexpr std::array<QByteArrayView, 9> kMethods{"GET", "POST", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "CONNECT", "TRACE"};
constexpr std::array<QByteArrayView, 3> kLoopbackNames{"localhost", "127.0.0.1", "[::1]"};

Refusal refusal(int status, const char *cause, bool close = true, const QByteArray &extraHeaders = {})
{
    return {.status = status, .cause = cause, .close = close, .extraHeaders = extraHeaders};
}

/// Without the port. Nothing where the text is no host with an optional port of digits.
std::optional<QByteArrayView> hostName(QByteArrayView host)
{
    const qsizetype colon = host.startsWith('[') ? host.indexOf(']') + 1 : host.indexOf(':');
    if (host.startsWith('[') && colon == 0)
        return std::nullopt;
    if (colon < 0 || colon == host.size())
        return host;
    const QByteArrayView port = host.sliced(colon + 1);
    const bool digits = std::all_of(port.begin(), port.end(), [](char c) { return c >= '0' && c <= '9'; });
    if (host[colon] != ':' || port.size() > 5 || !digits)
        return std::nullopt;
    return host.first(colon);
}

/// Percent-decoded; nothing where an escape is broken or hides a slash, a control byte or a NUL.
std::optional<QByteArray> decodedSegment(QByteArrayView raw)
{
    QByteArray out;
    out.reserve(raw.size());
    for (qsizetype i = 0; i < raw.size(); ++i) {
        char byte = raw[i];
        if (byte == '%') {
            bool ok = i + 2 < raw.size() && QByteArrayView("+-").indexOf(raw[i + 1]) < 0;
            const int value = ok ? raw.sliced(i + 1, 2).toInt(&ok, 16) : 0;
            if (!ok || value < 0x20 || value == 0x7f || value == '/')
                return std::nullopt;
            byte = char(value);
            i += 2;
        }
        out.append(byte);
    }
    return out;
}

/// The framing of the body as announced, or why it can't be trusted. Lengths beyond 18 digits count as 18 nines: over any limit.
std::optional<Refusal> readFraming(const RequestHead &head, Judgement &verdict)
{
    const int lengths = head.count("content-length");
    const int encodings = head.count("transfer-encoding");
    if (lengths > 1 || (lengths > 0 && encodings > 0))
        return refusal(400, "contradictory_length");
    if (encodings > 0) {
        if (encodings > 1 || !equalsIgnoringCase(head.value("transfer-encoding"), "chunked"))
            return refusal(501, "unknown_transfer_encoding");
        verdict.body = Judgement::Body::Chunked;
    } else if (lengths > 0) {
        const QByteArrayView digits = head.value("content-length");
        const bool wellFormed = !digits.isEmpty() && std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
        if (!wellFormed)
            return refusal(400, "bad_length");
        const auto firstDigit = std::find_if(digits.begin(), digits.end(), [](char c) { return c != '0'; });
        const QByteArrayView significant = digits.sliced(firstDigit - digits.begin());
        verdict.body = Judgement::Body::Length;
        verdict.length = significant.isEmpty() ? 0 : significant.size() > 18 ? 999'999'999'999'999'999LL : significant.toLongLong();
    }
    return std::nullopt;
}

bool carriesBody(QByteArrayView method)
{
    return method == "POST" || method == "PUT" || method == "PATCH";
}

} // namespace

void RoutePolicy::setKnownHosts(const QList<QByteArray> &hosts)
{
    m_hosts.clear();
    for (const QByteArray &host : hosts)
        m_hosts.append(host.toLower());
}

bool RoutePolicy::isKnownHost(QByteArrayView host) const
{
    const auto name = hostName(host);
    if (!name)
        return false;
    const auto same = [&name](QByteArrayView known) { return equalsIgnoringCase(*name, known); };
    return std::any_of(kLoopbackNames.begin(), kLoopbackNames.end(), same) || std::any_of(m_hosts.begin(), m_hosts.end(), same);
}

const Route *RoutePolicy::find(QByteArrayView path, QByteArray *segment) const
{
    for (const Route &route : m_routes) {
        const QByteArrayView pattern = route.pattern;
        const qsizetype brace = pattern.indexOf('{');
        if (brace < 0) {
            if (pattern == path)
                return &route;
            continue;
        }
        const QByteArrayView before = pattern.first(brace);
        const QByteArrayView after = pattern.sliced(pattern.indexOf('}') + 1);
        if (path.size() <= before.size() + after.size() || !path.startsWith(before) || !path.endsWith(after))
            continue;
        const QByteArrayView raw = path.sliced(before.size(), path.size() - before.size() - after.size());
        if (raw.indexOf('/') >= 0)
            continue;
        if (const auto decoded = decodedSegment(raw)) {
            *segment = *decoded;
            return &route;
        }
    }
    return nullptr;
}

std::optional<Refusal> RoutePolicy::judgeUpgrade(const RequestHead &head, const Route &route) const
{
    const int upgrades = head.count("upgrade");
    if (route.kind != Route::Kind::WebSocket)
        return upgrades > 0 ? std::optional(refusal(400, "unexpected_upgrade")) : std::nullopt;
    if (upgrades == 0 || !head.hasToken("upgrade", "websocket") || !head.hasToken("connection", "upgrade"))
        return refusal(426, "upgrade_required", false, "Upgrade: websocket\r\n");
    if (head.value("sec-websocket-version") != "13")
        return refusal(426, "websocket_version", false, "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n");
    const QByteArrayView key = head.value("sec-websocket-key");
    const auto nonce = QByteArray::fromBase64Encoding(key.toByteArray(), QByteArray::AbortOnBase64DecodingErrors);
    if (upgrades > 1 || head.count("sec-websocket-key") != 1 || !nonce || nonce.decoded.size() != 16)
        return refusal(400, "bad_websocket_key");
    if (head.count("origin") > 0 && (head.count("origin") > 1 || !m_origins.contains(head.value("origin").toByteArray())))
        return refusal(403, "foreign_origin");
    return std::nullopt;
}

Judgement RoutePolicy::judge(const RequestHead &head) const
{
    Judgement verdict;
    const auto refused = [&verdict](Refusal why) {
        // Only a request without a body can be refused and the connection kept: nothing of it is still on its way.
        why.close = why.close || verdict.closes || verdict.body == Judgement::Body::Chunked || verdict.length > 0;
        verdict.refusal = std::move(why);
        return verdict;
    };
    verdict.closes = head.hasToken("connection", "close");
    if (const auto broken = readFraming(head, verdict))
        return refused(*broken);
    if (head.count("host") != 1 || !head.target().startsWith('/'))
        return refused(refusal(400, head.count("host") != 1 ? "bad_host" : "bad_target"));
    if (!isKnownHost(head.value("host")))
        return refused(refusal(421, "unknown_host", false));
    const QByteArrayView method = head.method();
    if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end())
        return refused(refusal(501, "unknown_method"));
    const Route *route = find(head.path(), &verdict.segment);
    if (!route)
        return refused(refusal(404, "unknown_route", false));
    if (!route->methods.contains(method.toByteArray()))
        return refused(refusal(405, "wrong_method", false, "Allow: " + route->methods.join(", ") + "\r\n"));
    if (const auto upgrade = judgeUpgrade(head, *route))
        return refused(*upgrade);
    const qint64 limit = carriesBody(method) ? route->bodyLimit : 0;
    if (carriesBody(method) && verdict.body == Judgement::Body::None)
        return refused(refusal(411, "missing_length"));
    if (verdict.length > limit)
        return refused(refusal(413, "body_too_large"));
    if (verdict.body == Judgement::Body::Chunked && limit == 0)
        return refused(refusal(413, "body_too_large"));
    if (head.count("expect") > 0) {
        if (!equalsIgnoringCase(head.value("expect"), "100-continue") || head.count("expect") > 1)
            return refused(refusal(417, "unknown_expectation"));
        verdict.expectsContinue = verdict.body != Judgement::Body::None && verdict.length + limit > 0;
    }
    if (verdict.body == Judgement::Body::Length && verdict.length == 0)
        verdict.body = Judgement::Body::None;
    verdict.route = route;
    return verdict;
}

} // namespace antiphon
