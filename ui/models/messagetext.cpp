#include "ui/models/messagetext.h"

#include "ui/models/richtext.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QJsonArray>
#include <QLocale>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::MessageText)
};

/// Isolated, so that a name of another direction doesn't turn the sentence round.
QString isolated(const QString &name)
{
    return QChar(0x2068) + name + QChar(0x2069);
}

QString statusWord(const QString &status)
{
    if (status == "open"_L1)
        return Words::tr("open");
    if (status == "pending"_L1)
        return Words::tr("pending");
    if (status == "snoozed"_L1)
        return Words::tr("snoozed");
    if (status == "resolved"_L1)
        return Words::tr("resolved");
    return status;
}

QString priorityWord(const QString &priority)
{
    if (priority == "low"_L1)
        return Words::tr("low");
    if (priority == "medium"_L1)
        return Words::tr("medium");
    if (priority == "high"_L1)
        return Words::tr("high");
    if (priority == "urgent"_L1)
        return Words::tr("urgent");
    return Words::tr("none");
}

QString wordOf(const QJsonValue &value)
{
    if (value.isObject())
        return value.toObject().value("name"_L1).toString();
    if (value.isArray()) {
        QStringList words;
        const QJsonArray entries = value.toArray();
        for (const QJsonValue &entry : entries)
            words.append(entry.toString());
        return words.join(u", "_s);
    }
    return value.isDouble() ? QLocale().toString(value.toInteger()) : value.toString();
}

QString statusSentence(const QString &actor, const QString &to)
{
    if (actor.isEmpty())
        return Words::tr("The conversation is now %1").arg(statusWord(to));
    if (to == "resolved"_L1)
        return Words::tr("%1 resolved the conversation").arg(actor);
    if (to == "open"_L1)
        return Words::tr("%1 reopened the conversation").arg(actor);
    if (to == "snoozed"_L1)
        return Words::tr("%1 snoozed the conversation").arg(actor);
    return Words::tr("%1 set the status to %2").arg(actor, statusWord(to));
}

QString assigneeSentence(const QString &actor, const QString &to)
{
    if (to.isEmpty())
        return actor.isEmpty() ? Words::tr("Nobody is assigned any more") : Words::tr("%1 removed the assignment").arg(actor);
    if (actor.isEmpty())
        return Words::tr("Assigned to %1").arg(isolated(to));
    if (actor == isolated(to))
        return Words::tr("%1 took the conversation").arg(actor);
    return Words::tr("%1 assigned the conversation to %2").arg(actor, isolated(to));
}

/// Where the customer came from: an advertisement with its name, or a link with its mark.
QString referralSentence(const QJsonObject &activity)
{
    const QString ad = plainLine(activity.value("ad_name"_L1).toString(), 120);
    const QString link = plainLine(activity.value("ref"_L1).toString(), 120);
    if (!ad.isEmpty())
        return Words::tr("Came through the advertisement “%1”").arg(isolated(ad));
    if (!link.isEmpty())
        return Words::tr("Came through the link “%1”").arg(isolated(link));
    return activity.value("source"_L1) == "ad"_L1 ? Words::tr("Came through an advertisement") : Words::tr("Came through a link");
}

QString handoverSentence(const QJsonObject &activity)
{
    const QString action = activity.value("action"_L1).toString();
    if (action == "handed_over"_L1)
        return Words::tr("Another program took the conversation over");
    if (action == "returned"_L1)
        return Words::tr("The conversation was handed back to this inbox");
    return Words::tr("Another program asked for the conversation");
}

/// Nobody was here for a while, on this computer's clock; the date stands where the two ends aren't of one day.
QString awaySentence(const QJsonObject &activity)
{
    const QDateTime from = QDateTime::fromString(activity.value("from"_L1).toString(), Qt::ISODateWithMs).toLocalTime();
    const QDateTime to = QDateTime::fromString(activity.value("to"_L1).toString(), Qt::ISODateWithMs).toLocalTime();
    const bool isLong = from.daysTo(to) > 1;
    const auto text = [isLong](const QDateTime &at) {
        return isLong ? QLocale().toString(at, QLocale::ShortFormat) : QLocale().toString(at.time(), QLocale::ShortFormat);
    };
    return activity.value("complete"_L1).toBool() ? Words::tr("Antiphon was offline %1 – %2 · complete").arg(text(from), text(to))
                                                  : Words::tr("Antiphon was offline %1 – %2 · may be incomplete").arg(text(from), text(to));
}

} // namespace

QString attachmentWord(const Attachment &attachment)
{
    switch (attachment.kind) {
    case Attachment::Kind::Image: return Words::tr("Photo");
    case Attachment::Kind::Video: return Words::tr("Video");
    case Attachment::Kind::Audio: return attachment.isVoice || attachment.name.isEmpty() ? Words::tr("Voice message") : plainLine(attachment.name, 120);
    case Attachment::Kind::File: return attachment.name.isEmpty() ? Words::tr("File") : plainLine(attachment.name, 120);
    case Attachment::Kind::Sticker: return Words::tr("Sticker");
    case Attachment::Kind::Embed: return Words::tr("Shared post");
    case Attachment::Kind::Location: return Words::tr("Location");
    case Attachment::Kind::Contact: return attachment.title.isEmpty() ? Words::tr("Contact") : Words::tr("Contact: %1").arg(plainLine(attachment.title, 120));
    }
    Q_UNREACHABLE();
}

QString storyCaption(const Attachment &attachment)
{
    if (attachment.kind != Attachment::Kind::Image && attachment.kind != Attachment::Kind::Video)
        return {};
    if (attachment.title == "Replied to your story"_L1)
        return Words::tr("Replied to your story");
    if (attachment.title == "Mentioned you in a story"_L1)
        return Words::tr("Mentioned you in a story");
    return {};
}

QString attachmentProblem(const Attachment &attachment)
{
    if (attachment.state != Attachment::State::Failed)
        return {};
    if (attachment.error == "expired"_L1)
        return storyCaption(attachment).isEmpty() ? Words::tr("It has expired at the platform") : Words::tr("The story is no longer available");
    if (attachment.error == "too_large"_L1)
        return Words::tr("The file is too large to be fetched");
    if (attachment.error == "refused"_L1)
        return Words::tr("The platform does not hand the file over");
    return Words::tr("The file is not available");
}

QString attachmentDoubt(const Attachment &attachment)
{
    if (attachment.state != Attachment::State::Ready || attachment.error.isEmpty())
        return {};
    if (attachment.error == "corrupt"_L1)
        return Words::tr("Perhaps damaged: it is not the file that was announced");
    return Words::tr("Perhaps not as it was sent: %1").arg(plainLine(QString(attachment.error).replace(u'_', u' '), 80));
}

QString referralText(const QJsonObject &referral)
{
    const auto text = [&referral](QLatin1StringView key) { return plainLine(referral.value(key).toString(), 120); };
    QString name = text("headline"_L1);
    if (name.isEmpty())
        name = text("ad_name"_L1);
    const bool isAd = !name.isEmpty() || referral.contains("ad_id"_L1) || text("source"_L1).startsWith("ad"_L1, Qt::CaseInsensitive);
    if (!name.isEmpty())
        return Words::tr("Came by the ad “%1”").arg(isolated(name));
    if (isAd)
        return Words::tr("Came by an ad");
    const QString link = text("ref"_L1);
    if (!link.isEmpty())
        return Words::tr("Came through the link “%1”").arg(isolated(link));
    return referral.isEmpty() ? QString() : Words::tr("Came through a link");
}

QLatin1StringView attachmentIcon(Attachment::Kind kind)
{
    switch (kind) {
    case Attachment::Kind::Image: return "image"_L1;
    case Attachment::Kind::Video: return "video"_L1;
    case Attachment::Kind::Audio: return "mic"_L1;
    case Attachment::Kind::File: return "file"_L1;
    case Attachment::Kind::Sticker: return "sticker"_L1;
    case Attachment::Kind::Embed: return "post"_L1;
    case Attachment::Kind::Location: return "map-pin"_L1;
    case Attachment::Kind::Contact: return "contact-card"_L1;
    }
    Q_UNREACHABLE();
}

QString activityText(const Message &message)
{
    const QJsonObject &activity = message.activity;
    const QString kind = activity.value("kind"_L1).toString();
    QString name = activity.value("actor_name"_L1).toString();
    if (name.isEmpty() && message.sender.type != Sender::Type::System)
        name = message.sender.name;
    const QString actor = name.isEmpty() ? QString() : isolated(plainLine(name, 80));
    const QString to = plainLine(wordOf(activity.value("to_name"_L1).isString() ? activity.value("to_name"_L1) : activity.value("to"_L1)), 120);
    if (kind == "status"_L1 || kind == "status_changed"_L1)
        return statusSentence(actor, to);
    if (kind == "priority"_L1 || kind == "priority_changed"_L1)
        return actor.isEmpty() ? Words::tr("The priority is now %1").arg(priorityWord(to)) : Words::tr("%1 set the priority to %2").arg(actor, priorityWord(to));
    if (kind == "assignee"_L1 || kind == "assignee_changed"_L1)
        return assigneeSentence(actor, to);
    if (kind == "labels"_L1 || kind == "labels_changed"_L1)
        return to.isEmpty() ? Words::tr("All labels were removed") : actor.isEmpty() ? Words::tr("Labels: %1").arg(to) : Words::tr("%1 set the labels %2").arg(actor, to);
    if (kind == "label_added"_L1)
        return actor.isEmpty() ? Words::tr("Label added: %1").arg(to) : Words::tr("%1 added the label %2").arg(actor, to);
    if (kind == "label_removed"_L1)
        return actor.isEmpty() ? Words::tr("Label removed: %1").arg(to) : Words::tr("%1 removed the label %2").arg(actor, to);
    if (kind == "followed"_L1 || kind == "contact_added"_L1)
        return Words::tr("The customer added your business");
    if (kind == "chat_started"_L1) {
        const QString link = plainLine(activity.value("payload"_L1).toString(), 80);
        return link.isEmpty() ? Words::tr("The customer started the chat") : Words::tr("The customer started the chat through the link “%1”").arg(isolated(link));
    }
    if (kind == "unfollowed"_L1 || kind == "blocked"_L1 || kind == "contact_blocked"_L1 || kind == "customer_blocked"_L1)
        return Words::tr("The customer blocked your business");
    if (kind == "unblocked"_L1 || kind == "contact_unblocked"_L1 || kind == "customer_unblocked"_L1)
        return Words::tr("The customer unblocked your business");
    if (kind == "blocked_here"_L1)
        return actor.isEmpty() ? Words::tr("The customer was blocked") : Words::tr("%1 blocked the customer").arg(actor);
    if (kind == "unblocked_here"_L1)
        return actor.isEmpty() ? Words::tr("The customer was unblocked") : Words::tr("%1 unblocked the customer").arg(actor);
    if (kind == "referral"_L1)
        return referralSentence(activity);
    if (kind == "handover"_L1)
        return handoverSentence(activity);
    if (kind == "number_changed"_L1)
        return Words::tr("The customer's number is now %1").arg(isolated(to));
    if (kind == "identity_changed"_L1)
        return Words::tr("The customer's security code has changed");
    if (kind == "account_linking"_L1)
        return activity.value("status"_L1) == "linked"_L1 ? Words::tr("The customer linked an account") : Words::tr("The customer unlinked an account");
    if (kind == "system"_L1 && !activity.value("text"_L1).toString().isEmpty())
        return plainLine(activity.value("text"_L1).toString(), 400);
    if (kind == "away"_L1)
        return awaySentence(activity);
    if (kind == "reaction_failed"_L1) {
        const QString why = plainLine(activity.value("text"_L1).toString(), 200);
        const QString emoji = activity.value("emoji"_L1).toString();
        return why.isEmpty() ? Words::tr("The platform did not take the reaction %1").arg(emoji)
                             : Words::tr("The platform did not take the reaction %1: %2").arg(emoji, isolated(why));
    }
    if (kind == "event_failed"_L1)
        return Words::tr("One incoming event could not be processed");
    if (!message.content.isEmpty())
        return plainLine(message.content, 400);
    return kind.isEmpty() ? Words::tr("Something changed") : Words::tr("Changed: %1").arg(plainLine(kind, 80));
}

QString unsupportedText(Channel channel)
{
    switch (channel) {
    case Channel::Messenger:
    case Channel::Instagram:
    case Channel::Tiktok:
    case Channel::Whatsapp: return Words::tr("This kind of message cannot be shown here. Open the %1 app to see it.").arg(channelTitle(channel));
    case Channel::Telegram:
    case Channel::Line:
    case Channel::Twilio: return Words::tr("This kind of message cannot be shown here.");
    }
    Q_UNREACHABLE();
}

QString nativeAppToolTip(Channel channel)
{
    return Words::tr("Sent from the %1 app, not from this inbox.").arg(channelTitle(channel));
}

bool isAutomaticEcho(const Message &message)
{
    return message.externalEcho && message.sender.name == "Automatic message"_L1;
}

bool isNativeEcho(const Message &message)
{
    return message.externalEcho && message.sender.name.isEmpty();
}

QString echoWord(const Message &message)
{
    if (isNativeEcho(message))
        return Words::tr("Native app");
    if (isAutomaticEcho(message))
        return Words::tr("Automatic");
    if (message.sender.name == "Another connected tool"_L1)
        return Words::tr("Another connected tool");
    return Words::tr("Sent by %1").arg(plainLine(message.sender.name, 60));
}

QString nativeAppAdvisory(Channel channel)
{
    return Words::tr("Someone answered from the %1 app.\nReply here so your team sees who is handling this conversation.").arg(channelTitle(channel));
}

MessagePreview messagePreview(const Message &message, Channel channel)
{
    MessagePreview preview;
    if (message.direction == Message::Direction::Activity)
        return {.icon = "info"_L1, .text = activityText(message)};
    if (message.isDeleted)
        preview.text = Words::tr("This message was deleted");
    else if (message.contentType == Message::ContentType::Unsupported)
        preview.text = unsupportedText(channel);
    else if (!message.content.isEmpty())
        preview.text = plainLine(message.contentFormat == Message::ContentFormat::Markdown ? richFromMarkdown(message.content.left(400)).text
                                                                                          : message.content, 200);
    else if (!message.attachments.isEmpty())
        preview.text = storyCaption(message.attachments.first()).isEmpty() ? attachmentWord(message.attachments.first()) : storyCaption(message.attachments.first());
    if (message.status == MessageStatus::Failed && !message.isPrivate) {
        preview.icon = "alert-circle"_L1;
        preview.isFailed = true;
    } else if (message.isPrivate) {
        preview.icon = "lock"_L1;
    } else if (message.externalEcho) {
        preview.icon = "phone-mobile"_L1;
    } else if (message.direction == Message::Direction::Outgoing) {
        preview.icon = "reply"_L1;
    } else if (message.content.isEmpty() && !message.attachments.isEmpty()) {
        preview.icon = attachmentIcon(message.attachments.first().kind);
    }
    return preview;
}

} // namespace antiphon
