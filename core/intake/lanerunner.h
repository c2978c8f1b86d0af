#pragma once

#include "core/intake/carefulstart.h"
#include "core/intake/inboundflow.h"
#include "core/intake/lanes.h"
#include "core/intake/splitter.h"
#include "core/store/writer.h"

#include <atomic>
#include <memory>
#include <set>

namespace antiphon {

/// The intake's work in the Writer's thread: splits what is journalled and applies events, one a turn, in the order of their lanes and fairly among
/// inboxes. A failing event holds only its own lane, and for half a minute at most; then it waits beside it, and in the end is set aside for a person.
/// Made with make(); the Writer's feeder keeps it alive.
class LaneRunner : public std::enable_shared_from_this<LaneRunner> {
public:
    LaneRunner(Writer &writer, const Clock &clock, Splitter splitter, InboundFlow flow);

    /// How the last process ended.
    enum class LastStop {
        Clean,
        Killed,       ///< from outside: a kill, the power
        Broken        ///< by a fault of its own
    };
    /// Becomes the Writer's feeder. After a stop that was not clean everything that waits is named before it is touched.
    void start(LastStop lastStop);
    void stop();                                      ///< afterwards nothing is called any more; not from the Writer's thread

    /// Has the delivery that this transaction journals split as its follow-up. Where many wait for that already it is left to its turn: the row is
    /// durable, and memory doesn't grow with a flood. Of the Writer's thread.
    void splitNext(WriteTransaction &tx, const deliveries::Delivery &delivery);
    /// Splits a delivery that was just journalled, and queues the applying of what is in it. Of the Writer's thread.
    Result<void> split(WriteTransaction &tx, const deliveries::Delivery &delivery);
    static constexpr long kMostSplitsHeld = 256;
    long splitsHeld() const { return m_splitHold.use_count() - 1; }     ///< any thread: deliveries in memory that wait for their split

    /// Any thread. Work may be due: time has passed, or something was revived.
    void wake();
    void rescan();                                    ///< compares memory with the rows
    bool hasWaiting() const { return m_hasWaiting; }  ///< something waits for a time: wake() is needed now and then
    bool isCareful() const { return m_isCareful; }    ///< any thread

private:
    struct Taken;
    /// Named on the disk by one batch, and not done with.
    struct Group {
        std::set<careful::Item> waiting{};
        bool isCommitted = false;      ///< that batch is on the disk
    };
    struct TakenItem;

    Result<bool> step(WriteTransaction &tx);
    Result<bool> splitOne(WriteTransaction &tx);
    Result<void> splitOrSetAside(WriteTransaction &tx, const deliveries::Delivery &delivery, QList<Lanes::Lane> *lanes);
    Result<bool> scanSlice(WriteTransaction &tx);
    Result<bool> applyParked(WriteTransaction &tx);
    Result<bool> applyHead(WriteTransaction &tx);

    Result<void> apply(WriteTransaction &tx, const events::Event &event);
    Result<void> settle(WriteTransaction &tx, const events::Event &event, const InboundFlow::Outcome &outcome);
    Result<void> settleFailure(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox, const Error &error);
    Result<void> bury(WriteTransaction &tx, const events::Event &event, const inboxes::InboxRow &inbox, const QString &errorClass, const QString &text);

    Result<bool> carefulStep(WriteTransaction &tx);
    Result<void> beginCareful(WriteTransaction &tx);
    bool isSuspect(const careful::Item &item) const { return m_records.value(item).crashes > 0; }      ///< taken alone
    Result<QList<careful::Item>> nextGroup(WriteTransaction &tx);
    Result<QList<careful::Item>> nextDeliveries(WriteTransaction &tx);
    Result<QList<careful::Item>> nextEvents(WriteTransaction &tx);
    Result<void> nameGroup(WriteTransaction &tx, const QList<careful::Item> &items);
    Result<bool> applyInGroup(WriteTransaction &tx);
    Result<void> applyNamed(WriteTransaction &tx, const careful::Item &item);
    Result<bool> endCareful(WriteTransaction &tx);
    void noteWaiting();

    Writer &m_writer;
    const Clock &m_clock;
    const Splitter m_splitter;
    const InboundFlow m_flow;

    // of the Writer's thread
    std::shared_ptr<Lanes> m_lanes;                   ///< shared with what a batch has in hand
    QList<EventId> m_parkedDue;
    SteadyTime m_nextParkedLook{};
    bool m_hasParked = false;
    bool m_hasUnsplit = true;
    bool m_leavesRest = false;                        ///< one was left to its turn in a batch that isn't committed yet
    const std::shared_ptr<char> m_splitHold = std::make_shared<char>();   ///< shared with each follow-up: their number, whatever is taken back
    unsigned m_turn = 0;
    bool m_isScanning = true;
    bool m_isFirstScan = true;
    QString m_scanned;
    std::shared_ptr<Group> m_group;                   ///< shared with the batch that names it
    bool m_isBegun = false;
    QHash<careful::Item, careful::Record> m_records;  ///< as found at the start
    DeliveryId m_lastDelivery{};                      ///< what came later was never in hand
    DeliveryId m_deliveriesSeen{};
    events::PendingEvent m_eventsSeen{};
    LastStop m_lastStop = LastStop::Clean;

    std::atomic<bool> m_isCareful{false};
    std::atomic<bool> m_hasWaiting{false};
    std::atomic<bool> m_rescanWanted{false};
    std::atomic<bool> m_lookWanted{false};            ///< at what is parked
};

} // namespace antiphon
