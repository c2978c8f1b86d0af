// A webhook of Telegram from its secret to what its update says, the same update in a feed's page, and what an agent types on its way to Telegram's HTML: the
// right secret passes and no other, the same update always has the same keys, whatever stands in it is read, refused or set aside, and of what was typed no
// sign ends up as markup that Telegram doesn't know.

#include "core/channels/telegram/telegramadapter.h"
#include "core/channels/telegram/telegrammarkup.h"
#include "core/intake/rawheaders.h"
#include "tests/fuzz/fuzzinput.h"

#include <QStringList>

using namespace antiphon;
using namespace antiphon::fuzz;
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::seconds kTolerance{300};
const QByteArray kHeader = "X-Telegram-Bot-Api-Secret-Token";
const QByteArray kSecret = "9mJ0-kq_Zs1xW8yT4vR2uP6oN3iL5hG7fD0cB9aE1dM";

const TelegramAdapter &adapter()
{
    static const TelegramAdapter only;
    return only;
}

const AppCredentials &app()
{
    static const AppCredentials only{.appSecret = QString::fromLatin1(kSecret)};
    return only;
}

const QJsonObject &settings()
{
    static const QJsonObject only{{"business_connections"_L1, QJsonObject{{"6600000001"_L1, QJsonObject{{"id"_L1, u"bc_AQ1"_s}, {"enabled"_L1, true}}}}}};
    return only;
}

RawWebhook hookOf(const QByteArray &secret, const QByteArray &body)
{
    return {.headers = {{kHeader, secret}}, .body = body, .path = "/webhooks/telegram/7", .receivedAt = fromUnixMs(1'760'000'000'000)};
}

bool isClean(const QString &text)
{
    return !text.contains(QChar(u'\0')) && text.isValidUtf16();
}

void checkMessage(const InboundMessage &message)
{
    FUZZ_CHECK(!message.sourceId.isEmpty() && !message.customer.contactSourceId.isEmpty() && isClean(message.content));
    const qsizetype length = message.content.toUcs4().size();
    for (const TextEntity &entity : message.entities)
        FUZZ_CHECK(entity.offset >= 0 && entity.length > 0 && entity.offset + entity.length <= length);
    for (const InboundAttachment &file : message.attachments)
        FUZZ_CHECK(isClean(file.name) && isClean(file.title) && (file.kind == Attachment::Kind::Contact || !file.name.contains(u'/')));
}

void checkEvent(SplitEvent event)
{
    FUZZ_CHECK(!event.dedupeKey.isEmpty() && !event.kind.isEmpty());
    FUZZ_CHECK(!event.lane.isEmpty() || !event.target.isEmpty());
    FUZZ_CHECK(isClean(event.dedupeKey) && isClean(event.lane) && isClean(event.target));
    event.account = u"7000000001"_s;
    event.inboxSettings = settings();
    (void)adapter().acknowledge(event, {.accessToken = u"7000000001:AA"_s}, {.api = QUrl(u"https://api.telegram.org"_s)});
    const Result<InboundEvent> read = adapter().read(event);
    FUZZ_CHECK(read || read.error().kind == Error::Kind::BadPayload || (read.error().kind == Error::Kind::Unavailable && !read.error().code.isEmpty()));
    if (const InboundMessage *message = read ? std::get_if<InboundMessage>(&*read) : nullptr)
        checkMessage(*message);
    if (const InboundEdit *edit = read ? std::get_if<InboundEdit>(&*read) : nullptr)
        checkMessage(*edit->whole);
}

void signedBody(uchar flip, const QByteArray &body)
{
    const RawWebhook hook = hookOf(kSecret, body);
    FUZZ_CHECK(adapter().verify(hook, app(), kTolerance) == Verification::Valid);
    QByteArray other = kSecret;
    other[flip % other.size()] = char(other.at(flip % other.size()) ^ 1);
    FUZZ_CHECK(adapter().verify(hookOf(other, body), app(), kTolerance) == Verification::Refused);
    const RawWebhook kept = rawWebhookOf(deliveryOf(hook, adapter(), false));
    const Result<QList<SplitEvent>> events = adapter().split(hook, app());
    const Result<QList<SplitEvent>> again = adapter().split(kept, app());
    FUZZ_CHECK(bool(events) == bool(again));
    if (!events)
        return;
    FUZZ_CHECK(!events->isEmpty() && events->size() == again->size());
    for (qsizetype i = 0; i < events->size(); ++i) {
        FUZZ_CHECK(events->at(i).dedupeKey == again->at(i).dedupeKey);
        checkEvent(events->at(i));
    }
    // The same update, asked for.
    const auto feed = adapter().readFeed({.inbox = InboxId(7)}, {.account = u"7000000001"_s, .accessToken = u"7000000001:AA"_s}, {.api = QUrl(u"https://api.telegram.org"_s)});
    (void)feed->start();
    const auto page = feed->next({.status = 200, .body = "{\"ok\":true,\"result\":[" + body + "]}", .requestWritten = true});
    FUZZ_CHECK(page.index() != 0);
    if (page.index() == 1 && std::get<1>(page).events.size() == events->size())
        FUZZ_CHECK(std::get<1>(page).events.constFirst().dedupeKey == events->constFirst().dedupeKey);
}

/// Every "<" of the HTML begins a tag of Telegram's, tags are closed in the order they were opened, and without them the visible text is left.
void checkHtml(const QString &html, const QString &visible)
{
    static const QStringList known{u"strong"_s, u"em"_s, u"del"_s, u"code"_s, u"pre"_s, u"blockquote"_s, u"a"_s};
    QStringList open;
    QString text;
    for (qsizetype at = 0; at < html.size();) {
        if (html[at] != u'<') {
            text += html[at++];
            continue;
        }
        const qsizetype end = html.indexOf(u'>', at);
        FUZZ_CHECK(end > at);
        const QString tag = html.mid(at + 1, end - at - 1);
        if (tag.startsWith(u'/')) {
            FUZZ_CHECK(!open.isEmpty() && open.constLast() == tag.sliced(1));
            open.removeLast();
        } else {
            FUZZ_CHECK(known.contains(tag.section(u' ', 0, 0)));
            open.append(tag.section(u' ', 0, 0));
        }
        at = end + 1;
    }
    FUZZ_CHECK(open.isEmpty());
    FUZZ_CHECK(text.replace("&lt;"_L1, "<"_L1).replace("&gt;"_L1, ">"_L1).replace("&amp;"_L1, "&"_L1) == visible);
}

void markdown(const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes);
    const telegram::Markup markup = telegram::renderMarkup(text);
    FUZZ_CHECK(isClean(markup.html) && isClean(markup.visible) && isClean(markup.bare));
    FUZZ_CHECK(!markup.visible.endsWith(u'\n') || markup.html.endsWith(u'>'));
    checkHtml(markup.html, markup.visible);
    const OutboundMessage message{.contactSourceId = u"5500000001"_s, .content = text};
    const auto checked = adapter().check(message);
    FUZZ_CHECK(checked || checked.error().kind == Error::Kind::ChannelLimit);
    FUZZ_CHECK(adapter().parts(message).size() == 1);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input(data, size);
    const uchar choice = input.byte();
    if (choice < 0xa0) {
        signedBody(choice, input.rest());
    } else if (choice < 0xf0) {
        markdown(input.rest());
    } else {
        // Any header and any path: nothing but the right one passes, and no input finds that.
        const QByteArray header = input.section();
        const QByteArray path = input.rest();
        FUZZ_CHECK(adapter().verify(hookOf(header, path), app(), kTolerance) == Verification::Refused);
        (void)adapter().webhookKeys({.path = path});
        (void)adapter().lane(InboxId(7), {}, QString::fromUtf8(path));
        (void)adapter().replyRule({}, QString::fromUtf8(path));
    }
    return 0;
}
