#include "ui/models/reachability.h"

#include "ui/models/richtext.h"

#include <QCoreApplication>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::Reachability)
};

/// The owner's id in an address "b<owner>/<customer>"; empty where it is none of these.
QString ownerIn(const QString &address)
{
    const qsizetype slash = address.indexOf(u'/');
    return address.startsWith(u'b') && slash > 1 ? address.mid(1, slash - 1) : QString();
}

} // namespace

std::optional<CannotReply> cannotReply(const Conversation &conversation, Channel channel)
{
    const QString why = conversation.attributes.value("cannot_reply"_L1).toString();
    if (why.isEmpty())
        return std::nullopt;
    const QString platform = channelTitle(channel);
    if (why == "blocked"_L1) {
        return CannotReply{.banner = Words::tr("The customer blocked your account at %1: nothing reaches them. It goes on once they unblock it or write.").arg(platform),
                           .reason = Words::tr("The customer blocked your account.")};
    }
    if (why == "deactivated"_L1) {
        return CannotReply{.banner = Words::tr("This customer's account at %1 no longer exists: nothing can be sent to it.").arg(platform),
                           .reason = Words::tr("The customer's account no longer exists.")};
    }
    if (why == "opted_out"_L1) {
        return CannotReply{.banner = Words::tr("The customer wrote STOP and wants no more messages. You can answer again when they write START."),
                           .reason = Words::tr("The customer wants no more messages.")};
    }
    if (why == "no_right"_L1) {
        return CannotReply{.banner = Words::tr("The owner of this account lets the bot read, but not reply. The right is given in the Telegram app, under Telegram Business → Chatbots."),
                           .reason = Words::tr("The owner has not given the right to reply."),
                           .isOfOurs = true};
    }
    if (why == "connection_off"_L1) {
        return CannotReply{.banner = Words::tr("The owner of this account has disconnected the bot. It is connected again in the Telegram app, under Telegram Business → Chatbots."),
                           .reason = Words::tr("The owner has disconnected the bot."),
                           .isOfOurs = true};
    }
    return CannotReply{.banner = Words::tr("Nothing can be sent to this customer now. %1 says: %2").arg(platform, plainLine(QString(why).replace(u'_', u' '), 120)),
                       .reason = Words::tr("Nothing can be sent to this customer now.")};
}

QString businessOwner(const Conversation &conversation, const Inbox &inbox)
{
    QString owner = conversation.attributes.value("business_owner"_L1).toString();
    // A customer may have written to the bot, too: the address alone doesn't say which of the two threads this is, its window does.
    const bool isBusiness = conversation.replyWindow && conversation.replyWindow->rule == "telegram_business_24h"_L1;
    for (const Contact::Identifier &identifier : conversation.contact.identifiers) {
        if (owner.isEmpty() && isBusiness && identifier.inboxId == inbox.id)
            owner = ownerIn(identifier.sourceId);
    }
    if (owner.isEmpty())
        return {};
    const QJsonObject connection = inbox.settings.value("business_connections"_L1).toObject().value(owner).toObject();
    const QString name = connection.value("name"_L1).toString();
    const QString username = connection.value("username"_L1).toString();
    return plainLine(!name.isEmpty() ? name : username.isEmpty() ? owner : u'@' + username, 120);
}

} // namespace antiphon
