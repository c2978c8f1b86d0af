// A webhook of WhatsApp from its signature to what its events say, and what an agent types on its way to the marks of a platform: the right signature passes
// and no other, the same bytes always have the same keys, whatever stands in them is read, refused or set aside, and markdown ends as clean text.

#include "core/channels/textmarks.h"
#include "core/channels/whatsapp/whatsappadapter.h"
#include "core/intake/rawheaders.h"
#include "core/net/hmac.h"
#include "tests/fuzz/fuzzinput.h"

using namespace antiphon;
using namespace antiphon::fuzz;
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kTolerance{300};

const WhatsappAdapter &adapter()
{
    static const WhatsappAdapter only;
    return only;
}

const AppCredentials &app()
{
    static const AppCredentials only{.appId = u"7000000000000001"_s, .appSecret = u"antiphon-wa-secret"_s, .verifyToken = u"5f4dcc3b5aa765d6"_s};
    return only;
}

RawWebhook hookOf(const QByteArray &signature, const QByteArray &body)
{
    return {.headers = {{"X-Hub-Signature-256", signature}}, .body = body, .path = "/webhooks/whatsapp/+15550100001", .receivedAt = fromUnixMs(1'760'000'000'000)};
}

bool isClean(const QString &text)
{
    return !text.contains(QChar(u'\0')) && text.isValidUtf16();
}

void checkEvent(const SplitEvent &event)
{
    FUZZ_CHECK(!event.dedupeKey.isEmpty() && !event.kind.isEmpty());
    FUZZ_CHECK(event.account.isEmpty() || event.accountGroup.isEmpty());
    FUZZ_CHECK(!event.lane.isEmpty() || !event.target.isEmpty());
    FUZZ_CHECK(isClean(event.dedupeKey) && isClean(event.lane) && isClean(event.target));
    const Result<InboundEvent> read = adapter().read(event);
    FUZZ_CHECK(read || read.error().kind == Error::Kind::BadPayload);
    const InboundMessage *message = read ? std::get_if<InboundMessage>(&*read) : nullptr;
    if (!message)
        return;
    FUZZ_CHECK(!message->sourceId.isEmpty() && !message->customer.contactSourceId.isEmpty() && isClean(message->content));
    for (const InboundAttachment &file : message->attachments)
        FUZZ_CHECK(isClean(file.name) && isClean(file.title));
}

void signedBody(uchar flip, const QByteArray &body)
{
    const RawWebhook hook = hookOf("sha256=" + hmacSha256(app().appSecret.toUtf8(), body).toHex(), body);
    FUZZ_CHECK(adapter().verify(hook, app(), kTolerance) == Verification::Valid);
    if (!body.isEmpty()) {
        RawWebhook other = hook;
        other.body[flip % other.body.size()] = char(other.body.at(flip % other.body.size()) ^ 1);
        FUZZ_CHECK(adapter().verify(other, app(), kTolerance) == Verification::Refused);
    }
    const RawWebhook kept = rawWebhookOf(deliveryOf(hook, adapter(), false));
    const Result<QList<SplitEvent>> events = adapter().split(hook, app());
    const Result<QList<SplitEvent>> again = adapter().split(kept, app());
    FUZZ_CHECK(bool(events) == bool(again));
    if (!events)
        return;
    FUZZ_CHECK(events->size() == again->size());
    for (qsizetype i = 0; i < events->size(); ++i) {
        FUZZ_CHECK(events->at(i).dedupeKey == again->at(i).dedupeKey);
        checkEvent(events->at(i));
    }
}

void markdown(const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes);
    const QString marked = renderMarkdown(text, {.strong = u"*"_s, .emphasis = u"_"_s, .strike = u"~"_s, .code = u"`"_s});
    const QString bare = renderMarkdown(text, {.keepsQuotes = false, .namesLinks = true});
    FUZZ_CHECK(marked.isValidUtf16() && bare.isValidUtf16());
    FUZZ_CHECK(!marked.endsWith(u'\n') && !bare.endsWith(u'\n'));
    FUZZ_CHECK(marked.count(u'\n') <= text.count(u'\n') + text.count(u'\r'));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input(data, size);
    const uchar choice = input.byte();
    if (choice < 0xc0) {
        signedBody(choice, input.rest());
    } else if (choice < 0xe0) {
        markdown(input.rest());
    } else {
        // Any header and any question at all: nothing but the right one passes, and no input finds that.
        const QByteArray header = input.section();
        FUZZ_CHECK(adapter().verify(hookOf(header, input.rest()), app(), kTolerance) == Verification::Refused);
        FUZZ_CHECK(adapter().handshake({.method = "GET", .query = header}, {AppCredentials{}}).status == 403);
        (void)adapter().webhookKeys({.path = header});
    }
    return 0;
}
