#include "core/desk/healthdesk.h"

#include "core/base/json.h"

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kLookEvery{250};

QString word(Database::Health::State state)
{
    switch (state) {
    case Database::Health::State::Writable: return u"writable"_s;
    case Database::Health::State::Refused: return u"refused"_s;
    case Database::Health::State::Damaged: return u"damaged"_s;
    }
    Q_UNREACHABLE();
}

QJsonObject objectOf(const Database::Health &health, bool isRestored, Timestamp now)
{
    const bool isWritable = health.state == Database::Health::State::Writable;
    return {{u"store"_s, word(health.state)},
            {u"reason"_s, json::orNull(health.reason)},
            {u"since"_s, isWritable ? QJsonValue(QJsonValue::Null) : QJsonValue(toRfc3339(now))},
            {u"detail"_s, json::orNull(health.detail)},
            {u"restored"_s, isRestored}};
}

} // namespace

HealthDesk::HealthDesk(Database &database, const Clock &clock, QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_clock(clock)
    , m_health(objectOf({}, database.wasRestored(), clock.now()))
{
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
    return m_last.state == Database::Health::State::Writable && !m_database.wasRestored();
}

void HealthDesk::look()
{
    const Database::Health now = m_database.health();
    if (now.state == m_last.state && now.reason == m_last.reason)
        return;
    m_last = now;
    m_health = objectOf(now, m_database.wasRestored(), m_clock.now());
    emit changed();
}

} // namespace antiphon
