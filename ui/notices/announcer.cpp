#include "ui/notices/announcer.h"

#include "ui/models/richtext.h"

#include <QCoreApplication>
#include <QLocale>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(antiphon::Announcer)
};

QString newMessages(int count)
{
    return count == 1 ? Words::tr("1 new message") : Words::tr("%n new messages", nullptr, count);
}

QString missedMessages(int count)
{
    return count == 1 ? Words::tr("1 message while you were away") : Words::tr("%n messages while you were away", nullptr, count);
}

QString fromPeople(int count)
{
    return count == 1 ? Words::tr("From one person") : Words::tr("From %n people", nullptr, count);
}

const QString kConversation = u"conversation/"_s;

bool isFlooding(const Conversation &conversation, Timestamp now)
{
    const auto until = fromRfc3339(conversation.attributes.value("flooded_until"_L1).toString());
    return until && *until > now;
}

/// A newer one stands below it and it was written long ago: brought along from somewhere, not written just now.
bool isFromBefore(const Arrival &arrival, Timestamp now)
{
    const auto &last = arrival.conversation.lastMessage;
    return now - arrival.message.createdAt > Announcer::kOld && last && last->id != arrival.message.id && last->createdAt > arrival.message.createdAt;
}

} // namespace

QString Announcer::keyOf(ConversationId id)
{
    return kConversation + id.toString();
}

ConversationId Announcer::conversationOf(const QString &key)
{
    return key.startsWith(kConversation) ? ConversationId::fromString(key.sliced(kConversation.size())).value_or(ConversationId()) : ConversationId();
}

QString Announcer::missedKey()
{
    return u"missed"_s;
}

QString Announcer::manyKey()
{
    return u"many"_s;
}

Announcer::Verdict Announcer::judge(const Arrival &arrival, const NoticeWishes &wishes, const Moment &moment)
{
    const Message &message = arrival.message;
    const Conversation &conversation = arrival.conversation;
    if (!wishes.isOn)
        return Verdict::SwitchedOff;
    if (message.isPrivate)
        return Verdict::PrivateNote;
    if (message.direction != Message::Direction::Incoming || message.externalEcho || message.sender.type != Sender::Type::Contact)
        return Verdict::NotFromCustomer;
    if (message.isDeleted)
        return Verdict::Deleted;
    if (conversation.contact.isBlocked)
        return Verdict::Blocked;
    if (conversation.unreadCount <= 0)
        return Verdict::Read;
    if (isFlooding(conversation, moment.now))
        return Verdict::Flood;
    if (!message.caughtUp && isFromBefore(arrival, moment.now))
        return Verdict::FromBefore;
    if (conversation.assigneeId && conversation.assigneeId != moment.me && !wishes.ofColleagues)
        return Verdict::Colleagues;
    if (moment.sight.isWindowActive && (message.caughtUp || moment.sight.atEnd == conversation.id))
        return Verdict::InSight;                     // what was fetched is told above the list
    if (wishes.isQuietAt(moment.local))
        return Verdict::Quiet;
    return message.caughtUp ? Verdict::Summed : Verdict::Announced;
}

QList<Toast> Announcer::announce(const QList<Arrival> &arrivals, const NoticeWishes &wishes, const Moment &moment)
{
    QList<ConversationId> touched;
    Sum now;
    const int missedBefore = m_missed.messages;
    for (const Arrival &arrival : arrivals) {
        const Verdict verdict = judge(arrival, wishes, moment);
        const ConversationId id = arrival.conversation.id;
        if (verdict == Verdict::Summed) {
            ++m_missed.messages;
            m_missed.people.insert(arrival.conversation.contact.id);
        }
        if (verdict != Verdict::Announced)
            continue;
        ++now.messages;
        now.people.insert(arrival.conversation.contact.id);
        Told &told = m_told[id];
        told.name = plainLine(arrival.conversation.contact.name, kLongestName);
        told.unread = arrival.conversation.unreadCount;
        told.newest = arrival.message.id;
        told.lines.append(plainLine(arrival.text, kLongestLine));
        if (told.lines.size() > kLines)
            told.lines.removeFirst();
        touched.removeOne(id);
        touched.append(id);
    }
    QList<Toast> toasts;
    if (m_missed.messages != missedBefore)
        toasts.append(toastOf(m_missed, missedKey(), missedMessages(m_missed.messages)));
    if (touched.size() > kMostAtOnce) {
        m_many.messages += now.messages;
        m_many.people += now.people;
        toasts.append(toastOf(m_many, manyKey(), newMessages(m_many.messages)));
        for (const ConversationId id : std::as_const(touched))
            m_told.remove(id);
    } else {
        for (const ConversationId id : std::as_const(touched))
            toasts.append(toastOf(id, m_told.value(id), wishes.privacy));
    }
    // However many: one sound, and not in each moment.
    if (!toasts.isEmpty())
        toasts.last().isSilent = !soundsNow(wishes, moment.now);
    return toasts;
}

Toast Announcer::toastOf(ConversationId id, const Told &told, NoticeWishes::Privacy privacy) const
{
    const int count = std::max(1, told.unread);
    Toast toast{.key = keyOf(id), .canMarkRead = true};
    switch (privacy) {
    case NoticeWishes::Privacy::Full:
        toast.title = count > 1 ? Words::tr("%1 (%2)").arg(told.name, QLocale().toString(count)) : told.name;
        toast.body = told.lines.join(u'\n');
        break;
    case NoticeWishes::Privacy::SenderOnly:
        toast.title = told.name;
        toast.body = newMessages(count);
        break;
    case NoticeWishes::Privacy::Hidden:
        toast.title = u"Antiphon"_s;
        toast.body = count > 1 ? newMessages(count) : Words::tr("New message");
        break;
    }
    return toast;
}

Toast Announcer::toastOf(const Sum &sum, const QString &key, const QString &text)
{
    return {.key = key, .title = text, .body = fromPeople(int(sum.people.size()))};
}

bool Announcer::soundsNow(const NoticeWishes &wishes, Timestamp now)
{
    const bool isSoon = m_soundedAt && now >= *m_soundedAt && now - *m_soundedAt < kSoundPause;
    if (!wishes.hasSound || isSoon)
        return false;
    m_soundedAt = now;
    return true;
}

void Announcer::forget(const QString &key)
{
    if (key == missedKey())
        m_missed = {};
    else if (key == manyKey())
        m_many = {};
    else
        m_told.remove(conversationOf(key));
}

bool Announcer::isTold(const QString &key) const
{
    if (key == missedKey())
        return m_missed.messages > 0;
    return key == manyKey() ? m_many.messages > 0 : m_told.contains(conversationOf(key));
}

MessageId Announcer::newestTold(ConversationId id) const
{
    return m_told.value(id).newest;
}

} // namespace antiphon
