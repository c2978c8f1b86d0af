#include "app/demo/simulatedpageinstagram.h"

#include <algorithm>

namespace antiphon::demo {

using namespace Qt::StringLiterals;

SimulatedPageInstagram::SimulatedPageInstagram(SimulatedMessenger &pages, const QList<ThreadAccount> &accounts, const Clock &clock, RandomSource &random, QObject *parent)
    : SimulatedInstagram({.app = pages.app(), .accounts = accounts}, clock, random, parent), m_pages(pages)
{
    shareTokens(pages);
}

bool SimulatedPageInstagram::isFor(const SimulatedHttp::Request &request) const
{
    const bool isList = graphPath(request).value(1) == "conversations"_L1 && request.query("platform") == u"instagram"_s;
    return isList || knows(request);
}

QJsonObject SimulatedPageInstagram::linkedTo(const QString &pageId) const
{
    const auto found = std::find_if(accounts().begin(), accounts().end(), [&pageId](const ThreadAccount &one) { return one.pageId == pageId; });
    if (found == accounts().end())
        return {};
    return {{u"id"_s, found->id}, {u"username"_s, found->username}, {u"name"_s, found->name}, {u"profile_picture_url"_s, pictureOf(found->username)}};
}

const ThreadAccount *SimulatedPageInstagram::accountOf(const QString &node, const QString &token)
{
    const QString page = node == "me"_L1 ? tokens().value(token).owner : node;
    const auto found = std::find_if(accounts().begin(), accounts().end(), [&page](const ThreadAccount &one) { return one.pageId == page; });
    return found == accounts().end() ? nullptr : &*found;
}

std::optional<SimulatedGraph::Outcome> SimulatedPageInstagram::refusedCall(const SimulatedHttp::Request &request, const QString &accountId)
{
    const auto found = std::find_if(accounts().begin(), accounts().end(), [&accountId](const ThreadAccount &one) { return one.id == accountId; });
    const QString token = tokenOf(request, true);
    if (auto no = refusedToken(token, found == accounts().end() ? accountId : found->pageId, {}))
        return no;
    return refusedProof(request, token, true);
}

} // namespace antiphon::demo
