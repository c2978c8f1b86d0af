// What other servers answer: the reader of HTTP replies, and the platform's JSON through every operation that ends in one.

#include "core/channels/tiktok/tiktokaccounts.h"
#include "core/channels/tiktok/tiktokadapter.h"
#include "core/channels/tiktok/tiktokposts.h"
#include "core/net/replyparser.h"
#include "tests/fuzz/fuzzinput.h"

using namespace antiphon;
using namespace antiphon::fuzz;
using namespace Qt::StringLiterals;

namespace {

struct Read {
    QByteArray body{};
    bool isGood = false;
    bool isComplete = false;
    int status = 0;

    bool operator==(const Read &) const = default;
};

Read readReply(const QByteArray &bytes, bool answersHead, uchar seed, HttpHeaders *headers)
{
    ReplyParser parser(answersHead);
    Read read;
    Cuts cuts(seed);
    for (qsizetype fed = 0; fed < bytes.size();) {
        const qsizetype piece = cuts.next(bytes.size() - fed);
        const Result<QByteArray> body = parser.feed(bytes.mid(fed, piece));
        if (!body)
            return {};
        read.body += *body;
        fed += piece;
    }
    read.isGood = bool(parser.end());
    read.isComplete = parser.isComplete();
    read.status = parser.status();
    *headers = parser.headers();
    FUZZ_CHECK(!parser.announcedLength() || *parser.announcedLength() >= read.body.size() || answersHead);
    FUZZ_CHECK(!read.isGood || read.isComplete);
    return read;
}

template <typename T>
void run(OperationPtr<T> operation, FuzzInput *input)
{
    if (!operation)
        return;
    auto step = operation->start();
    for (int calls = 0; calls < 20 && step.index() == 0; ++calls) {
        const HttpRequest &request = std::get<0>(step);
        FUZZ_CHECK(request.url.isValid() && request.url.host() == "api.example"_L1);
        HttpReply reply;
        const QByteArray section = input->section();
        reply.status = section.startsWith('!') ? 429 : section.startsWith('?') ? 503 : section.startsWith('#') ? 401 : 200;
        reply.body = reply.status == 200 ? section : section.mid(1);
        step = operation->next(reply);
    }
}

void runOperation(uchar which, FuzzInput *input)
{
    static const TiktokAdapter adapter;
    static const TiktokAccounts accounts;
    static const ChannelEndpoints endpoints{.api = QUrl(u"https://api.example"_s), .web = QUrl(u"https://www.example"_s)};
    static const InboxCredentials inbox{.account = u"biz-0001-openid"_s, .accessToken = u"act"_s, .refreshToken = u"rft"_s};
    static const AppCredentials app{.appId = u"7000000000000000001"_s, .appSecret = u"secret"_s};
    OutboundMessage message{.contactSourceId = u"conv-1"_s, .content = u"hello"_s};
    switch (which % 10) {
    case 0: return run(adapter.listThread(u"conv-1"_s, inbox, endpoints), input);
    case 1: return run(adapter.listThreads({.since = fromUnixMs(1'700'000'000'000)}, inbox, endpoints), input);
    case 2: return run(adapter.imageCapability(u"conv-1"_s, which & 0x10, inbox, endpoints), input);
    case 3:
        return run(
            adapter.fetchMedia(
                {{"conversation_id"_L1, u"conv-1"_s}, {"message_id"_L1, u"m"_s}, {"media_id"_L1, u"x"_s}, {"media_type"_L1, u"IMAGE"_s}},
                inbox, endpoints),
            input);
    case 4: return run(accounts.exchangeCode(u"code"_s, app, QUrl(u"https://shop.example/tiktok/callback"_s), endpoints), input);
    case 5: return run(accounts.refresh({.refreshToken = u"rft"_s}, app, endpoints), input);
    case 6: return run(accounts.profile(inbox, endpoints), input);
    case 7: return run(accounts.inspectWebhook(app, endpoints), input);
    case 8:
        message.content.clear();
        message.attachments.append(
            {.kind = Attachment::Kind::Image, .name = u"a.png"_s, .mime = u"image/png"_s, .size = 3, .bytes = "abc"});
        [[fallthrough]];
    default: return run(adapter.send({.message = message}, inbox, endpoints, u"key"_s), input);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input(data, size);
    const uchar choice = input.byte();
    if (choice < 0x80) {
        const uchar which = input.byte();
        if (choice & 1) {
            auto asking = tiktok::describePost(QUrl(u"https://www.tiktok.com/@a/video/1"_s), QUrl(u"https://www.tiktok.com"_s));
            (void)asking->start();
            const auto told = asking->next({.status = 200, .body = input.rest()});
            const PostCard *card = std::get_if<PostCard>(&told);
            FUZZ_CHECK(!card || (card->title.size() <= 500 && (card->picture.isEmpty() || card->picture.isValid())));
        } else {
            runOperation(which, &input);
        }
        return 0;
    }
    const uchar seed = input.byte();
    const QByteArray bytes = input.rest();
    HttpHeaders whole;
    HttpHeaders parts;
    const Read a = readReply(bytes, choice & 1, 0, &whole);
    const Read b = readReply(bytes, choice & 1, seed, &parts);
    FUZZ_CHECK(a == b);
    FUZZ_CHECK(!a.isGood || whole == parts);
    return 0;
}
