#include "core/desk/accesstoken.h"

#include "core/store/agentrepository.h"

#include <QCryptographicHash>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

bool equalConstantTime(const QByteArray &a, const QByteArray &b)
{
    if (a.size() != b.size())
        return false;
    int difference = 0;
    for (qsizetype i = 0; i < a.size(); ++i)
        difference |= a.at(i) ^ b.at(i);
    return difference == 0;
}

} // namespace

QByteArray tokenHash(const QString &token)
{
    return QCryptographicHash::hash(token.toUtf8(), QCryptographicHash::Sha256);
}

Result<AgentId> agentOfToken(ReadTransaction &tx, const QString &token)
{
    const QByteArray hash = tokenHash(token);
    const auto known = AgentRepository(tx).tokenHashes();
    if (!known)
        return known.error();
    AgentId found;
    for (const AgentRepository::TokenHash &candidate : *known) {
        if (equalConstantTime(candidate.sha256, hash))
            found = candidate.agent;
    }
    if (!found || token.isEmpty())
        return Error{Error::Kind::Unauthorized, u"wrong access token"_s};
    return found;
}

} // namespace antiphon::desk
