#pragma once

#include "app/demo/simulatedinstagram.h"
#include "app/demo/simulatedmessenger.h"

namespace antiphon::demo {

/// Instagram accounts that are linked to Facebook Pages: the same threads and webhooks, but called at Facebook's address in the name of the Page, with the Page's
/// token and its proof, and signed by Facebook's application. It listens nowhere: `pages` passes on what is for it.
class SimulatedPageInstagram : public SimulatedInstagram {
    Q_OBJECT
public:
    /// @param pages outlives this. @param accounts with their `pageId`
    SimulatedPageInstagram(SimulatedMessenger &pages, const QList<ThreadAccount> &accounts, const Clock &clock, RandomSource &random, QObject *parent = nullptr);

    bool isFor(const SimulatedHttp::Request &request) const;
    void take(const SimulatedHttp::Request &request, const SimulatedHttp::Answer &answer) { handle(request, answer); }
    QJsonObject linkedTo(const QString &pageId) const;        ///< as a Page tells its account; empty: none

protected:
    const ThreadAccount *accountOf(const QString &node, const QString &token) override;
    std::optional<Outcome> refusedCall(const SimulatedHttp::Request &request, const QString &accountId) override;
    QString baseUrl() const override { return m_pages.apiUrl().toString(); }

private:
    SimulatedMessenger &m_pages;
};

} // namespace antiphon::demo
