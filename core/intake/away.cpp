#include "core/intake/away.h"

namespace antiphon {

namespace {

EnrichEnvironment enrichEnvironment(const Away::Environment &environment, Mailbox &mailbox)
{
    return {environment.database, environment.channels, environment.tokens, environment.http, environment.fetch, environment.files,
            environment.journal, environment.clock, mailbox};
}

Feeds::Options feedOptions(Feeds::Options feeds, const Away::Environment &environment, const CatchUp::Options &options)
{
    feeds.webhooks = environment.webhooks;
    feeds.mayAsk = options.mayAsk;
    return feeds;
}

CatchUp::Options catchUpOptions(CatchUp::Options options, const Away::Environment &environment, Feeds &feeds)
{
    options.feed = {.drainedAt = [&feeds](InboxId inbox) { return feeds.drainedAt(inbox); },
                    .readAgain = [&feeds](InboxId inbox) { feeds.readAgain(inbox); },
                    .webhooks = environment.webhooks};
    return options;
}

} // namespace

Away::Away(const Environment &environment, const CatchUp::Options &options, QObject *parent)
    : Away(environment, options, {}, parent)
{
}

Away::Away(const Environment &environment, const CatchUp::Options &options, const Feeds::Options &feeds, QObject *parent)
    : QObject(parent)
    , m_database(environment.database)
    , m_feeds(enrichEnvironment(environment, m_mailbox), environment.random, feedOptions(feeds, environment, options))
    , m_catchUp(enrichEnvironment(environment, m_mailbox), environment.random, catchUpOptions(options, environment, m_feeds))
    , m_gaps(environment.database.writer(), m_catchUp.waker())
    , m_watch(m_gaps, environment.clock)
{
    connect(&m_watch, &AwayWatch::networkReturned, this, [this] {
        m_catchUp.networkReturned();
        m_feeds.networkReturned();
    });
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
    m_feeds.start();
    m_catchUp.start();
}

void Away::stop()
{
    m_feeds.stop();
    m_catchUp.stop();
    m_watch.stop();
    if (std::exchange(m_isHere, false))
        m_gaps.noteStop();
}

} // namespace antiphon
