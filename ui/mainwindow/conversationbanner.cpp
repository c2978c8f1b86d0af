#include "ui/mainwindow/conversationpane.h"

#include "ui/composer/composerstate.h"
#include "ui/models/inboxmodel.h"
#include "ui/models/reachability.h"
#include "ui/models/replycountdown.h"
#include "ui/widgets/banner.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {
/// How often it is looked whether a flood is over.
constexpr std::chrono::seconds kFloodLook{5};
} // namespace

QString ConversationPane::retryOff() const
{
    switch (obstacle()) {
    case BannerKind::Gone: return tr("This inbox was taken away.");
    case BannerKind::Disabled: return tr("This inbox is switched off.");
    case BannerKind::Elsewhere: return tr("Another program handles this conversation.");
    case BannerKind::CannotReply: return cannotReply(*m_models.current(), channelOf(*m_models.current()))->reason;
    case BannerKind::Closed: return tr("The time for replies is over.");
    case BannerKind::NotYetWritten: return tr("You can answer once the customer has written.");
    case BannerKind::Reconnect:
    case BannerKind::Blocked:
    case BannerKind::Flood:
    case BannerKind::None: return {};
    }
    Q_UNREACHABLE();
}

Channel ConversationPane::channelOf(const Conversation &conversation) const
{
    const Inbox *inbox = m_models.inboxOf(conversation);
    return inbox ? shownChannel(*inbox) : Channel::Tiktok;
}

ConversationPane::BannerKind ConversationPane::obstacle() const
{
    const Conversation *conversation = m_models.current();
    if (!conversation)
        return BannerKind::None;
    const Inbox *inbox = m_models.inboxOf(*conversation);
    if (!inbox)
        return BannerKind::Gone;
    if (inbox->state == Inbox::State::Disabled)
        return BannerKind::Disabled;
    if (inbox->state == Inbox::State::ReauthorizationRequired)
        return BannerKind::Reconnect;
    if (isHandledElsewhere(*conversation))
        return BannerKind::Elsewhere;
    if (cannotReply(*conversation, shownChannel(*inbox)))
        return BannerKind::CannotReply;
    if (replyCountdown(conversation->replyWindow, m_models.clock().now()).level == ReplyCountdown::Level::Closed)
        return conversation->replyWindow->closesAt ? BannerKind::Closed : BannerKind::NotYetWritten;
    return BannerKind::None;
}

bool ConversationPane::isFlooding() const
{
    const auto until = fromRfc3339(m_models.current()->attributes.value("flooded_until"_L1).toString());
    return until && *until > m_models.clock().now();
}

/// An inbox that is off comes first; that nobody is told of the customer comes before what would hinder an answer.
ConversationPane::BannerKind ConversationPane::bannerKind() const
{
    const BannerKind kind = obstacle();
    if (!m_models.current() || kind == BannerKind::Gone || kind == BannerKind::Disabled || kind == BannerKind::Reconnect)
        return kind;
    if (m_models.current()->contact.isBlocked)
        return BannerKind::Blocked;
    return isFlooding() ? BannerKind::Flood : kind;
}

void ConversationPane::refreshBanner()
{
    m_bannerKind = bannerKind();
    m_floodEnd.stop();
    m_banner->setVisible(m_bannerKind != BannerKind::None);
    const Conversation *conversation = m_models.current();
    const Inbox *inbox = conversation ? m_models.inboxOf(*conversation) : nullptr;
    const QString channel = inbox ? channelTitle(shownChannel(*inbox)) : QString();
    const bool hasTemplates = inbox && composerLimits(*inbox).hasTemplates;
    m_policyUrl.clear();
    switch (m_bannerKind) {
    case BannerKind::None: break;
    case BannerKind::Gone: m_banner->setContent(Tone::Danger, "plug"_L1, tr("This inbox was taken away. What was written stays readable; nothing can be sent.")); break;
    case BannerKind::Disabled:
        m_banner->setContent(Tone::Danger, "plug"_L1, tr("This inbox is switched off: nothing is received and nothing can be sent."), {}, tr("Inbox settings"));
        break;
    case BannerKind::Reconnect:
        m_banner->setContent(Tone::Danger, "plug"_L1, tr("%1 no longer accepts this connection. What you send waits until the inbox is reconnected.").arg(channel), {},
                             tr("Reconnect"));
        break;
    case BannerKind::Blocked:
        m_banner->setContent(Tone::Info, "block"_L1, tr("This customer is blocked: what they write is kept here, and nobody is told of it."), {}, tr("Unblock"));
        break;
    case BannerKind::Flood:
        m_banner->setContent(Tone::Warn, "bell-off"_L1,
                             tr("This customer writes more than 60 messages a minute. All are kept, but nobody is notified of them."), {}, tr("Block"));
        m_floodEnd.start(kFloodLook);
        break;
    case BannerKind::Elsewhere:
        m_banner->setContent(Tone::Info, "info"_L1, tr("Another program handles this conversation at %1 now. You can answer once it is handed back.").arg(channel));
        break;
    case BannerKind::CannotReply: {
        const auto why = cannotReply(*conversation, shownChannel(*inbox));
        m_banner->setContent(why->isOfOurs ? Tone::Warn : Tone::Danger, why->isOfOurs ? "key"_L1 : "block"_L1, why->banner);
        break;
    }
    case BannerKind::Closed: {
        const ClosedBanner text = closedBanner(shownChannel(*inbox), speaksWhatsapp(*inbox), *conversation->replyWindow);
        m_policyUrl = text.policyUrl;
        m_banner->setContent(Tone::Danger, "clock-closed"_L1, text.text, text.policyUrl.isEmpty() ? QString() : tr("%1 policy").arg(channel),
                             hasTemplates ? tr("Choose template") : QString());
        break;
    }
    case BannerKind::NotYetWritten:
        if (hasTemplates)
            m_banner->setContent(Tone::Info, "info"_L1, tr("The customer has not written yet. Only an approved template can be sent now."), {}, tr("Choose template"));
        else
            m_banner->setContent(Tone::Info, "info"_L1, tr("You can answer once the customer has written."));
        break;
    }
}

} // namespace antiphon
