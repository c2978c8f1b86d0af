#include "ui/onboarding/typedplans.h"

#include "ui/onboarding/connectsteps.h"

#include <QCoreApplication>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

using Kind = ConnectStep::Kind;
using Where = ConnectField::Where;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::ConnectPlan)
};

ConnectStep botStep()
{
    const ConnectChoice delivery{
        .where = ConnectChoice::Where::Delivery,
        .key = u"delivery"_s,
        .name = Words::tr("How messages come here"),
        .options = {{.value = u"webhook"_s,
                     .name = Words::tr("Telegram delivers them (webhook)"),
                     .text = Words::tr("Needs a public address. Telegram keeps what it can't deliver for 24 hours."),
                     .needsAddress = true,
                     .isPreferred = true},
                    {.value = u"poll"_s,
                     .name = Words::tr("This computer fetches them"),
                     .text = Words::tr("Needs no public address and is as quick. Only one program at a time can fetch a bot's messages."),
                     .isPreferred = true}}};
    return {.kind = Kind::Account,
            .title = Words::tr("Telegram bot"),
            .detail = Words::tr("Its token"),
            .heading = Words::tr("Your bot's token"),
            .text = Words::tr("Customers write to a bot. BotFather, Telegram's own bot, makes one and gives you its token."),
            .portal = u"https://t.me/BotFather"_s,
            .portalName = Words::tr("Open BotFather"),
            .clicks = {Words::tr("Send /newbot to BotFather, choose a name that customers see and a user name that ends in “bot”."),
                       Words::tr("Copy the token from BotFather's answer. For a bot that you have already: /mybots, choose it, “API Token”.")},
            .fieldsHead = Words::tr("Copy from BotFather"),
            .fields = {{.where = Where::InboxSecret,
                        .key = u"bot_token"_s,
                        .name = Words::tr("Bot token"),
                        .pattern = u"\\d+:[\\w-]{30,}"_s,
                        .wrong = Words::tr("A token is digits, a colon and at least 30 letters, digits, “_” or “-”. Copy all of it."),
                        .refused = Words::tr("Telegram does not accept this token. Copy it again, or make a new one with /revoke in BotFather.")},
                       {.where = Where::InboxSetting,
                        .key = u"api_url"_s,
                        .name = Words::tr("Bot API server"),
                        .placeholder = u"https://api.telegram.org"_s,
                        .hint = Words::tr("Only for a server of your own. Log the bot out of Telegram's server first (method logOut)."),
                        .pattern = u"https?://[^\\s/]+(/\\S*)?"_s,
                        .wrong = Words::tr("Write a whole address that begins with https://, or with http:// for this computer."),
                        .refused = Words::tr("This address can't be used: https, or http for this computer and its own network."),
                        .isOptional = true,
                        .isAdvanced = true}},
            .fieldsNote = Words::tr("The token is kept encrypted. Whoever has it can write as your bot."),
            .choices = {delivery}};
}

ConnectChoice twilioMedium()
{
    return {.key = u"medium"_s,
            .name = Words::tr("What it carries"),
            .options = {{.value = u"sms"_s, .name = Words::tr("SMS and MMS"), .text = Words::tr("A text over 160 characters is several SMS, each of which costs."), .isPreferred = true},
                        {.value = u"whatsapp"_s,
                         .name = Words::tr("WhatsApp over Twilio"),
                         .text = Words::tr("With a WhatsApp sender of this account. Free answers for 24 hours after the customer's last message.")}}};
}

ConnectChoice twilioDelivery()
{
    return {.where = ConnectChoice::Where::Delivery,
            .key = u"delivery"_s,
            .name = Words::tr("How messages come here"),
            .options = {{.value = u"both"_s,
                         .name = Words::tr("Both ways (recommended)"),
                         .text = Words::tr("Twilio delivers at once, and this computer asks every minute for what got lost: Twilio itself hardly tries again."),
                         .needsAddress = true,
                         .isPreferred = true},
                        {.value = u"poll"_s,
                         .name = Words::tr("This computer asks every minute"),
                         .text = Words::tr("Needs no public address. Messages come up to a minute late; pictures can be received, but not sent."),
                         .isPreferred = true},
                        {.value = u"webhook"_s, .name = Words::tr("Only Twilio delivers (webhook)"), .text = Words::tr("What fails on its way is fetched after an interruption only."),
                         .needsAddress = true}}};
}

QList<ConnectField> twilioFields()
{
    return {{.where = Where::InboxSetting,
             .key = u"account_sid"_s,
             .name = Words::tr("Account SID"),
             .placeholder = u"AC0123456789abcdef0123456789abcdef"_s,
             .pattern = u"AC[0-9a-fA-F]{32}"_s,
             .wrong = Words::tr("An Account SID is “AC” and 32 letters a to f and digits."),
             .refused = Words::tr("Twilio does not know this account, or it is not active.")},
            {.where = Where::InboxSecret,
             .key = u"auth_token"_s,
             .name = Words::tr("Auth Token"),
             .pattern = u"[0-9a-fA-F]{32}"_s,
             .wrong = Words::tr("An Auth Token is 32 letters a to f and digits."),
             .refused = Words::tr("Twilio does not accept this Auth Token. Copy it again; it is not the secret of an API key.")},
            {.where = Where::InboxSetting,
             .key = u"phone_number"_s,
             .otherKey = u"messaging_service_sid"_s,
             .otherPattern = u"MG[0-9a-fA-F]{32}"_s,
             .name = Words::tr("Number or service"),
             .placeholder = u"+15550100142"_s,
             .hint = Words::tr("A number with its country, a short code, a sender's name, or the SID of a Messaging Service (MG…)."),
             .pattern = u"(whatsapp:)?\\+[1-9]\\d{6,14}|\\d{5,6}|(?=.*[A-Za-z])[A-Za-z0-9 ]{2,11}|MG[0-9a-fA-F]{32}"_s,
             .wrong = Words::tr("Write a number with + and the country's code, a short code of 5 or 6 digits, a sender's name, or a service's SID: “MG” and 32 letters a to f "
                                "and digits."),
             .refused = Words::tr("Twilio has no such number or service in this account.")},
            {.where = Where::InboxSecret,
             .key = u"api_key_sid"_s,
             .name = Words::tr("API key SID"),
             .placeholder = u"SK…"_s,
             .pattern = u"SK[0-9a-fA-F]{32}"_s,
             .wrong = Words::tr("The SID of an API key is “SK” and 32 letters a to f and digits."),
             .refused = Words::tr("Twilio does not accept this API key."),
             .isOptional = true,
             .isAdvanced = true},
            {.where = Where::InboxSecret,
             .key = u"api_key_secret"_s,
             .name = Words::tr("API key secret"),
             .pattern = u"\\S{20,}"_s,
             .wrong = Words::tr("A secret is one long word without blanks."),
             .refused = Words::tr("Twilio does not accept this API key."),
             .isOptional = true,
             .isAdvanced = true}};
}

} // namespace

ConnectPlan telegramPlan()
{
    ConnectStep trip = roundTripStep(Words::tr("Open the bot in Telegram from another account, press “Start” and write to it now. The message appears here as soon as it arrives."));
    trip.clicksHead = Words::tr("Also answer the chats of a personal account (Telegram Business)");
    trip.clicks = {Words::tr("In BotFather: /mybots, choose the bot, “Bot Settings”, “Business Mode”, turn it on."),
                   Words::tr("In the Telegram app of the account, which needs Telegram Premium: Settings → Telegram Business → Chatbots. Enter the bot's user name, choose the chats, and allow it "
                             "to reply.")};
    trip.note = Words::tr("Each customer of that account then has a conversation of their own here, with the owner's name above it. Telegram allows answers there for 24 hours after the "
                          "customer's last message. Groups and channels are not shown.");
    return {.channel = Channel::Telegram, .needsAddress = false, .steps = {botStep(), trip}};
}

ConnectPlan linePlan()
{
    const QString digits = u"\\d{5,20}"_s;
    const ConnectStep account{
        .kind = Kind::Account,
        .title = Words::tr("LINE channel"),
        .detail = Words::tr("Console values"),
        .heading = Words::tr("Your channel in the LINE Developers Console"),
        .text = Words::tr("An Official Account needs a channel of the type Messaging API. It gives three values; they are tried as soon as you go on."),
        .portal = u"https://developers.line.biz/console/"_s,
        .portalName = Words::tr("Open the LINE Developers Console"),
        .clicks = {Words::tr("Choose the provider and its channel of the type Messaging API. There is none yet? Turn the Messaging API on in the Official Account Manager, under Settings."),
                   Words::tr("“Basic settings” shows the channel ID and the channel secret."),
                   Words::tr("“Messaging API”, at its end, issues the long-lived channel access token.")},
        .fieldsHead = Words::tr("Copy from the console"),
        .fields = {{.where = Where::InboxSetting,
                    .key = u"channel_id"_s,
                    .name = Words::tr("Channel ID"),
                    .placeholder = u"1234567890"_s,
                    .hint = Words::tr("Basic settings → Channel ID"),
                    .pattern = digits,
                    .wrong = Words::tr("A channel ID has only digits. It is not the account's ID with the @."),
                    .refused = Words::tr("This is not the channel of the token.")},
                   {.where = Where::InboxSecret,
                    .key = u"channel_secret"_s,
                    .name = Words::tr("Channel secret"),
                    .hint = Words::tr("Basic settings → Channel secret"),
                    .pattern = u"[0-9a-fA-F]{32}"_s,
                    .wrong = Words::tr("A channel secret is 32 letters a to f and digits."),
                    .refused = Words::tr("LINE does not know this secret. Copy it again.")},
                   {.where = Where::InboxSecret,
                    .key = u"channel_token"_s,
                    .name = Words::tr("Channel access token"),
                    .hint = Words::tr("Messaging API → Channel access token (long-lived)"),
                    .pattern = u"\\S{40,}"_s,
                    .wrong = Words::tr("A token is one long word without blanks."),
                    .refused = Words::tr("LINE does not accept this token. Issue it anew and copy all of it.")}},
        .fieldsNote = Words::tr("Secret and token are kept encrypted. The secret also checks every webhook.")};
    const ConnectStep deliver{
        .kind = Kind::Deliver,
        .title = Words::tr("Delivery"),
        .detail = Words::tr("Three switches"),
        .heading = Words::tr("Let LINE deliver"),
        .text = Words::tr("The address is entered for you. Three switches only a person can set; the next page tells what LINE's own test of the webhook found."),
        .portal = u"https://developers.line.biz/console/"_s,
        .portalName = Words::tr("Open the LINE Developers Console"),
        .valuesHead = Words::tr("Under “Messaging API” in the console"),
        .values = {{.kind = ConnectValue::Kind::Webhook, .name = Words::tr("Webhook URL"), .isSetForYou = true}},
        .ticksHead = Words::tr("Look after these"),
        .ticks = {Words::tr("“Use webhook” is on"),
                  Words::tr("“Webhook redelivery” is on: else what arrives while this computer sleeps is lost, for LINE has no list of messages"),
                  Words::tr("“Auto-reply messages” are off, or LINE answers your customers before you do")}};
    ConnectStep trip = roundTripStep(Words::tr("Write to the account from another LINE account now. The message appears here as soon as it arrives."));
    trip.note = Words::tr("Replies sent from the LINE app will not appear here: LINE does not pass them on.");
    return {.channel = Channel::Line,
            .needsAddress = false,
            .tellsAllChecks = true,
            .steps = {addressStep(Channel::Line, Words::tr("Without an address the account is connected all the same and can write, but nothing that customers write arrives, and no "
                                                           "files can be sent.")),
                      account, deliver, trip}};
}

ConnectPlan twilioPlan()
{
    const ConnectStep account{
        .kind = Kind::Account,
        .title = Words::tr("Twilio account"),
        .detail = Words::tr("Console values"),
        .heading = Words::tr("Your number in the Twilio Console"),
        .text = Words::tr("Account, Auth Token and a number or Messaging Service of the account. They are tried as soon as you go on; addresses at Twilio are entered for you."),
        .portal = u"https://console.twilio.com/"_s,
        .portalName = Words::tr("Open the Twilio Console"),
        .clicks = {Words::tr("The start page of the console shows Account SID and Auth Token under “Account Info”."),
                   Words::tr("Phone Numbers → Manage → Active numbers shows your numbers; Messaging → Services shows Messaging Services, Messaging → Senders those of WhatsApp.")},
        .fieldsHead = Words::tr("Copy from the console"),
        .fields = twilioFields(),
        .fieldsNote = Words::tr("Secrets are kept encrypted. The Auth Token also checks every webhook, so that it is needed beside an API key, too."),
        .choices = {twilioMedium(), twilioDelivery()},
        .advancedNote = Words::tr("With an API key, calls are made in its name; it can be taken back without changing the Auth Token.")};
    ConnectStep trip = roundTripStep(Words::tr("Write to the number from another phone now. The message appears here as soon as it arrives; without a public address within a minute."));
    return {.channel = Channel::Twilio, .needsAddress = false, .steps = {account, trip}};
}

} // namespace antiphon
