#include "core/desk/tunnelmethods.h"

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

auto asOutcome(const MethodTable::Finished &finished)
{
    return [finished](const Result<QJsonObject> &tunnel) {
        finished(tunnel ? Result<MethodTable::Outcome>(MethodTable::Outcome{.result = *tunnel}) : Result<MethodTable::Outcome>(tunnel.error()));
    };
}

} // namespace

void addTunnelMethods(MethodTable &methods, TunnelService &tunnel)
{
    using Role = Agent::Role;
    methods.read(u"tunnel.get"_s, Role::Admin, [&tunnel](ReadTransaction &, const Caller &, const QJsonObject &) -> Result<QJsonObject> { return tunnel.tunnel(); });
    methods.call(u"tunnel.set"_s, Role::Owner, [&tunnel](const Caller &, const QJsonObject &params, const MethodTable::Finished &finished) {
        tunnel.setTunnel(params, asOutcome(finished));
    });
    methods.call(
        u"tunnel.check"_s, Role::Admin,
        [&tunnel](const Caller &, const QJsonObject &, const MethodTable::Finished &finished) { tunnel.checkTunnel(asOutcome(finished)); }, true);
}

} // namespace antiphon::desk
