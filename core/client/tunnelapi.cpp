#include "core/client/tunnelapi.h"

#include "core/client/deskcalls.h"

namespace antiphon {
using namespace Qt::StringLiterals;
using namespace deskcalls;

Result<DeskTunnel> tunnelFromJson(const QJsonObject &json)
{
    DeskTunnel tunnel{.provider = json::string(json, "provider"_L1),
                      .settings = json.value("settings"_L1).toObject(),
                      .secretsSet = textsOf(json.value("secrets_set"_L1)),
                      .publicUrl = json::string(json, "public_url"_L1),
                      .state = json::string(json, "state"_L1),
                      .problem = json::string(json, "problem"_L1),
                      .detail = json::string(json, "detail"_L1),
                      .isOverridden = json.value("is_overridden"_L1).toBool(),
                      .provedAt = fromRfc3339(json::string(json, "proved_at"_L1)),
                      .nextTryAt = fromRfc3339(json::string(json, "next_try_at"_L1)),
                      .restarts = json.value("restarts"_L1).toInt(),
                      .intakePort = json.value("intake_port"_L1).toInt(),
                      .output = textsOf(json.value("output"_L1))};
    if (tunnel.provider.isEmpty() || tunnel.state.isEmpty())
        return Error{Error::Kind::BadPayload, u"a tunnel without provider or state"_s};
    if (const QJsonValue help = json.value("help"_L1); help.isObject()) {
        tunnel.help = DeskToolHelp{.tool = help["tool"_L1].toString(), .system = help["system"_L1].toString(), .commands = textsOf(help["commands"_L1]), .page = help["page"_L1].toString()};
    }
    const QJsonArray platforms = json.value("platforms"_L1).toArray();
    for (const QJsonValue &entry : platforms) {
        const QJsonObject line = entry.toObject();
        const QJsonValue registered = line.value("registered"_L1);
        tunnel.platforms.append({.channel = json::string(line, "channel"_L1),
                                 .webhookUrl = json::string(line, "webhook_url"_L1),
                                 .redirectUrl = json::string(line, "redirect_url"_L1),
                                 .isRegistered = registered.isBool() ? std::optional(registered.toBool()) : std::nullopt,
                                 .detail = json::string(line, "detail"_L1)});
    }
    return tunnel;
}

QFuture<Result<DeskTunnel>> TunnelApi::ask(const QString &method, const QJsonObject &params)
{
    return m_client.call(method, params).then(&m_client, [](const Result<QJsonObject> &answer) { return answer ? tunnelFromJson(*answer) : Result<DeskTunnel>(answer.error()); });
}

QFuture<Result<DeskTunnel>> TunnelApi::tunnel()
{
    return ask(u"tunnel.get"_s, {});
}

QFuture<Result<DeskTunnel>> TunnelApi::setTunnel(const QString &provider, const QJsonObject &settings, const QJsonObject &secrets)
{
    QJsonObject params{{u"provider"_s, provider}, {u"settings"_s, settings}};
    if (!secrets.isEmpty())
        params.insert(u"secrets"_s, secrets);
    return ask(u"tunnel.set"_s, params);
}

QFuture<Result<DeskTunnel>> TunnelApi::checkTunnel()
{
    return ask(u"tunnel.check"_s, {});
}

} // namespace antiphon
