// A webhook of Twilio from its signature to what it says, and any answer to a call of ours: the right signature passes and no other, the same bytes always have the
// same keys, whatever stands in them is read, refused or set aside, every call ends, and our credentials go to Twilio alone.

#include "core/channels/twilio/twilioaccounts.h"
#include "core/channels/twilio/twilioadapter.h"
#include "core/channels/twilio/twiliosignature.h"
#include "core/intake/rawheaders.h"
#include "tests/fuzz/fuzzinput.h"

#include <QJsonArray>

using namespace antiphon;
using namespace antiphon::fuzz;
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kTolerance{300};
constexpr int kMostCalls = 1000;
const QByteArray kAddress = "https://desk.example";

const TwilioAdapter &adapter()
{
    static const TwilioAdapter only;
    return only;
}

const AppCredentials &app()
{
    static const AppCredentials only{.appSecret = u"0123456789abcdef0123456789abcdef"_s, .addresses = {QString::fromLatin1(kAddress), u"http://127.0.0.1:4280"_s}};
    return only;
}

RawWebhook hookOf(const QByteArray &signature, const QByteArray &query, const QByteArray &body)
{
    return {.headers = {{"X-Twilio-Signature", signature}}, .body = body, .path = "/twilio/callback", .query = query, .receivedAt = fromUnixMs(1'760'000'000'000)};
}

bool isClean(const QString &text)
{
    return !text.contains(QChar(u'\0')) && text.isValidUtf16();
}

void checkEvent(const SplitEvent &event)
{
    FUZZ_CHECK(!event.dedupeKey.isEmpty() && !event.kind.isEmpty());
    FUZZ_CHECK(isClean(event.dedupeKey) && isClean(event.lane) && isClean(event.target) && isClean(event.account));
    const Result<InboundEvent> read = adapter().read(event);
    FUZZ_CHECK(read || read.error().kind == Error::Kind::BadPayload);
    const auto *message = read ? std::get_if<InboundMessage>(&*read) : nullptr;
    if (!message)
        return;
    FUZZ_CHECK(!message->sourceId.isEmpty() && !message->customer.contactSourceId.isEmpty() && isClean(message->content));
    for (const InboundAttachment &file : message->attachments)
        FUZZ_CHECK(isClean(file.name) && isClean(file.title));
}

void signedBody(const QByteArray &query, const QByteArray &body)
{
    const RawWebhook plain = hookOf({}, query, body);
    if (!twilio::isJson(plain)) {
        const QByteArray url = kAddress + "/twilio/callback" + (query.isEmpty() ? QByteArray() : '?' + query);
        const QByteArray signature = twilio::signatureOf(url, body, app().appSecret);
        FUZZ_CHECK(adapter().verify(hookOf(signature, query, body), app(), kTolerance) == Verification::Valid);
        FUZZ_CHECK(adapter().verify(hookOf(signature, query, body + "&one=more"), app(), kTolerance) == Verification::Refused);
        FUZZ_CHECK(adapter().verify(hookOf(signature, query + "&one=more", body), app(), kTolerance) == Verification::Refused);
    }
    (void)adapter().webhookKeys(plain);
    const Result<QList<SplitEvent>> events = adapter().split(plain, app());
    const Result<QList<SplitEvent>> again = adapter().split(rawWebhookOf(deliveryOf(plain, adapter(), false)), app());
    FUZZ_CHECK(bool(events) == bool(again));
    if (!events)
        return;
    FUZZ_CHECK(events->size() == 1 && again->size() == 1 && events->first().dedupeKey == again->first().dedupeKey);
    checkEvent(events->first());
}

bool isTwilios(const QUrl &url)
{
    return url.scheme() == "https"_L1 && (url.host() == "twilio.com"_L1 || url.host().endsWith(".twilio.com"_L1));
}

template <typename T>
typename Operation<T>::Step run(OperationPtr<T> operation, const HttpReply &reply)
{
    auto step = operation->start();
    for (int calls = 0; step.index() == 0; ++calls) {
        FUZZ_CHECK(calls < kMostCalls);
        FUZZ_CHECK(isTwilios(std::get<0>(step).url));
        step = operation->next(reply);
    }
    return step;
}

/// Any answer, to every call there is.
void answer(uchar choice, const QByteArray &body)
{
    static const TwilioAccounts accounts;
    static const ChannelEndpoints endpoints = accounts.officialEndpoints();
    static const int statuses[]{0, 200, 201, 400, 401, 404, 429, 500};
    const HttpReply reply{.status = statuses[choice % std::size(statuses)], .body = body, .requestWritten = true};
    QJsonObject settings{{"account_sid"_L1, u"AC00000000000000000000000000000001"_s}, {"medium"_L1, choice & 16 ? u"whatsapp"_s : u"sms"_s}};
    if (choice & 8)
        settings.insert("messaging_service_sid"_L1, u"MG00000000000000000000000000000009"_s);
    else
        settings.insert("phone_number"_L1, u"+15005550006"_s);
    const InboxCredentials inbox{.accessToken = u"token"_s, .settings = settings, .inbox = InboxId(7)};
    const auto fed = run(adapter().readFeed({.since = fromUnixMs(1'760'000'000'000)}, inbox, endpoints), reply);
    if (const auto *page = std::get_if<1>(&fed)) {
        for (const SplitEvent &event : page->events)
            checkEvent(event);
        const auto again = run(adapter().readFeed({.cursor = page->cursor}, inbox, endpoints), reply);
        if (const auto *second = std::get_if<1>(&again))
            FUZZ_CHECK(second->events.size() <= page->events.size());
    }
    const auto listed = run(adapter().listThread(u"+15005550001"_s, inbox, endpoints), reply);
    if (const auto *page = std::get_if<1>(&listed)) {
        for (const SplitEvent &event : page->events)
            checkEvent(event);
    }
    const OutboundMessage message{.contactSourceId = u"+15005550001"_s, .content = u"hello"_s, .inbox = InboxId(7), .inboxSettings = settings, .publicUrl = u"https://desk.example"_s};
    (void)run(adapter().send(adapter().parts(message).first(), inbox, endpoints, {}), reply);
    (void)run(adapter().listTemplates(inbox, endpoints), reply);
    (void)run(accounts.profile(inbox, endpoints), reply);
    (void)run(accounts.inspectSubscription(inbox, endpoints), reply);
    (void)run(accounts.subscribe(QUrl(u"https://desk.example/twilio/callback?inbox=7"_s), inbox, endpoints), reply);
    const auto file = run(adapter().fetchMedia({{"message"_L1, u"MM1"_s}, {"index"_L1, 0}}, inbox, endpoints), reply);
    if (const auto *request = std::get_if<1>(&file))
        FUZZ_CHECK(request->headers.isEmpty() || isTwilios(request->url));
    const auto direct = run(adapter().fetchMedia({{"url"_L1, QString::fromUtf8(body.left(200))}}, inbox, endpoints), reply);
    if (const auto *request = std::get_if<1>(&direct))
        FUZZ_CHECK(request->headers.isEmpty() || isTwilios(request->url));
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input(data, size);
    const uchar choice = input.byte();
    if (choice < 0x80) {
        const QByteArray query = input.section();
        signedBody(query, input.rest());
    } else if (choice < 0xf0) {
        answer(choice, input.rest());
    } else {
        // Any header at all: nothing but the right one passes, and no input finds that.
        const QByteArray header = input.section();
        const QByteArray query = input.section();
        FUZZ_CHECK(adapter().verify(hookOf(header, query, input.rest()), app(), kTolerance) == Verification::Refused);
    }
    return 0;
}
