#pragma once

#include "core/intake/awaywatch.h"
#include "core/intake/catchup.h"
#include "core/intake/feeds.h"

namespace antiphon {

/// Being away, wired: what notices it, what writes it down and what fetches what was missed; and what fetches all the time. Lives in the net thread.
class Away final : public QObject {
public:
    struct Environment {
        Database &database;
        const ChannelRegistry &channels;
        TokenSource &tokens;
        HttpClient &http;
        SafeFetch &fetch;
        FilesThread &files;
        Journal &journal;
        const Clock &clock;
        RandomSource &random;
        AccountWebhooks *webhooks = nullptr;      ///< of accounts whose feed may be read in their place; null in tests
    };

    explicit Away(const Environment &environment, const CatchUp::Options &options = {}, QObject *parent = nullptr);
    /// @param feeds its webhooks and mayAsk are those of the others
    Away(const Environment &environment, const CatchUp::Options &options, const Feeds::Options &feeds, QObject *parent = nullptr);
    ~Away() override;

    /// The process is here again: writes down how long it wasn't. As soon as the database is open, whatever else still waits.
    void noteStart();
    void start();          ///< begins to fetch; when tokens can be had
    /// Takes nothing more and leaves the mark of a stop that was asked for. Before Database::close().
    void stop();

    /// For others who know that webhooks can't get here: a tunnel that is down, a locked keychain, a database that was put back.
    GapKeeper &gaps() { return m_gaps; }
    AwayWatch &watch() { return m_watch; }
    CatchUp &catchUp() { return m_catchUp; }
    Feeds &feeds() { return m_feeds; }

private:
    Mailbox m_mailbox;
    Database &m_database;
    Feeds m_feeds;
    CatchUp m_catchUp;
    GapKeeper m_gaps;
    AwayWatch m_watch;
    bool m_isHere = false;
};

} // namespace antiphon
