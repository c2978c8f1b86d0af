// A webhook of TikTok from its signature to what its events say: the right signature passes and no other, the same bytes always have the same keys, and
// whatever stands in them is read, refused or set aside.

#include "core/channels/tiktok/tiktokadapter.h"
#include "core/intake/rawheaders.h"
#include "core/net/hmac.h"
#include "tests/fuzz/fuzzinput.h"

using namespace antiphon;
using namespace antiphon::fuzz;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kNow = 1'732'000'000;

const TiktokAdapter &adapter()
{
    static const TiktokAdapter only;
    return only;
}

const AppCredentials &app()
{
    static const AppCredentials only{.appId = u"7000000000000000001"_s, .appSecret = u"antiphon-test-app-secret"_s};
    return only;
}

RawWebhook hookOf(const QByteArray &signature, const QByteArray &body)
{
    return {.headers = {{"TikTok-Signature", signature}}, .body = body, .path = "/webhooks/tiktok", .receivedAt = fromUnixMs(kNow * 1000)};
}

void signedBody(uchar flip, const QByteArray &body)
{
    const QByteArray stamp = QByteArray::number(kNow);
    const QByteArray signature = "t=" + stamp + ",s=" + hmacSha256(app().appSecret.toUtf8(), stamp + '.' + body).toHex();
    RawWebhook hook = hookOf(signature, body);
    FUZZ_CHECK(adapter().verify(hook, app(), std::chrono::seconds(300)) == Verification::Valid);
    if (!body.isEmpty()) {
        RawWebhook other = hook;
        other.body[flip % other.body.size()] = char(other.body.at(flip % other.body.size()) ^ 1);
        FUZZ_CHECK(adapter().verify(other, app(), std::chrono::seconds(300)) == Verification::Refused);
    }
    const RawWebhook kept = rawWebhookOf(deliveryOf(hook, adapter(), false));
    FUZZ_CHECK(kept.body == hook.body && kept.headers == hook.headers);

    const Result<QList<SplitEvent>> events = adapter().split(hook, app());
    const Result<QList<SplitEvent>> again = adapter().split(kept, app());
    FUZZ_CHECK(bool(events) == bool(again));
    if (!events)
        return;
    FUZZ_CHECK(events->size() == again->size() && !events->isEmpty());
    for (qsizetype i = 0; i < events->size(); ++i) {
        const SplitEvent &event = events->at(i);
        FUZZ_CHECK(!event.dedupeKey.isEmpty() && !event.kind.isEmpty() && !event.account.isEmpty());
        FUZZ_CHECK(event.dedupeKey == again->at(i).dedupeKey);
        FUZZ_CHECK(!event.lane.isEmpty() || !event.target.isEmpty());
        const Result<InboundEvent> read = adapter().read(event);
        if (read && std::holds_alternative<InboundMessage>(*read)) {
            const InboundMessage &message = std::get<InboundMessage>(*read);
            FUZZ_CHECK(!message.sourceId.isEmpty() && !message.customer.contactSourceId.isEmpty());
            FUZZ_CHECK(!message.content.contains(QChar(u'\0')) && message.content.isValidUtf16());
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input(data, size);
    const uchar choice = input.byte();
    if (choice < 0xe0) {
        signedBody(choice, input.rest());
        return 0;
    }
    // Any header at all: nothing but the right one passes, and no input finds that.
    const QByteArray header = input.section();
    FUZZ_CHECK(adapter().verify(hookOf(header, input.rest()), app(), std::chrono::seconds(300)) == Verification::Refused);
    return 0;
}
