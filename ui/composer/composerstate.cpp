#include "ui/composer/composerstate.h"

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

} // namespace

ComposerLimits composerLimits(Channel channel)
{
    const QStringList pictures{u"image/jpeg"_s, u"image/png"_s};
    switch (channel) {
    case Channel::Tiktok:
        return {.text = 6000, .attachments = 1, .textWithAttachment = false, .attachmentMimes = pictures, .attachmentBytes = 3 * 1024 * 1024};
    case Channel::Whatsapp: return {.text = 4096, .attachments = 1, .textWithAttachment = true, .attachmentBytes = 16 * 1024 * 1024};
    case Channel::Instagram: return {.text = 1000, .attachments = 1, .attachmentBytes = 8 * 1024 * 1024, .canQuote = false};
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
    // Counted in UTF-16 units here: never more characters than that, and at most three bytes each.
    if (const int text = own.value("text_limit"_L1).toInt(); text > 0)
        limits.text = own.value("text_unit"_L1) == "bytes"_L1 ? std::max(1, text / 3) : text;
    limits.attachments = own.value("attachments"_L1).toInt(limits.attachments);
    limits.textWithAttachment = own.value("text_with_attachment"_L1).toBool(limits.textWithAttachment);
    if (own.value("mimes"_L1).isArray()) {
        limits.attachmentMimes.clear();
        const QJsonArray mimes = own.value("mimes"_L1).toArray();
        for (const QJsonValue &mime : mimes)
            limits.attachmentMimes.append(mime.toString());
    }
    limits.attachmentBytes = own.value("attachment_bytes"_L1).toInteger(limits.attachmentBytes);
    limits.canQuote = own.value("quote"_L1).toBool(limits.canQuote);
    return limits;
}

ComposerState composerState(const Conversation &conversation, const Inbox *inbox, Timestamp now)
{
    ComposerState state;
    const Channel channel = inbox ? inbox->channel : Channel::Tiktok;
    const ReplyCountdown countdown = replyCountdown(conversation.replyWindow, now);
    state.isClosing = countdown.level == ReplyCountdown::Level::Closing;
    state.placeholder = Texts::tr("Reply to %1").arg(isolated(conversation.contact.name));
    if (!inbox) {
        state.replyReason = Texts::tr("This inbox was taken away.");
    } else if (inbox->state == Inbox::State::Disabled) {
        state.replyReason = Texts::tr("This inbox is switched off.");
    } else if (!countdown.mayReply()) {
        state.replyReason = conversation.replyWindow && !conversation.replyWindow->closesAt
            ? Texts::tr("You can answer once the customer has written.")
            : Texts::tr("The time for replies is over. It opens again when %1 writes.").arg(isolated(conversation.contact.name));
    }
    state.mustBeNote = !state.replyReason.isEmpty();
    state.leavesAfterReconnecting = inbox && inbox->state == Inbox::State::ReauthorizationRequired;
    if (state.leavesAfterReconnecting)
        state.placeholder = Texts::tr("Leaves after the inbox was reconnected");
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
    plan.over = std::max(0, int(text.size()) - limit);
    if (!hasText && attachments == 0) {
        plan.reason = isNote ? Texts::tr("Write a note first.") : Texts::tr("Write something first.");
        return plan;
    }
    if (plan.over > 0) {
        plan.messages = int(splitText(text, limit).size());
        plan.reason = Texts::tr("%n character(s) over the limit of %1.", nullptr, plan.over).arg(QLocale().toString(limit));
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

QStringList splitText(const QString &text, int limit)
{
    QStringList pieces;
    QString rest = text;
    const auto cutAt = [&rest, limit](const QString &separator) {
        const qsizetype at = rest.left(limit).lastIndexOf(separator);
        return at > limit / 3 ? at + separator.size() : qsizetype(0);
    };
    while (rest.size() > limit) {
        qsizetype cut = cutAt(u"\n\n"_s);
        for (const QString &separator : {u"\n"_s, u". "_s, u" "_s}) {
            if (cut == 0)
                cut = cutAt(separator);
        }
        if (cut == 0) {
            QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, rest);
            finder.setPosition(limit);
            cut = finder.isAtBoundary() ? limit : finder.toPreviousBoundary();
            cut = cut <= 0 ? limit : cut;
        }
        pieces.append(rest.left(cut).trimmed());
        rest = rest.mid(cut);
    }
    if (!rest.trimmed().isEmpty())
        pieces.append(rest.trimmed());
    return pieces;
}

} // namespace antiphon
