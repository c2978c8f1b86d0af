#include "core/desk/healthdesk.h"

#include "core/base/json.h"

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kLookEvery{250};
/// Room that is little is told anew when it is another by so much.
constexpr qint64 kWorthTelling = 50'000'000;

QString word(Database::Health::State state)
{
    switch (state) {
    case Database::Health::State::Writable: return u"writable"_s;
    case Database::Health::State::Refused: return u"refused"_s;
    case Database::Health::State::Damaged: return u"damaged"_s;
    }
    Q_UNREACHABLE();
}

} // namespace

HealthDesk::HealthDesk(Database &database, const Clock &clock, std::function<NotStored()> notStored, QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_clock(clock)
    , m_notStored(std::move(notStored))
{
    m_health = rendered();
    m_timer.setInterval(kLookEvery);
    connect(&m_timer, &QTimer::timeout, this, &HealthDesk::look);
}

void HealthDesk::start()
{
    look();
    m_timer.start();
}

bool HealthDesk::isWell() const
{
    return m_last.state == Database::Health::State::Writable && !m_database.wasRestored() && m_disk <= Disk::Ok;
}

QJsonObject HealthDesk::rendered() const
{
    static constexpr std::array kDiskWords{""_L1, "ok"_L1, "low"_L1, "nearly_full"_L1};
    const bool isWritable = m_last.state == Database::Health::State::Writable;
    return {{u"store"_s, word(m_last.state)},
            {u"reason"_s, json::orNull(m_last.reason)},
            {u"since"_s, isWritable ? QJsonValue(QJsonValue::Null) : QJsonValue(toRfc3339(m_since))},
            {u"detail"_s, json::orNull(m_last.detail)},
            {u"restored"_s, m_database.wasRestored()},
            {u"disk"_s, json::orNull(QString(kDiskWords.at(size_t(m_disk))))},
            {u"disk_free"_s, m_free >= 0 ? QJsonValue(m_free) : QJsonValue(QJsonValue::Null)}};
}

void HealthDesk::look()
{
    const QJsonObject before = m_health;
    const Database::Health now = m_database.health();
    if (now.state != m_last.state || now.reason != m_last.reason) {
        m_last = now;
        m_since = m_clock.now();
    }
    lookAtDisk();
    m_health = rendered();
    if (m_health != before)
        emit changed();
}

void HealthDesk::lookAtDisk()
{
    if (!m_notStored)
        return;
    const NotStored known = m_notStored();
    const Disk disk = known.freeBytes < 0 ? Disk::Unknown
                      : known.textOnly    ? Disk::NearlyFull
                      : known.roomIsShort ? Disk::Low
                                          : Disk::Ok;
    const bool isNews = disk != m_disk || (disk > Disk::Ok && std::abs(known.freeBytes - m_free) >= kWorthTelling);
    m_disk = disk;
    if (isNews)
        m_free = known.freeBytes;
}

} // namespace antiphon
