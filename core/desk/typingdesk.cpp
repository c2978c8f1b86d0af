#include "core/desk/typingdesk.h"

#include "core/desk/deskobjects.h"
#include "core/desk/params.h"
#include "core/intake/readmark.h"
#include "core/store/contactrepository.h"
#include "core/store/conversationrepository.h"
#include "core/store/inboxrepository.h"

#include <QPointer>

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

constexpr Milliseconds kTick{500};

/// The message that the sign is about counts as read with some platforms: where the owner wants no read marks, it isn't named.
bool mayMark(const ChannelRegistry &channels, const Inbox &inbox)
{
    return readmark::isWanted(channels, inbox) || !inbox.settings.contains("read_marks"_L1);
}

} // namespace

TypingDesk::TypingDesk(const DeskParts &parts, const DeskView &view, Mailbox &mailbox, QObject *parent)
    : QObject(parent)
    , m_parts(parts)
    , m_view(view)
    , m_mailbox(mailbox)
{
    m_repeat.setInterval(kTick);
    connect(&m_repeat, &QTimer::timeout, this, &TypingDesk::repeat);
}

void TypingDesk::addMethods(MethodTable &methods)
{
    methods.call(u"typing.set"_s, Agent::Role::Agent,
                 [this](const Caller &caller, const QJsonObject &params, const MethodTable::Finished &finished) { set(caller, params, finished); });
}

void TypingDesk::set(const Caller &caller, const QJsonObject &params, const MethodTable::Finished &finished)
{
    const auto id = params::requiredId<ConversationId>(params, "conversation_id"_L1);
    if (!id)
        return finished(id.error());
    if (!params.value("on"_L1).isBool())
        return finished(params::invalid("on"_L1, u"not a boolean"_s));
    const auto isPrivate = params::flag(params, "private"_L1);
    if (!isPrivate)
        return finished(isPrivate.error());
    const bool isOn = params.value("on"_L1).toBool();
    m_parts.database.read<Thread>(
        "typing.set",
        [id = *id, caller, view = m_view](ReadTransaction &tx) -> Result<Thread> {
            const auto shown = desk::conversation(tx, caller, view, id);
            if (!shown)
                return shown.error();
            const auto row = conversations::find(tx, id);
            if (!row)
                return row.error();
            const auto address = *row ? contacts::find(tx, (*row)->contactInboxId) : Result<std::optional<contacts::ContactInboxRow>>(std::nullopt);
            if (!address)
                return address.error();
            const auto inbox = inboxes::find(tx, shown->inboxId);
            if (!inbox)
                return inbox.error();
            Thread thread{.inbox = shown->inboxId, .contactSourceId = *address ? (*address)->sourceId : QString(), .canReply = shown->canReply};
            if (const ChannelAdapter *adapter = *inbox ? view.channels->adapter((*inbox)->inbox.channel) : nullptr) {
                const ChannelLimits limits = adapter->limits((*inbox)->inbox.settings);
                thread.every = limits.typingEvery;
                thread.repeatFor = limits.typingRepeatFor;
            }
            if (!*inbox || !mayMark(*view.channels, (*inbox)->inbox))
                return thread;
            const auto newest = readmark::newestIncoming(tx, id);
            if (!newest)
                return newest.error();
            thread.messageSourceId = *newest;
            return thread;
        },
        m_mailbox,
        [self = QPointer(this), id = *id, caller, isOn, isPrivate = *isPrivate, finished](const Result<Thread> &thread) {
            if (!thread)
                return finished(thread.error());
            finished(MethodTable::Outcome{});
            if (!self)
                return;
            emit self->typingChanged({{u"conversation_id"_s, id.toString()},
                                      {u"agent"_s, toJson(caller.agent)},
                                      {u"on"_s, isOn},
                                      {u"private"_s, isPrivate}},
                                     caller.session);
            self->noteWriting(id, *thread, isOn && !isPrivate && thread->canReply);
        });
}

void TypingDesk::noteWriting(ConversationId conversation, const Thread &thread, bool isWriting)
{
    m_writing.remove(conversation);
    if (!isWriting || thread.contactSourceId.isEmpty())
        return;
    tellCustomer(conversation, thread);
    if (thread.repeatFor.count() <= 0)
        return;
    m_writing.insert(conversation, {.thread = thread, .until = m_parts.clock.steady() + thread.repeatFor});
    m_repeat.start();
}

void TypingDesk::tellCustomer(ConversationId conversation, const Thread &thread)
{
    const SteadyTime now = m_parts.clock.steady();
    m_quietUntil.removeIf([now](const auto &entry) { return now >= entry.value(); });
    if (m_quietUntil.contains(conversation))
        return;
    m_quietUntil.insert(conversation, now + thread.every);
    m_parts.customerTyping.showTyping(thread.inbox, thread.contactSourceId, thread.messageSourceId);
}

void TypingDesk::repeat()
{
    m_writing.removeIf([now = m_parts.clock.steady()](const auto &entry) { return now >= entry.value().until; });
    for (auto it = m_writing.cbegin(); it != m_writing.cend(); ++it)
        tellCustomer(it.key(), it->thread);
    if (m_writing.isEmpty())
        m_repeat.stop();
}

} // namespace antiphon
