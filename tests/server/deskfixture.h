#pragma once

#include "core/server/deskserver.h"
#include "core/server/filestreams.h"
#include "tests/server/patternstore.h"
#include "tests/server/rawclient.h"

#include <QPointer>

namespace antiphon::test {

/// A desk port where the token "right" is agent 5's, with a PatternStore behind it; every session is kept in `sessions` with what it received.
class DeskFixture {
public:
    struct Session {
        QPointer<SessionTransport> transport{};
        QList<QByteArray> received{};
        int drained = 0;
        int closed = 0;
    };

    explicit DeskFixture(const Gate::Options &options = DeskServer::defaultOptions(), const SessionLimits &limits = {})
        : server(clock, handlers(), options, limits)
    {
        if (!server.open(QHostAddress(QHostAddress::LocalHost), 0))
            qFatal("the desk port doesn't open");
    }
    ~DeskFixture()
    {
        for (const auto &session : sessions)
            delete session->transport.data();
    }

    static void authorize(const QByteArray &token, const std::function<void(const Result<AgentId> &)> &done)
    {
        if (token == "right")
            done(AgentId(5));
        else
            done(Error{.kind = Error::Kind::Unauthorized});
    }

    SystemClock clock;
    PatternStore store;
    FileStreams files{store, &DeskFixture::authorize};
    std::vector<std::unique_ptr<Session>> sessions;
    DeskServer server;

private:
    DeskServer::Handlers handlers()
    {
        return {.session = [this](SessionTransport *transport) { keep(transport); },
                .authorize = &DeskFixture::authorize,
                .metrics = [](const std::function<void(const QByteArray &)> &done) { done("antiphon_up 1\n"); },
                .isHealthy = [] { return true; },
                .files = &files};
    }

    void keep(SessionTransport *transport)
    {
        sessions.push_back(std::make_unique<Session>());
        Session *session = sessions.back().get();
        session->transport = transport;
        QObject::connect(transport, &SessionTransport::received, transport, [session](const QByteArray &text) { session->received.append(text); });
        QObject::connect(transport, &SessionTransport::drained, transport, [session] { ++session->drained; });
        QObject::connect(transport, &SessionTransport::closed, transport, [session] {
            ++session->closed;
            session->transport->deleteLater();
        });
    }
};

} // namespace antiphon::test
