#include "ui/notices/announcer.h"

#include "ui/models/richtext.h"

#include <QCoreApplication>
#include <QLocale>
#include <QSet>

#include <algorithm>
#include <numeric>

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

/// Brought along from somewhere, not written just now: it is older than what stood there before it came. What a platform delivers late has a mark of its own, and
/// what was received after it, an answer, a note or the customer's next message, says nothing of it.
bool isFromBefore(const Arrival &arrival, Timestamp now)
{
    const Message &message = arrival.message;
    const auto &last = arrival.conversation.lastMessage;
    return !message.late && now - message.createdAt > Announcer::kOld && last && last->id != message.id && last->createdAt > message.createdAt
        && last->receivedAt < message.receivedAt;
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

Announcer::Orders Announcer::announce(const QList<Arrival> &arrivals, const NoticeWishes &wishes, const Moment &moment)
{
    QList<ConversationId> touched;
    QSet<ConversationId> shownBefore;
    Sum now;
    bool hasMissed = false;
    for (const Arrival &arrival : arrivals) {
        const Verdict verdict = judge(arrival, wishes, moment);
        const ConversationId id = arrival.conversation.id;
        if (verdict == Verdict::Summed) {
            count(m_missed, arrival);
            hasMissed = true;
        }
        if (verdict != Verdict::Announced)
            continue;
        count(now, arrival);
        if (m_told.contains(id) && !touched.contains(id))
            shownBefore.insert(id);
        Told &told = m_told[id];
        told.name = plainLine(arrival.conversation.contact.name, kLongestName);
        told.unread = arrival.conversation.unreadCount;
        told.newest = arrival.message.id;
        told.lines.append({.id = arrival.message.id, .text = plainLine(arrival.text, kLongestLine)});
        if (told.lines.size() > kLines)
            told.lines.removeFirst();
        touched.removeOne(id);
        touched.append(id);
    }
    Orders orders;
    if (hasMissed)
        orders.toasts.append(toastOf(m_missed, missedKey(), missedMessages(messagesOf(m_missed))));
    if (touched.size() > kMostAtOnce) {
        for (const ConversationId id : std::as_const(touched)) {
            Part &part = m_many[id];
            part.person = now.value(id).person;
            part.messages += now.value(id).messages;
            m_told.remove(id);
            if (shownBefore.contains(id))
                orders.closes.append(keyOf(id));
        }
        orders.toasts.append(toastOf(m_many, manyKey(), newMessages(messagesOf(m_many))));
    } else {
        for (const ConversationId id : std::as_const(touched))
            orders.toasts.append(toastOf(id, m_told.value(id), wishes.privacy));
    }
    // However many: one sound, and not in each moment.
    if (!orders.toasts.isEmpty())
        orders.toasts.last().isSilent = !soundsNow(wishes, moment.now);
    return orders;
}

QStringList Announcer::noteRead(ConversationId id)
{
    QStringList over;
    if (m_told.remove(id))
        over.append(keyOf(id));
    if (m_missed.remove(id) && m_missed.isEmpty())
        over.append(missedKey());
    if (m_many.remove(id) && m_many.isEmpty())
        over.append(manyKey());
    return over;
}

Announcer::Orders Announcer::noteChanged(const Message &message, const QString &text, const NoticeWishes &wishes)
{
    const auto told = m_told.find(message.conversationId);
    if (told == m_told.end())
        return {};
    const auto line = std::find_if(told->lines.begin(), told->lines.end(), [&message](const Line &one) { return one.id == message.id; });
    if (line == told->lines.end())
        return {};
    const Toast before = toastOf(message.conversationId, *told, wishes.privacy);
    if (!message.isDeleted)
        line->text = plainLine(text, kLongestLine);
    else
        told->lines.erase(line);
    if (told->lines.isEmpty()) {
        m_told.erase(told);
        return {.closes = {keyOf(message.conversationId)}};
    }
    const Toast after = toastOf(message.conversationId, *told, wishes.privacy);
    return after == before ? Orders() : Orders{.toasts = {after}};
}

void Announcer::count(Sum &sum, const Arrival &arrival)
{
    Part &part = sum[arrival.conversation.id];
    part.person = arrival.conversation.contact.id;
    ++part.messages;
}

int Announcer::messagesOf(const Sum &sum)
{
    return std::accumulate(sum.cbegin(), sum.cend(), 0, [](int messages, const Part &part) { return messages + part.messages; });
}

Toast Announcer::toastOf(ConversationId id, const Told &told, NoticeWishes::Privacy privacy) const
{
    const int count = std::max(1, told.unread);
    Toast toast{.key = keyOf(id), .canMarkRead = true};
    switch (privacy) {
    case NoticeWishes::Privacy::Full:
        toast.title = count > 1 ? Words::tr("%1 (%2)").arg(told.name, QLocale().toString(count)) : told.name;
        for (const Line &line : told.lines)
            toast.body += (toast.body.isEmpty() ? QString() : u"\n"_s) + line.text;
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
    QSet<ContactId> people;
    for (const Part &part : sum)
        people.insert(part.person);
    return {.key = key, .title = text, .body = fromPeople(int(people.size()))};
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
        return !m_missed.isEmpty();
    return key == manyKey() ? !m_many.isEmpty() : m_told.contains(conversationOf(key));
}

bool Announcer::speaksOf(ConversationId id) const
{
    return m_told.contains(id) || m_missed.contains(id) || m_many.contains(id);
}

bool Announcer::speaksOf(ConversationId id, MessageId message) const
{
    const auto told = m_told.constFind(id);
    return told != m_told.cend() && std::any_of(told->lines.cbegin(), told->lines.cend(), [message](const Line &line) { return line.id == message; });
}

MessageId Announcer::newestTold(ConversationId id) const
{
    return m_told.value(id).newest;
}

} // namespace antiphon
