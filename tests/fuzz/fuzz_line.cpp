// A webhook of LINE from its signature to what its events say, and an answer of its Messaging API on the way back: the right signature passes and no other, the
// same bytes always have the same keys, whatever stands in them is read, refused or set aside, and every call ends.

#include "core/channels/line/lineaccounts.h"
#include "core/channels/line/lineadapter.h"
#include "core/intake/rawheaders.h"
#include "core/net/hmac.h"
#include "tests/fuzz/fuzzinput.h"

using namespace antiphon;
using namespace antiphon::fuzz;
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kTolerance{300};
constexpr int kMostCalls = 10;

const LineAdapter &adapter()
{
    static const LineAdapter only;
    return only;
}

const AppCredentials &app()
{
    static const AppCredentials only{.appSecret = u"8c570fa6dd201bb328f1c1eac23a96d8"_s};
    return only;
}

RawWebhook hookOf(const QByteArray &signature, const QByteArray &body)
{
    return {.headers = {{"X-Line-Signature", signature}}, .body = body, .path = "/webhooks/line/1600000001", .receivedAt = fromUnixMs(1'760'000'000'000)};
}

bool isClean(const QString &text)
{
    return !text.contains(QChar(u'\0')) && text.isValidUtf16();
}

void checkMessage(const InboundMessage &message)
{
    FUZZ_CHECK(!message.sourceId.isEmpty() && !message.customer.contactSourceId.isEmpty());
    FUZZ_CHECK(isClean(message.sourceId) && isClean(message.customer.contactSourceId) && isClean(message.content));
    const qsizetype length = message.content.toUcs4().size();
    for (const TextEntity &entity : message.entities)
        FUZZ_CHECK(entity.offset >= 0 && entity.length >= 0 && entity.offset + entity.length <= length);
    for (const InboundAttachment &file : message.attachments)
        FUZZ_CHECK(isClean(file.name) && isClean(file.title) && !file.name.contains(u'/'));
}

void checkEvent(const SplitEvent &event)
{
    FUZZ_CHECK(!event.dedupeKey.isEmpty() && !event.kind.isEmpty());
    FUZZ_CHECK(!event.lane.isEmpty() || !event.target.isEmpty());
    FUZZ_CHECK(isClean(event.dedupeKey) && isClean(event.lane) && isClean(event.target));
    const Result<InboundEvent> read = adapter().read(event);
    FUZZ_CHECK(read || read.error().kind == Error::Kind::BadPayload);
    if (const auto *message = read ? std::get_if<InboundMessage>(&*read) : nullptr)
        checkMessage(*message);
}

void signedBody(uchar flip, const QByteArray &body)
{
    const RawWebhook hook = hookOf(hmacSha256(app().appSecret.toUtf8(), body).toBase64(), body);
    FUZZ_CHECK(adapter().verify(hook, app(), kTolerance) == Verification::Valid);
    if (!body.isEmpty()) {
        RawWebhook other = hook;
        other.body[flip % other.body.size()] = char(other.body.at(flip % other.body.size()) ^ 1);
        FUZZ_CHECK(adapter().verify(other, app(), kTolerance) == Verification::Refused);
    }
    const Result<QList<SplitEvent>> events = adapter().split(hook, app());
    const Result<QList<SplitEvent>> again = adapter().split(rawWebhookOf(deliveryOf(hook, adapter(), false)), app());
    FUZZ_CHECK(bool(events) == bool(again));
    if (!events)
        return;
    FUZZ_CHECK(events->size() == again->size());
    for (qsizetype i = 0; i < events->size(); ++i) {
        FUZZ_CHECK(events->at(i).dedupeKey == again->at(i).dedupeKey);
        checkEvent(events->at(i));
    }
}

template <typename T>
void runs(OperationPtr<T> operation, const HttpReply &reply)
{
    auto step = operation->start();
    for (int calls = 0; step.index() == 0; ++calls) {
        FUZZ_CHECK(calls < kMostCalls);
        FUZZ_CHECK(std::get<0>(step).url.host() == u"api.line.me"_s);
        step = operation->next(reply);
    }
}

/// Any answer, to every call there is.
void answer(uchar status, const QByteArray &body)
{
    static const ChannelEndpoints endpoints = LineAccounts().officialEndpoints();
    static const InboxCredentials inbox{.accessToken = u"token"_s};
    static const int statuses[]{0, 200, 202, 400, 401, 404, 409, 429, 500};
    const HttpReply reply{.status = statuses[status % std::size(statuses)], .body = body, .requestWritten = true};
    OutboundMessage message{.contactSourceId = u"U1"_s, .content = u"hello"_s};
    runs(adapter().send(adapter().parts(message).first(), inbox, endpoints, u"key"_s), reply);
    message.replyToken = u"rt"_s;
    runs(adapter().send(adapter().parts(message).first(), inbox, endpoints, u"key"_s), reply);
    runs(adapter().customerProfile(u"U1"_s, inbox, endpoints), reply);
    const LineAccounts accounts;
    runs(accounts.profile(inbox, endpoints), reply);
    runs(accounts.inspectSubscription(inbox, endpoints), reply);
    runs(accounts.subscribe(QUrl(u"https://desk.example/webhooks/line/1"_s), inbox, endpoints), reply);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input(data, size);
    const uchar choice = input.byte();
    if (choice < 0xa0) {
        signedBody(choice, input.rest());
    } else if (choice < 0xe0) {
        answer(choice, input.rest());
    } else {
        // Any header at all: nothing but the right one passes, and no input finds that.
        const QByteArray header = input.section();
        FUZZ_CHECK(adapter().verify(hookOf(header, input.rest()), app(), kTolerance) == Verification::Refused);
        (void)adapter().webhookKeys({.path = header});
    }
    return 0;
}
