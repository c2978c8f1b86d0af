#include "core/intake/away.h"

namespace antiphon {

Away::Away(const Environment &environment, const CatchUp::Options &options, QObject *parent)
    : QObject(parent)
    , m_database(environment.database)
    , m_catchUp(EnrichEnvironment{environment.database, environment.channels, environment.tokens, environment.http, environment.fetch, environment.files,
                                  environment.journal, environment.clock, m_mailbox},
                environment.random, options)
    , m_gaps(environment.database.writer(), m_catchUp.waker())
    , m_watch(m_gaps, environment.clock)
{
    connect(&m_watch, &AwayWatch::networkReturned, this, [this] { m_catchUp.networkReturned(); });
}

Away::~Away()
{
    stop();
    m_mailbox.close();
}

void Away::noteStart()
{
    m_isHere = true;
    m_gaps.noteStart(m_database.wasRestored() ? Gap::Cause::Restored : m_database.wasUncleanStop() ? Gap::Cause::Crashed : Gap::Cause::Stopped);
    m_watch.start();
}

void Away::start()
{
    m_catchUp.start();
}

void Away::stop()
{
    m_catchUp.stop();
    m_watch.stop();
    if (std::exchange(m_isHere, false))
        m_gaps.noteStop();
}

} // namespace antiphon
