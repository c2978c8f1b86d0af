// A webhook of Instagram or Messenger from its signature to what its events say: the right signature passes and no other, the same bytes always have the
// same keys, and whatever stands in them is read, refused or set aside. Then the lists of the Conversations API, which go through the same reader.

#include "core/channels/instagram/instagramadapter.h"
#include "core/channels/messenger/messengeradapter.h"
#include "core/intake/rawheaders.h"
#include "core/net/hmac.h"
#include "tests/fuzz/fuzzinput.h"

using namespace antiphon;
using namespace antiphon::fuzz;
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kTolerance{300};

const ChannelAdapter &adapterFor(bool isInstagram)
{
    static const InstagramAdapter instagram;
    static const MessengerAdapter messenger;
    return isInstagram ? static_cast<const ChannelAdapter &>(instagram) : messenger;
}

const AppCredentials &app()
{
    static const AppCredentials only{.appId = u"1517776481860111"_s, .appSecret = u"antiphon-fb-secret"_s, .verifyToken = u"5f4dcc3b5aa765d6"_s};
    return only;
}

RawWebhook hookOf(const QByteArray &signature, const QByteArray &body)
{
    return {.headers = {{"X-Hub-Signature-256", signature}}, .body = body, .path = "/webhooks/messenger", .receivedAt = fromUnixMs(1'760'000'000'000)};
}

bool isClean(const QString &text)
{
    return !text.contains(QChar(u'\0')) && text.isValidUtf16();
}

void checkEvent(const ChannelAdapter &adapter, const SplitEvent &event)
{
    FUZZ_CHECK(!event.dedupeKey.isEmpty() && !event.kind.isEmpty());
    FUZZ_CHECK(isClean(event.dedupeKey) && isClean(event.lane) && isClean(event.target) && isClean(event.account));
    const Result<InboundEvent> read = adapter.read(event);
    FUZZ_CHECK(read || read.error().kind == Error::Kind::BadPayload);
    const InboundMessage *message = read ? std::get_if<InboundMessage>(&*read) : nullptr;
    if (!message)
        return;
    FUZZ_CHECK(!message->sourceId.isEmpty() && !message->customer.contactSourceId.isEmpty() && isClean(message->content));
    const bool isEmpty = message->content.isEmpty() && message->attachments.isEmpty();
    FUZZ_CHECK(isEmpty == (message->contentType == Message::ContentType::Unsupported));
    for (const InboundAttachment &file : message->attachments) {
        FUZZ_CHECK(isClean(file.name) && isClean(file.title) && isClean(file.embedUrl));
        FUZZ_CHECK(file.embedUrl.isEmpty() || file.embedUrl.startsWith("http"_L1));
    }
}

void signedBody(const ChannelAdapter &adapter, uchar flip, const QByteArray &body)
{
    const RawWebhook hook = hookOf("sha256=" + hmacSha256(app().appSecret.toUtf8(), body).toHex(), body);
    FUZZ_CHECK(adapter.verify(hook, app(), kTolerance) == Verification::Valid);
    if (!body.isEmpty()) {
        RawWebhook other = hook;
        other.body[flip % other.body.size()] = char(other.body.at(flip % other.body.size()) ^ 1);
        FUZZ_CHECK(adapter.verify(other, app(), kTolerance) == Verification::Refused);
    }
    const RawWebhook kept = rawWebhookOf(deliveryOf(hook, adapter, false));
    const Result<QList<SplitEvent>> events = adapter.split(hook, app());
    const Result<QList<SplitEvent>> again = adapter.split(kept, app());
    FUZZ_CHECK(bool(events) == bool(again));
    if (!events)
        return;
    FUZZ_CHECK(events->size() == again->size());
    for (qsizetype i = 0; i < events->size(); ++i) {
        FUZZ_CHECK(events->at(i).dedupeKey == again->at(i).dedupeKey);
        checkEvent(adapter, events->at(i));
    }
}

/// One answer again and again: every list must end, and all of it must be readable.
void listed(const ChannelAdapter &adapter, const QByteArray &answer)
{
    const InboxCredentials inbox{.account = u"300000000000001"_s, .accessToken = u"t"_s};
    const ChannelEndpoints endpoints{.api = QUrl(u"https://graph.example"_s)};
    const HttpReply reply{.status = 200, .body = answer, .requestWritten = true};
    constexpr int kMostCalls = 64;
    const auto thread = adapter.listThread(u"4000000000000001"_s, inbox, endpoints);
    auto step = thread->start();
    for (int calls = 0; step.index() == 0; ++calls) {
        FUZZ_CHECK(calls < kMostCalls && std::get<0>(step).url.host() == "graph.example"_L1);
        step = thread->next(reply);
    }
    if (const auto *page = std::get_if<1>(&step)) {
        for (const SplitEvent &event : page->events)
            checkEvent(adapter, event);
    }
    const auto threads = adapter.listThreads({}, inbox, endpoints);
    auto list = threads->start();
    for (int calls = 0; list.index() == 0; ++calls) {
        FUZZ_CHECK(calls < kMostCalls);
        list = threads->next(reply);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input(data, size);
    const uchar choice = input.byte();
    const ChannelAdapter &adapter = adapterFor(choice & 1);
    if (choice < 0xb0) {
        signedBody(adapter, choice, input.rest());
    } else if (choice < 0xf0) {
        listed(adapter, input.rest());
    } else {
        // Any header and any question at all: nothing but the right one passes, and no input finds that.
        const QByteArray header = input.section();
        FUZZ_CHECK(adapter.verify(hookOf(header, input.rest()), app(), kTolerance) == Verification::Refused);
        FUZZ_CHECK(adapter.handshake({.method = "GET", .query = header}, {AppCredentials{}}).status == 403);
    }
    return 0;
}
