#include "ui/onboarding/connectplan.h"

#include "ui/onboarding/connectsteps.h"
#include "ui/onboarding/typedplans.h"

#include <QCoreApplication>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

using Kind = ConnectStep::Kind;
using Where = ConnectField::Where;
using Value = ConnectValue::Kind;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::ConnectPlan)
};

const QString kDigits = u"\\d{5,25}"_s;
const QString kSecret = u"[0-9a-fA-F]{32}"_s;
const QString kMetaDashboard = u"https://developers.facebook.com/apps"_s;

QString openMeta() { return Words::tr("Open Meta's App Dashboard"); }

ConnectStep consentStep(Channel channel)
{
    return {.kind = Kind::Consent,
            .title = Words::tr("Sign in"),
            .detail = Words::tr("In your browser"),
            .heading = Words::tr("Agree in your browser"),
            .text = Words::tr("%1 asks the owner of the account whether this workspace may read and answer its messages. The page opens in your browser; "
                              "when you have agreed, this window goes on by itself.")
                        .arg(channelTitle(channel))};
}

/// The callback address and the verify token, entered where Meta asks for them.
ConnectStep deliverStep(const QStringList &clicks)
{
    return {.kind = Kind::Deliver,
            .title = Words::tr("Delivery"),
            .detail = Words::tr("Callback address"),
            .heading = Words::tr("Tell Meta where to deliver"),
            .text = Words::tr("Meta asks this computer once whether the address is yours; the verify token proves it."),
            .portal = kMetaDashboard,
            .portalName = openMeta(),
            .clicks = clicks,
            .valuesHead = Words::tr("Paste into the dashboard"),
            .values = {{.kind = Value::Webhook, .name = Words::tr("Callback URL")}, {.kind = Value::VerifyToken, .name = Words::tr("Verify token")}}};
}

ConnectField appId(const QString &name)
{
    return {.where = Where::AppSetting, .key = u"app_id"_s, .name = name, .placeholder = u"1234567890123456"_s, .pattern = kDigits,
            .wrong = Words::tr("An app ID has only digits.")};
}

ConnectField appSecret(const QString &name, Where where)
{
    return {.where = where, .key = u"app_secret"_s, .name = name, .pattern = kSecret, .wrong = Words::tr("An app secret is 32 letters a to f and digits."),
            .refused = Words::tr("Meta does not know this secret. Copy it again.")};
}

ConnectPlan tiktokPlan()
{
    const QString scopes = u"message.list.read, message.list.send, message.list.manage, user.info.basic, user.info.username, user.info.profile, "
                           "user.info.stats, user.account.type, user.insights"_s;
    const ConnectStep app{.kind = Kind::App,
                          .title = Words::tr("TikTok app"),
                          .detail = Words::tr("Portal values"),
                          .heading = Words::tr("Your app in the TikTok developer portal"),
                          .text = Words::tr("One app serves all TikTok accounts of this workspace. Create it once, with the product “Business Messaging”."),
                          .portal = u"https://business-api.tiktok.com/portal"_s,
                          .portalName = Words::tr("Open the portal"),
                          .valuesHead = Words::tr("Paste into the portal"),
                          .values = {{.kind = Value::Redirect, .name = Words::tr("Redirect URL")},
                                     {.kind = Value::Webhook, .name = Words::tr("Webhook"), .isSetForYou = true},
                                     {.kind = Value::Fixed, .name = Words::tr("Permissions"), .value = scopes}},
                          .fieldsHead = Words::tr("Copy from the portal"),
                          .fields = {{.where = Where::AppSetting, .key = u"app_id"_s, .name = Words::tr("App ID")},
                                     {.where = Where::AppSecret, .key = u"app_secret"_s, .name = Words::tr("App secret")}},
                          .fieldsNote = Words::tr("The secret is kept encrypted. It also checks every webhook."),
                          .ticksHead = Words::tr("In the TikTok app of the account"),
                          .ticks = {Words::tr("It is a Business Account (personal accounts can't use messaging by API)"),
                                    Words::tr("Direct messages are allowed from everyone (else each request must be accepted in the app first)")}};
    return {.channel = Channel::Tiktok,
            .callbackPath = u"/tiktok/callback"_s,
            .steps = {addressStep(Channel::Tiktok), app, consentStep(Channel::Tiktok),
                      roundTripStep(Words::tr("Write to the account from another TikTok account now. The message appears here as soon as it arrives."))}};
}

ConnectPlan whatsappPlan()
{
    const ConnectStep account{
        .kind = Kind::Account,
        .title = Words::tr("WhatsApp number"),
        .detail = Words::tr("Values of the Meta app"),
        .heading = Words::tr("Your number in the Meta app"),
        .text = Words::tr("The WhatsApp Business Platform (Cloud API) gives five values. They are tried as soon as you go on."),
        .portal = kMetaDashboard,
        .portalName = openMeta(),
        .clicks = {Words::tr("Create an app of the type “Business”, or open the one you have, and add the product “WhatsApp”."),
                   Words::tr("WhatsApp → API Setup shows the phone number ID and the WhatsApp Business Account ID."),
                   Words::tr("App settings → Basic shows the app secret."),
                   Words::tr("In the Business settings, under Users → System users, make a token for this app that never expires, with the permissions "
                             "whatsapp_business_messaging and whatsapp_business_management.")},
        .fieldsHead = Words::tr("Copy from the dashboard"),
        .fields = {{.where = Where::InboxSetting, .key = u"phone_number"_s, .name = Words::tr("Phone number"), .placeholder = u"+4915550100001"_s,
                    .pattern = u"\\+[1-9]\\d{6,14}"_s, .wrong = Words::tr("Write it with + and the country's code, 7 to 15 digits."),
                    .refused = Words::tr("This is not the number of the phone number ID.")},
                   {.where = Where::InboxSetting, .key = u"phone_number_id"_s, .name = Words::tr("Phone number ID"), .placeholder = u"106540352242922"_s,
                    .pattern = kDigits, .wrong = Words::tr("An ID has only digits. It is not the phone number itself."),
                    .refused = Words::tr("Meta does not know this ID, or the token may not use it.")},
                   {.where = Where::InboxSetting, .key = u"business_account_id"_s, .name = Words::tr("Business Account ID"), .placeholder = u"102290129340398"_s,
                    .pattern = kDigits, .wrong = Words::tr("An ID has only digits."),
                    .refused = Words::tr("Meta does not know this WhatsApp Business Account, or the token may not use it.")},
                   {.where = Where::InboxSecret, .key = u"access_token"_s, .name = Words::tr("Access token"), .pattern = u"\\S{20,}"_s,
                    .wrong = Words::tr("A token is one long word without blanks."),
                    .refused = Words::tr("Meta does not accept this token. It needs both permissions and must not have ended.")},
                   appSecret(Words::tr("App secret"), Where::InboxSecret)},
        .fieldsNote = Words::tr("Token and secret are kept encrypted. The secret also checks every webhook.")};
    return {.channel = Channel::Whatsapp,
            .needsAddress = false,
            .steps = {addressStep(Channel::Whatsapp, Words::tr("Without an address the number is connected all the same and can write, but nothing that customers write arrives.")), account,
                      deliverStep({Words::tr("WhatsApp → Configuration: choose “Edit” beside “Webhook”."),
                                   Words::tr("Paste both values and press “Verify and save”."),
                                   Words::tr("Under “Webhook fields” subscribe to messages, account_update and message_template_status_update; for a number that is "
                                             "also in the WhatsApp Business app to smb_message_echoes, smb_app_state_sync and history, too.")}),
                      roundTripStep(Words::tr("Write to the number from another phone now. The message appears here as soon as it arrives."))}};
}

const QString kByPage = u"page"_s;

ConnectChoice instagramWays()
{
    return {.key = u"way"_s,
            .name = Words::tr("How the account is connected"),
            .options = {{.value = u"login"_s, .name = Words::tr("By Instagram Login (recommended)"),
                         .text = Words::tr("Its owner agrees in the browser. A Facebook page is not needed."), .isPreferred = true},
                        {.value = kByPage, .name = Words::tr("By the Facebook page it is linked to"),
                         .text = Words::tr("With a token of the page, which does not end by time. For accounts and apps that are set up for Messenger already.")}}};
}

QStringList instagramTicks()
{
    return {Words::tr("It is a professional account (business or creator)"),
            Words::tr("Under Settings → Messages and story replies → Message controls, connected tools may access messages")};
}

ConnectPlan instagramPlan()
{
    const ConnectStep app{
        .kind = Kind::App,
        .title = Words::tr("Instagram app"),
        .detail = Words::tr("Dashboard values"),
        .heading = Words::tr("Your app in Meta's dashboard"),
        .text = Words::tr("One app serves all Instagram accounts of this workspace. A Facebook page is not needed."),
        .portal = kMetaDashboard,
        .portalName = openMeta(),
        .clicks = {Words::tr("Create an app of the type “Business”, or open the one you have, and add the product “Instagram”."),
                   Words::tr("Instagram → API setup with Instagram login shows the Instagram app ID and secret. They are not those of the Meta app."),
                   Words::tr("In the same place, under “Set up Instagram business login”, paste the redirect URL."),
                   Words::tr("Publish the app: in development mode only its own people's messages come in.")},
        .valuesHead = Words::tr("Paste into the dashboard"),
        .values = {{.kind = Value::Redirect, .name = Words::tr("Redirect URL")},
                   {.kind = Value::Fixed, .name = Words::tr("Permissions"), .value = u"instagram_business_basic, instagram_business_manage_messages"_s}},
        .fieldsHead = Words::tr("Copy from the dashboard"),
        .fields = {appId(Words::tr("Instagram app ID")), appSecret(Words::tr("Instagram app secret"), Where::AppSecret)},
        .fieldsNote = Words::tr("The secret is kept encrypted. It also checks every webhook."),
        .ticksHead = Words::tr("In the Instagram app of the account"),
        .ticks = instagramTicks()};
    return {.channel = Channel::Instagram,
            .callbackPath = u"/instagram/callback"_s,
            .ways = instagramWays(),
            .way = instagramWays().options.constFirst().value,
            .steps = {addressStep(Channel::Instagram), app,
                      deliverStep({Words::tr("Instagram → API setup with Instagram login: open “Configure webhooks”."),
                                   Words::tr("Paste both values and press “Verify and save”."),
                                   Words::tr("Subscribe to messages, message_reactions, messaging_seen, messaging_postbacks and messaging_referral.")}),
                      consentStep(Channel::Instagram),
                      roundTripStep(Words::tr("Write to the account from another Instagram account now. The message appears here as soon as it arrives."))}};
}

ConnectStep instagramPageStep()
{
    return {.kind = Kind::Account,
            .title = Words::tr("Facebook page"),
            .detail = Words::tr("Page and its token"),
            .heading = Words::tr("The page that the account is linked to"),
            .text = Words::tr("The page tells which Instagram account is linked to it. Page and token are tried as soon as you go on."),
            .portal = kMetaDashboard,
            .portalName = openMeta(),
            .clicks = {Words::tr("On Facebook, in the page's settings under Linked accounts → Instagram, look whether the account is linked; else link it there."),
                       Words::tr("Messenger → Instagram Settings: connect the page under “Generate access tokens” and agree to all that is asked; its ID stands below its name."),
                       Words::tr("Press “Generate” beside the page and copy the token.")},
            .fieldsHead = Words::tr("Copy from the dashboard"),
            .fields = {{.where = Where::InboxSetting, .key = u"page_id"_s, .name = Words::tr("Page ID"), .placeholder = u"108450112345678"_s, .pattern = kDigits,
                        .wrong = Words::tr("An ID has only digits."),
                        .refused = Words::tr("No Instagram account is linked to this page, Meta does not know the page, or the token is of another page.")},
                       {.where = Where::InboxSecret, .key = u"page_access_token"_s, .name = Words::tr("Page access token"), .pattern = u"\\S{20,}"_s,
                        .wrong = Words::tr("A token is one long word without blanks."),
                        .refused = Words::tr("Meta does not accept this token. Generate a new one with the permissions instagram_basic, instagram_manage_messages, "
                                             "pages_manage_metadata and pages_messaging.")}},
            .fieldsNote = Words::tr("The token is kept encrypted."),
            .ticksHead = Words::tr("In the Instagram app of the account"),
            .ticks = instagramTicks()};
}

/// With Facebook's application, which is the one that Messenger has.
ConnectPlan instagramByPagePlan()
{
    const ConnectStep app{
        .kind = Kind::App,
        .title = Words::tr("Meta app"),
        .detail = Words::tr("Dashboard values"),
        .heading = Words::tr("Your app in Meta's dashboard"),
        .text = Words::tr("One app serves all Facebook pages of this workspace, for Messenger and for Instagram. What is entered already may stay."),
        .portal = kMetaDashboard,
        .portalName = openMeta(),
        .clicks = {Words::tr("Create an app of the type “Business”, or open the one you have, and add the product “Messenger”."),
                   Words::tr("App settings → Basic shows the app ID and the app secret. Those of an Instagram app will not do."),
                   Words::tr("Publish the app: in development mode only its own people's messages come in.")},
        .fieldsHead = Words::tr("Copy from the dashboard"),
        .fields = {appId(Words::tr("App ID")), appSecret(Words::tr("App secret"), Where::AppSecret)},
        .fieldsNote = Words::tr("The secret is kept encrypted. It also checks every webhook.")};
    return {.channel = Channel::Instagram,
            .needsAddress = false,
            .application = Channel::Messenger,
            .ways = instagramWays(),
            .way = kByPage,
            .steps = {addressStep(Channel::Instagram), app,
                      deliverStep({Words::tr("Messenger → Instagram Settings: under “Configure webhooks” paste both values and press “Verify and save”."),
                                   Words::tr("Subscribe to messages, message_reactions, messaging_seen, messaging_postbacks and messaging_referral.")}),
                      instagramPageStep(),
                      roundTripStep(Words::tr("Write to the account from another Instagram account now. The message appears here as soon as it arrives."))}};
}

ConnectPlan messengerPlan()
{
    const ConnectStep app{
        .kind = Kind::App,
        .title = Words::tr("Meta app"),
        .detail = Words::tr("Dashboard values"),
        .heading = Words::tr("Your app in Meta's dashboard"),
        .text = Words::tr("One app serves all Facebook pages of this workspace."),
        .portal = kMetaDashboard,
        .portalName = openMeta(),
        .clicks = {Words::tr("Create an app of the type “Business”, or open the one you have, and add the product “Messenger”."),
                   Words::tr("App settings → Basic shows the app ID and the app secret.")},
        .fieldsHead = Words::tr("Copy from the dashboard"),
        .fields = {appId(Words::tr("App ID")), appSecret(Words::tr("App secret"), Where::AppSecret)},
        .fieldsNote = Words::tr("The secret is kept encrypted. It also checks every webhook.")};
    const ConnectStep account{
        .kind = Kind::Account,
        .title = Words::tr("Facebook page"),
        .detail = Words::tr("Page and its token"),
        .heading = Words::tr("The page that customers write to"),
        .text = Words::tr("You need the right to answer messages of the page. The token is tried as soon as you go on."),
        .portal = kMetaDashboard,
        .portalName = openMeta(),
        .clicks = {Words::tr("Messenger → Messenger API Settings: connect your page under “Generate access tokens”; its ID stands below its name."),
                   Words::tr("Press “Generate” beside the page and copy the token.")},
        .fieldsHead = Words::tr("Copy from the dashboard"),
        .fields = {{.where = Where::InboxSetting, .key = u"page_id"_s, .name = Words::tr("Page ID"), .placeholder = u"108450112345678"_s, .pattern = kDigits,
                    .wrong = Words::tr("An ID has only digits."), .refused = Words::tr("Meta does not know this page, or the token is of another page.")},
                   {.where = Where::InboxSecret, .key = u"page_access_token"_s, .name = Words::tr("Page access token"), .pattern = u"\\S{20,}"_s,
                    .wrong = Words::tr("A token is one long word without blanks."),
                    .refused = Words::tr("Meta does not accept this token. Generate a new one and copy all of it.")}},
        .fieldsNote = Words::tr("The token is kept encrypted.")};
    return {.channel = Channel::Messenger,
            .needsAddress = false,
            .steps = {addressStep(Channel::Messenger), app,
                      deliverStep({Words::tr("Messenger → Messenger API Settings: under “Configure webhooks” paste both values and press “Verify and save”."),
                                   Words::tr("Subscribe to messages, messaging_postbacks, message_deliveries, message_reads, message_echoes, message_reactions and "
                                             "messaging_referrals.")}),
                      account, roundTripStep(Words::tr("Write to the page from another account now. The message appears here as soon as it arrives."))}};
}

} // namespace

QString connectWay(const Inbox &inbox)
{
    return inbox.channel == Channel::Instagram && !inbox.settings.value("page_id"_L1).toString().isEmpty() ? kByPage : QString();
}

std::optional<ConnectPlan> connectPlan(Channel channel, const QString &way)
{
    switch (channel) {
    case Channel::Tiktok: return tiktokPlan();
    case Channel::Whatsapp: return whatsappPlan();
    case Channel::Instagram: return way == kByPage ? instagramByPagePlan() : instagramPlan();
    case Channel::Messenger: return messengerPlan();
    case Channel::Telegram: return telegramPlan();
    case Channel::Line: return linePlan();
    case Channel::Twilio: return twilioPlan();
    }
    Q_UNREACHABLE();
}

QList<Channel> connectableChannels()
{
    return {Channel::Whatsapp, Channel::Telegram, Channel::Instagram, Channel::Messenger, Channel::Tiktok, Channel::Line, Channel::Twilio};
}

QString connectNeeds(Channel channel)
{
    switch (channel) {
    case Channel::Whatsapp: return Words::tr("Cloud API number and a Meta app, about 15 min");
    case Channel::Instagram: return Words::tr("Professional account and a Meta app, about 15 min");
    case Channel::Messenger: return Words::tr("Facebook page and a Meta app, about 15 min");
    case Channel::Tiktok: return Words::tr("Business Account and a developer app, about 15 min");
    case Channel::Telegram: return Words::tr("A bot's token from BotFather, about 3 min");
    case Channel::Line: return Words::tr("Official Account, Messaging API, about 10 min");
    case Channel::Twilio: return Words::tr("SMS or WhatsApp with a Twilio number, about 5 min");
    }
    Q_UNREACHABLE();
}

ConnectReach connectReach(Channel channel)
{
    switch (channel) {
    case Channel::Telegram:
    case Channel::Twilio: return {.worksWithout = true, .text = Words::tr("Works without a public address")};
    case Channel::Messenger: return {.worksWithout = true, .text = Words::tr("Works without a public address, but slower")};
    case Channel::Tiktok:
    case Channel::Instagram: return {.text = Words::tr("Public address to sign in; slower without")};
    case Channel::Whatsapp:
    case Channel::Line: return {.text = Words::tr("Needs a public address")};
    }
    Q_UNREACHABLE();
}

} // namespace antiphon
