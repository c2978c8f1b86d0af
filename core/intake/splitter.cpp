#include "core/intake/splitter.h"

#include "core/accounts/deletedaccounts.h"
#include "core/base/json.h"
#include "core/base/logging.h"
#include "core/intake/lanekey.h"
#include "core/intake/rawheaders.h"
#include "core/intake/spliteventjson.h"
#include "core/store/inboxrepository.h"

#include <QCryptographicHash>
#include <QSet>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr qsizetype kLongestName = 40;

/// A broken entry may have no key of its own: then its bytes are one.
QString keyOf(const SplitEvent &event)
{
    if (!event.dedupeKey.isEmpty())
        return event.dedupeKey;
    const QByteArray bytes = json::toBytes(event.payload) + event.broken.toUtf8();
    return u"x:"_s + QString::fromLatin1(QCryptographicHash::hash(bytes, QCryptographicHash::Sha256).toHex());
}

/// State, lane and reason of an event as it is first stored.
void place(events::Event *row, const SplitEvent &event, const Inbox &inbox)
{
    if (!event.broken.isEmpty()) {
        row->state = events::State::Dead;
        row->lane = u"%1:%2:unparsed"_s.arg(channelName(inbox.channel)).arg(inbox.id.value());
        row->errorClass = u"shape"_s;
        row->errorText = event.broken;
        return;
    }
    row->lane = event.lane.isEmpty() ? unorderedLane(inbox.id, event.target) : event.lane;
    if (event.kind == "unknown"_L1) {
        row->state = events::State::Ignored;
        row->errorText = u"unknown kind"_s;
    } else if (inbox.state == Inbox::State::Disabled && event.kind != "read"_L1) {
        row->state = events::State::Ignored;
        row->errorText = u"inbox disabled"_s;
    }
}

/// As the owner knows it.
QString nameOf(const Inbox &inbox)
{
    const QString number = json::string(inbox.settings, "phone_number"_L1);
    return number.isEmpty() ? inbox.name : number;
}

/// What an event whose inbox isn't here is to be called in a warning.
QString nameOf(const SplitEvent &event)
{
    for (const QString &name : QStringList{event.account} + event.otherAccounts + QStringList{event.accountGroup}) {
        if (!name.isEmpty())
            return name;
    }
    return event.inbox ? u"#"_s + event.inbox.toString() : QString();
}

/// All that an event says of the inbox it belongs to.
QString saidOfInbox(const SplitEvent &event)
{
    const QStringList said{event.inbox.toString(), event.account, event.otherAccounts.join(u'\x1f'), event.accountGroup,
                           event.ofSettings.isEmpty() ? QString() : QString::fromUtf8(json::toBytes(event.ofSettings))};
    return said.join(u'\x1e');
}

/// Whether an inbox's settings say what an event wants of them.
bool says(const QJsonObject &settings, const QJsonObject &wanted)
{
    for (auto it = wanted.begin(); it != wanted.end(); ++it) {
        if (settings.value(it.key()) != it.value())
            return false;
    }
    return true;
}

/// Whether an event leaves no row, since the inbox is switched off and no list of the platform's will be compared with what is here.
bool isSwitchedOff(const Inbox &inbox, const SplitEvent &event, const ChannelAdapter &adapter)
{
    const CatchUpDepth::Kind kind = adapter.catchUpDepth().kind;
    const bool hasNoHistory = kind == CatchUpDepth::Kind::RedeliveryOnly || kind == CatchUpDepth::Kind::None;
    return inbox.state == Inbox::State::Disabled && hasNoHistory && event.kind != "read"_L1;
}

/// Whether its platform was heard of for the first time in a second.
bool isWorthTouching(const inboxes::InboxRow &row, const deliveries::Delivery &delivery)
{
    return delivery.source == "hook"_L1 && (!row.lastWebhookAt || *row.lastWebhookAt + std::chrono::seconds(1) <= delivery.receivedAt);
}

/// When each of them heard of its platform last.
Result<void> touchWebhooks(WriteTransaction &tx, const deliveries::Delivery &delivery, const QSet<InboxId> &touched)
{
    for (const InboxId inbox : touched) {
        if (const auto done = inboxes::touchWebhook(tx, inbox, delivery.receivedAt); !done)
            return done;
    }
    return {};
}

/// What can't be read waits with its bytes for a person.
Result<void> setAside(WriteTransaction &tx, const deliveries::Delivery &delivery, const Error &why)
{
    if (const auto done = deliveries::setDead(tx, delivery.id, why.detail); !done)
        return done;
    tx.changed(u"intake.dead_letter"_s, delivery.id.value() * 2 + 1);
    qCWarning(lcIntake) << "a delivery can't be read and is set aside:" << delivery.id.value() << why.detail;
    return {};
}

} // namespace

Splitter::Splitter(const ChannelRegistry &channels, AppSource app)
    : m_channels(channels)
    , m_app(std::move(app))
{
}

Result<QList<SplitEvent>> Splitter::read(const deliveries::Delivery &delivery, const ChannelAdapter *adapter) const
{
    if (!adapter)
        return Error{Error::Kind::BadPayload, u"no such channel here"_s};
    if (delivery.source == "poll"_L1)
        return eventsOfFetchedBody(delivery.body);
    // Reading needs the application only to tell other applications' deliveries apart; the signature was checked before.
    const auto app = m_app(adapter->channel());
    return adapter->split(rawWebhookOf(delivery), app ? *app : AppCredentials{});
}

Result<QList<Lanes::Lane>> Splitter::split(WriteTransaction &tx, const deliveries::Delivery &delivery) const
{
    const auto channel = channelFromName(delivery.channel);
    const ChannelAdapter *adapter = channel ? m_channels.adapter(*channel) : nullptr;
    const auto found = read(delivery, adapter);
    QList<Lanes::Lane> lanes;
    if (!found) {
        const auto done = setAside(tx, delivery, found.error());
        return done ? Result<QList<Lanes::Lane>>(lanes) : Result<QList<Lanes::Lane>>(done.error());
    }
    QHash<QString, Discarded> discarded;
    KnownInboxes known;                  // one delivery may tell thousands of messages of one account
    QSet<InboxId> touched;
    for (const SplitEvent &event : *found) {
        const auto rows = inboxesOf(tx, event, *adapter, &known);
        if (!rows)
            return rows.error();
        if (rows->isEmpty() && event.kind == "test"_L1) {          // of the platform's dashboard, about nobody
            qCInfo(lcIntake).noquote() << delivery.channel << "sent a test event; its signature is right";
            if (const auto done = deliveries::count(tx, {}, u"ignored"_s); !done)
                return done.error();
            continue;
        }
        if (rows->isEmpty()) {
            ++discarded[nameOf(event)].times;
            if (const auto done = deliveries::count(tx, {}, u"unknown_account"_s); !done)
                return done.error();
        }
        for (const inboxes::InboxRow &row : *rows) {
            if (isSwitchedOff(row.inbox, event, *adapter)) {
                Discarded &entry = discarded[row.inbox.externalId];
                ++entry.times;
                entry.name = nameOf(row.inbox);
                if (const auto done = deliveries::count(tx, row.inbox.id, u"ignored"_s); !done)
                    return done.error();
                continue;
            }
            if (isWorthTouching(row, delivery))
                touched.insert(row.inbox.id);
            const auto lane = store(tx, delivery, event, row.inbox);
            if (!lane)
                return lane.error();
            if (*lane)
                lanes.append(**lane);
        }
    }
    if (const auto done = touchWebhooks(tx, delivery, touched); !done)
        return done.error();
    if (const auto said = warn(tx, delivery, discarded); !said)
        return said.error();
    if (const auto done = deliveries::setSplit(tx, delivery.id); !done)
        return done.error();
    return lanes;
}

/// The one that the address names, or the one of its account, or every one of its group; none where it is nobody's here.
/// @param known what was found for the events before
Result<QList<inboxes::InboxRow>> Splitter::inboxesOf(ReadTransaction &tx, const SplitEvent &event, const ChannelAdapter &adapter, KnownInboxes *known) const
{
    const QString key = saidOfInbox(event);
    if (const auto before = known->constFind(key); before != known->cend())
        return *before;
    const auto found = findInboxes(tx, event, adapter);
    if (found)
        known->insert(key, *found);
    return found;
}

Result<QList<inboxes::InboxRow>> Splitter::findInboxes(ReadTransaction &tx, const SplitEvent &event, const ChannelAdapter &adapter)
{
    using Found = QList<inboxes::InboxRow>;
    if (event.inbox) {
        const auto row = inboxes::find(tx, event.inbox);
        if (!row)
            return row.error();
        const bool isIts = *row && (*row)->inbox.channel == adapter.channel() && says((*row)->inbox.settings, event.ofSettings);
        return isIts ? Found{**row} : Found();
    }
    if (!event.account.isEmpty() || event.accountGroup.isEmpty()) {
        for (const QString &account : QStringList{event.account} + event.otherAccounts) {
            const auto row = inboxes::findByAccount(tx, adapter.channel(), account);
            if (!row)
                return row.error();
            if (*row && says((*row)->inbox.settings, event.ofSettings))
                return Found{**row};
        }
        return Found();
    }
    const auto all = inboxes::list(tx);
    if (!all)
        return all;
    Found found;
    for (const inboxes::InboxRow &row : *all) {
        if (row.inbox.channel == adapter.channel() && row.inbox.settings.value(adapter.groupSetting()).toString() == event.accountGroup)
            found.append(row);
    }
    return found;
}

Result<void> Splitter::warn(ReadTransaction &tx, const deliveries::Delivery &delivery, const QHash<QString, Discarded> &discarded) const
{
    for (auto it = discarded.begin(); it != discarded.end(); ++it) {
        const qint64 times = m_warnings->note(delivery.channel + u':' + it.key(), delivery.receivedAt, it->times);
        if (times == 0)
            continue;
        const auto remembered = deletedaccounts::nameOf(tx, delivery.channel, it.key());
        if (!remembered)
            return remembered.error();
        const QString name = it->name.isEmpty() ? *remembered : it->name;
        qCWarning(lcIntake).nospace() << qUtf8Printable(delivery.channel) << ": discarded " << times << " events for inactive number or account "
                                      << (name.isEmpty() ? u"unknown - "_s + it.key().left(kLongestName) : name);
    }
    return {};
}

Result<std::optional<Lanes::Lane>> Splitter::store(WriteTransaction &tx, const deliveries::Delivery &delivery, const SplitEvent &event, const Inbox &to) const
{
    using None = std::optional<Lanes::Lane>;
    const QString key = keyOf(event);
    events::Event row{.deliveryId = delivery.id,
                      .inboxId = to.id,
                      .dedupeKey = key,
                      .kind = event.kind,
                      .target = event.target,
                      .platformAt = event.platformAt,
                      .receivedAt = delivery.receivedAt,
                      .payload = event.payload};
    place(&row, event, to);
    if (const QJsonObject mark = delivery.headers.value("caught_up"_L1).toObject(); !mark.isEmpty())
        row.payload.insert(kCaughtUpKey, mark);
    const auto stored = events::insert(tx, row);
    if (!stored)
        return stored.error();
    if (!*stored) {
        if (const auto done = deliveries::count(tx, to.id, u"duplicates"_s); !done)
            return done.error();
        if (!event.broken.isEmpty())
            return None();
        const auto lane = events::revive(tx, to.id, key);
        if (!lane)
            return lane.error();
        return *lane ? None(Lanes::Lane{to.id, **lane}) : None();
    }
    if (delivery.stale) {
        if (const auto done = deliveries::count(tx, to.id, u"stale"_s); !done)
            return done.error();
    }
    if (row.state == events::State::Ignored) {
        if (const auto done = deliveries::count(tx, to.id, u"ignored"_s); !done)
            return done.error();
        return None();
    }
    if (row.state == events::State::Dead) {
        tx.changed(u"intake.dead_letter"_s, (*stored)->value() * 2, to.id);
        return None();
    }
    return None(Lanes::Lane{to.id, row.lane});
}

} // namespace antiphon
