// The Gate's own readers: a request's head, what the route table says of it, and the framing of chunks. However the bytes are cut, the verdict is the same.

#include "core/server/byterange.h"
#include "core/server/gate/chunkedframing.h"
#include "core/server/gate/headparser.h"
#include "core/server/gate/routepolicy.h"
#include "tests/fuzz/fuzzinput.h"

using namespace antiphon;
using namespace antiphon::fuzz;

namespace {

constexpr qint64 kBodyLimit = 2000;

RoutePolicy makePolicy()
{
    RoutePolicy policy;
    policy.addRoute({.pattern = "/hook", .methods = {"POST"}, .bodyLimit = kBodyLimit});
    policy.addRoute({.pattern = "/hooks/{id}", .methods = {"GET", "POST"}, .bodyLimit = kBodyLimit});
    policy.addRoute({.pattern = "/hello", .methods = {"GET", "HEAD"}});
    policy.addRoute({.pattern = "/socket", .methods = {"GET"}, .kind = Route::Kind::WebSocket});
    policy.setKnownHosts({"shop.example"});
    policy.setAllowedOrigins({"https://shop.example"});
    return policy;
}

void checkHead(const HeadParser &parser)
{
    static const RoutePolicy policy = makePolicy();
    const RequestHead &head = parser.head();
    FUZZ_CHECK(head.size() <= HeadParser::kMaxHead);
    FUZZ_CHECK(head.headerCount() <= HeadParser::kMaxLines);
    FUZZ_CHECK(head.target().size() <= HeadParser::kMaxTarget);
    FUZZ_CHECK(!head.method().isEmpty() && !head.target().isEmpty());
    for (qsizetype i = 0; i < head.headerCount(); ++i) {
        FUZZ_CHECK(!head.headerName(i).isEmpty());
        for (const char c : head.headerValue(i))
            FUZZ_CHECK(c != '\r' && c != '\n' && c != '\0');
    }
    const Judgement judgement = policy.judge(head);
    FUZZ_CHECK(judgement.refusal.has_value() == (judgement.route == nullptr));
    if (judgement.refusal) {
        FUZZ_CHECK(judgement.refusal->status >= 400 && judgement.refusal->status < 600);
        FUZZ_CHECK(judgement.refusal->cause[0] != '\0');
        return;
    }
    FUZZ_CHECK(head.count("host") == 1);
    FUZZ_CHECK(head.count("content-length") + head.count("transfer-encoding") <= 1);
    FUZZ_CHECK(judgement.length >= 0 && judgement.length <= judgement.route->bodyLimit);
    FUZZ_CHECK((judgement.route->kind == Route::Kind::WebSocket) == (head.count("upgrade") > 0));
    const ByteRange range = byteRange(head.value("range"), 1000);
    FUZZ_CHECK(range.kind != ByteRange::Kind::Part || (range.first >= 0 && range.length > 0 && range.first + range.length <= 1000));
}

void readHeads(uchar seed, const QByteArray &bytes)
{
    HeadParser whole;
    const qsizetype taken = whole.feed(bytes);
    HeadParser parts;
    Cuts cuts(seed);
    qsizetype fed = 0;
    while (fed < bytes.size() && parts.state() == HeadParser::State::Reading)
        fed += parts.feed(QByteArrayView(bytes).sliced(fed, cuts.next(bytes.size() - fed)));
    FUZZ_CHECK(parts.state() == whole.state());
    FUZZ_CHECK(fed == taken);
    if (whole.state() == HeadParser::State::Refused) {
        FUZZ_CHECK(qstrcmp(whole.refusal().cause, parts.refusal().cause) == 0);
    } else if (whole.state() == HeadParser::State::Complete) {
        FUZZ_CHECK(bytes.first(taken).endsWith("\r\n\r\n"));
        FUZZ_CHECK(whole.head().headers() == parts.head().headers());
        checkHead(whole);
        parts.reset(); // the next request of a connection
        parts.feed(QByteArrayView(bytes).sliced(taken));
        if (parts.state() == HeadParser::State::Complete)
            checkHead(parts);
    }
}

void readChunks(uchar seed, const QByteArray &bytes)
{
    ChunkedFraming whole(kBodyLimit);
    QByteArray data;
    const qsizetype taken = whole.feed(bytes, &data);
    ChunkedFraming parts(kBodyLimit);
    QByteArray pieces;
    Cuts cuts(seed);
    qsizetype fed = 0;
    while (fed < bytes.size() && parts.state() == ChunkedFraming::State::Reading)
        fed += parts.feed(QByteArrayView(bytes).sliced(fed, cuts.next(bytes.size() - fed)), &pieces);
    FUZZ_CHECK(parts.state() == whole.state());
    FUZZ_CHECK(fed == taken && pieces == data);
    FUZZ_CHECK(data.size() == whole.bodySize() && data.size() <= kBodyLimit);
    FUZZ_CHECK(whole.state() != ChunkedFraming::State::Complete || bytes.first(taken).endsWith("\r\n\r\n"));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input(data, size);
    const uchar choice = input.byte();
    const QByteArray bytes = input.rest();
    if (choice & 0x80)
        readChunks(choice & 0x7f, bytes);
    else
        readHeads(choice & 0x7f, bytes);
    return 0;
}
