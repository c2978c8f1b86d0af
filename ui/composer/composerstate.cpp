#include "ui/composer/composerstate.h"

#include "ui/models/inboxmodel.h"
#include "ui/models/reachability.h"
#include "ui/models/replycountdown.h"

#include <QCoreApplication>
#include <QJsonArray>
#include <QTextBoundaryFinder>

#include <algorithm>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Texts {
    Q_DECLARE_TR_FUNCTIONS(antiphon::ComposerState)
};

/// A name inside a sentence takes its own direction and doesn't turn the rest.
QString isolated(const QString &name)
{
    return QChar(0x2068) + name + QChar(0x2069);
}

ComposerLimits::Unit unitOf(const QString &name)
{
    return name == "bytes"_L1 ? ComposerLimits::Unit::Bytes : name == "code_points"_L1 ? ComposerLimits::Unit::CodePoints : ComposerLimits::Unit::Utf16;
}

/// How many UTF-16 units of a text's start fit, never half of a pair.
qsizetype fitting(const QString &text, int limit, ComposerLimits::Unit unit)
{
    int used = 0;
    for (qsizetype i = 0; i < text.size();) {
        const bool isPair = text.at(i).isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate();
        const qsizetype step = isPair ? 2 : 1;
        const int weight = unit == ComposerLimits::Unit::Utf16        ? int(step)
            : unit == ComposerLimits::Unit::CodePoints                ? 1
                                                                      : int(text.mid(i, step).toUtf8().size());
        if (used + weight > limit)
            return i;
        used += weight;
        i += step;
    }
    return text.size();
}

} // namespace

ComposerLimits composerLimits(Channel channel)
{
    const QStringList pictures{u"image/jpeg"_s, u"image/png"_s};
    switch (channel) {
    case Channel::Tiktok:
        return {.text = 6000, .attachments = 1, .textWithAttachment = false, .attachmentMimes = pictures, .attachmentBytes = 3 * 1024 * 1024};
    case Channel::Whatsapp: return {.text = 4096, .attachments = 1, .textWithAttachment = true, .attachmentBytes = 16 * 1024 * 1024, .hasTemplates = true};
    case Channel::Instagram: return {.text = 1000, .unit = ComposerLimits::Unit::Bytes, .attachments = 1, .attachmentBytes = 8 * 1024 * 1024, .canQuote = false};
    case Channel::Messenger: return {.text = 2000, .attachments = 1, .attachmentBytes = 25 * 1024 * 1024};
    case Channel::Telegram: return {.text = 4096, .attachments = 10, .textWithAttachment = true, .attachmentBytes = 20 * 1024 * 1024};
    case Channel::Line: return {.text = 5000, .attachments = 1, .attachmentBytes = 10 * 1024 * 1024};
    case Channel::Twilio: return {.text = 1600, .attachments = 1, .textWithAttachment = true, .attachmentBytes = 5 * 1024 * 1024, .canQuote = false};
    }
    Q_UNREACHABLE();
}

ComposerLimits composerLimits(const Inbox &inbox)
{
    ComposerLimits limits = composerLimits(inbox.channel);
    const QJsonObject &own = inbox.limits;
    if (const int text = own.value("text_limit"_L1).toInt(); text > 0) {
        limits.text = text;
        limits.unit = unitOf(own.value("text_unit"_L1).toString());
    }
    limits.attachments = own.value("attachments"_L1).toInt(limits.attachments);
    limits.textWithAttachment = own.value("text_with_attachment"_L1).toBool(limits.textWithAttachment);
    if (own.value("mimes"_L1).isArray()) {
        limits.attachmentMimes.clear();
        const QJsonArray mimes = own.value("mimes"_L1).toArray();
        for (const QJsonValue &mime : mimes)
            limits.attachmentMimes.append(mime.toString());
    }
    limits.attachmentBytes = own.value("attachment_bytes"_L1).toInteger(limits.attachmentBytes);
    const QJsonObject byMime = own.value("bytes_by_mime"_L1).toObject();
    for (auto limit = byMime.begin(); limit != byMime.end(); ++limit)
        limits.bytesByMime.insert(limit.key(), limit->toInteger());
    limits.canQuote = own.value("quote"_L1).toBool(limits.canQuote);
    limits.hasTemplates = own.value("templates"_L1).toBool(limits.hasTemplates);
    limits.countsSms = inbox.channel == Channel::Twilio && shownChannel(inbox) == Channel::Twilio;
    return limits;
}

bool isHandledElsewhere(const Conversation &conversation)
{
    return conversation.attributes.value("handled_elsewhere"_L1).toBool();
}

ComposerState composerState(const Conversation &conversation, const Inbox *inbox, Timestamp now)
{
    ComposerState state;
    const Channel channel = inbox ? inbox->channel : Channel::Tiktok;
    const ReplyCountdown countdown = replyCountdown(conversation.replyWindow, now);
    state.isClosing = countdown.level == ReplyCountdown::Level::Closing;
    state.placeholder = Texts::tr("Reply to %1").arg(isolated(conversation.contact.name));
    const auto unreachable = inbox ? cannotReply(conversation, shownChannel(*inbox)) : std::nullopt;
    if (!inbox) {
        state.replyReason = Texts::tr("This inbox was taken away.");
    } else if (inbox->state == Inbox::State::Disabled) {
        state.replyReason = Texts::tr("This inbox is switched off.");
    } else if (isHandledElsewhere(conversation)) {
        state.replyReason = Texts::tr("Another program handles this conversation.");
    } else if (unreachable) {
        state.replyReason = unreachable->reason;
    } else if (!countdown.mayReply()) {
        state.replyReason = conversation.replyWindow && !conversation.replyWindow->closesAt
            ? Texts::tr("You can answer once the customer has written.")
            : Texts::tr("The time for replies is over. It opens again when %1 writes.").arg(isolated(conversation.contact.name));
    }
    const bool isClosed = inbox && inbox->state != Inbox::State::Disabled && !isHandledElsewhere(conversation) && !unreachable && !countdown.mayReply();
    if (isClosed && composerLimits(*inbox).hasTemplates) {
        state.onlyTemplates = true;
        state.placeholder = conversation.replyWindow && conversation.replyWindow->closesAt
            ? Texts::tr("The time for free replies is over. An approved template can be sent.")
            : Texts::tr("The customer has not written yet. An approved template can be sent.");
        state.attachReason = Texts::tr("Only an approved template can be sent now.");
        state.replyReason.clear();
    }
    state.mustBeNote = !state.replyReason.isEmpty();
    state.leavesAfterReconnecting = inbox && inbox->state == Inbox::State::ReauthorizationRequired;
    if (state.leavesAfterReconnecting && !state.onlyTemplates)
        state.placeholder = Texts::tr("Leaves after the inbox was reconnected");
    if (inbox && inbox->limits.value("files_by_link"_L1).toBool() && inbox->webhookUrl.isEmpty())
        state.attachReason = Texts::tr("%1 fetches files from a public address, and there is none yet.").arg(channelTitle(shownChannel(*inbox)));
    const QJsonObject capabilities = conversation.attributes.value(u"tiktok_capabilities"_s).toObject();
    if (channel == Channel::Tiktok && capabilities.value(u"image_send"_s) == false)
        state.attachReason = Texts::tr("TikTok does not allow pictures in this conversation.");
    return state;
}

SendPlan sendPlan(const QString &text, int attachments, bool isNote, const ComposerLimits &limits)
{
    const bool hasText = !text.trimmed().isEmpty();
    const int limit = isNote ? kNoteLimit : limits.text;
    SendPlan plan;
    const ComposerLimits::Unit unit = isNote ? ComposerLimits::Unit::Utf16 : limits.unit;
    plan.over = std::max(0, textLength(text, unit) - limit);
    if (!hasText && attachments == 0) {
        plan.reason = isNote ? Texts::tr("Write a note first.") : Texts::tr("Write something first.");
        return plan;
    }
    if (plan.over > 0) {
        plan.messages = int(splitText(text, limit, unit).size());
        plan.reason = unit == ComposerLimits::Unit::Bytes
            ? Texts::tr("%n byte(s) over the limit of %1; accents and emoji take several.", nullptr, plan.over).arg(QLocale().toString(limit))
            : Texts::tr("%n character(s) over the limit of %1.", nullptr, plan.over).arg(QLocale().toString(limit));
        return plan;
    }
    if (isNote) {
        plan.messages = 1;
        return plan;
    }
    const int batches = attachments == 0 ? 0 : (attachments + limits.attachments - 1) / limits.attachments;
    plan.messages = batches + (hasText && (batches == 0 || !limits.textWithAttachment) ? 1 : 0);
    return plan;
}

int textLength(const QString &text, ComposerLimits::Unit unit)
{
    switch (unit) {
    case ComposerLimits::Unit::Utf16: return int(text.size());
    case ComposerLimits::Unit::CodePoints: return int(text.toUcs4().size());
    case ComposerLimits::Unit::Bytes: return int(text.toUtf8().size());
    }
    Q_UNREACHABLE();
}

QStringList splitText(const QString &text, int limit, ComposerLimits::Unit unit)
{
    QStringList pieces;
    QString rest = text;
    qsizetype most = 0;                      // of what is left, in UTF-16 units
    const auto cutAt = [&rest, &most](const QString &separator) {
        const qsizetype at = rest.left(most).lastIndexOf(separator);
        return at > most / 3 ? at + separator.size() : qsizetype(0);
    };
    while (textLength(rest, unit) > limit) {
        most = std::max<qsizetype>(1, fitting(rest, limit, unit));
        qsizetype cut = cutAt(u"\n\n"_s);
        for (const QString &separator : {u"\n"_s, u". "_s, u" "_s}) {
            if (cut == 0)
                cut = cutAt(separator);
        }
        if (cut == 0) {
            QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, rest);
            finder.setPosition(most);
            cut = finder.isAtBoundary() ? most : finder.toPreviousBoundary();
            cut = cut <= 0 ? most : cut;
        }
        pieces.append(rest.left(cut).trimmed());
        rest = rest.mid(cut);
    }
    if (!rest.trimmed().isEmpty())
        pieces.append(rest.trimmed());
    return pieces;
}

} // namespace antiphon
