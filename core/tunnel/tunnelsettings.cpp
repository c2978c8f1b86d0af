#include "core/tunnel/tunnelsettings.h"

#include "core/base/json.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>
#include <QUrl>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using Provider = TunnelSettings::Provider;

constexpr qsizetype kLongest = 1024;
constexpr qsizetype kLongestToken = 4096;

bool hasControls(const QString &text)
{
    return std::any_of(text.begin(), text.end(), [](QChar c) { return c.category() == QChar::Other_Control; });
}

Error invalid(QLatin1StringView key, const QString &why)
{
    return {Error::Kind::Invalid, why, u"settings."_s + key};
}

/// Reads one object field by field and keeps the first mistake.
class Fields {
public:
    Fields(const QJsonObject &object, bool isStored) : m_object(object), m_isStored(isStored) {}

    QString text(QLatin1StringView key)
    {
        const QJsonValue value = m_object.value(key);
        if (value.isUndefined() || value.isNull())
            return {};
        const QString text = json::cleanText(value.toString()).trimmed();
        if (value.isString() && text.size() > kLongest)
            refuse(key, u"longer than %1 characters"_s.arg(kLongest));
        if (!value.isString() || hasControls(text))
            refuse(key, u"must be a text of one line"_s);
        return text;
    }

    int number(QLatin1StringView key, int absent, int least, int most)
    {
        const QJsonValue value = m_object.value(key);
        if (value.isUndefined() || value.isNull() || (value.isString() && value.toString().isEmpty()))
            return absent;
        const auto number = json::integer(value);
        if (!number || *number < least || *number > most) {
            refuse(key, u"must be a number from %1 to %2"_s.arg(least).arg(most));
            return absent;
        }
        return int(*number);
    }

    QUrl address(QLatin1StringView key, bool isNeeded)
    {
        QString given = text(key);
        if (given.isEmpty()) {
            if (isNeeded)
                refuse(key, u"the public address is needed: https://…"_s);
            return {};
        }
        if (!given.contains("://"_L1))
            given.prepend("https://"_L1);   // what people type
        const QUrl url(given, QUrl::StrictMode);
        if (!isUsableAddress(url)) {
            refuse(key, u"must be an https address without query (plain http only for this machine itself)"_s);
            return {};
        }
        return plainAddress(url);
    }

    QString file(QLatin1StringView key)
    {
        QString path = text(key);
        if (path.startsWith("~/"_L1))
            path = QDir::homePath() + path.mid(1);
        if (!path.isEmpty() && !QFileInfo(path).isAbsolute())
            refuse(key, u"must be the whole path of a file on the computer that runs the server"_s);
        else if (!path.isEmpty() && !m_isStored && !QFileInfo(path).isFile())
            refuse(key, u"there is no such file on the computer that runs the server"_s);
        return path;
    }

    QString matching(QLatin1StringView key, const QRegularExpression &form, const QString &why)
    {
        const QString value = text(key);
        if (!value.isEmpty() && !form.match(value).hasMatch())
            refuse(key, why);
        return value;
    }

    void refuse(QLatin1StringView key, const QString &why)
    {
        if (!m_error)
            m_error = invalid(key, why);
    }

    const std::optional<Error> &error() const { return m_error; }

private:
    const QJsonObject &m_object;
    bool m_isStored;
    std::optional<Error> m_error;
};

// None of these may begin with a dash: they become arguments of a program.
const QRegularExpression &hostForm()
{
    static const QRegularExpression form(u"^[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9.])?$"_s);
    return form;
}

bool isIpv6(const QString &host)
{
    return !host.contains(u'%') && !QUrl(u"ssh://["_s + host + u"]"_s, QUrl::StrictMode).host().isEmpty();
}

/// A name or an address; IPv6 as ssh takes it after its options: without the brackets that addresses of pages have.
QString readHost(Fields &fields)
{
    QString host = fields.text("host"_L1);
    if (host.startsWith(u'[') && host.endsWith(u']'))
        host = host.mid(1, host.size() - 2);
    if (host.isEmpty())
        fields.refuse("host"_L1, u"the host is needed"_s);
    else if (host.contains(u':') ? !isIpv6(host) : !hostForm().match(host).hasMatch())
        fields.refuse("host"_L1, u"must be the name or address of your host"_s);
    return host;
}

void readNamed(Fields &fields, TunnelSettings &settings, bool secretsSet)
{
    static const QRegularExpression name(u"^[A-Za-z0-9][A-Za-z0-9._ -]{0,127}$"_s);
    settings.publicUrl = fields.address("public_url"_L1, true);
    settings.tunnel = fields.matching("tunnel"_L1, name, u"must be the tunnel's name or UUID"_s);
    settings.credentialsFile = fields.file("credentials_file"_L1);
    if (!secretsSet && settings.tunnel.isEmpty())
        fields.refuse("tunnel"_L1, u"either a token or the tunnel's name with its credentials file is needed"_s);
}

void readSsh(Fields &fields, TunnelSettings &settings)
{
    static const QRegularExpression user(u"^[A-Za-z0-9_][A-Za-z0-9._@-]{0,63}$"_s);
    static const QRegularExpression bind(u"^(\\*|[A-Za-z0-9][A-Za-z0-9._-]{0,252}|\\[[0-9a-fA-F:]{2,45}\\])$"_s);
    settings.host = readHost(fields);
    settings.port = fields.number("port"_L1, 22, 1, 65535);
    settings.user = fields.matching("user"_L1, user, u"must be a user name on your host"_s);
    settings.keyFile = fields.file("key_file"_L1);
    settings.knownHostsFile = fields.file("known_hosts_file"_L1);
    settings.remoteAddress = fields.matching("remote_address"_L1, bind, u"must be an address that the host listens on, such as 127.0.0.1"_s);
    settings.remotePort = fields.number("remote_port"_L1, 0, 0, 65535);
    // Beyond this machine only the owner knows which https address his host's web server forwards to that port.
    settings.publicUrl = fields.address("public_url"_L1, !isLoopbackName(settings.host));
    if (settings.remotePort == 0 && !settings.publicUrl.isEmpty())
        fields.refuse("remote_port"_L1, u"a port is needed that your host's web server forwards the public address to"_s);
}

void readLocaltunnel(Fields &fields, TunnelSettings &settings)
{
    static const QRegularExpression name(u"^[a-z0-9][a-z0-9-]{2,61}[a-z0-9]$"_s);
    settings.server = fields.address("server"_L1, false);
    settings.subdomain = fields.matching("subdomain"_L1, name, u"4 to 63 small letters, digits and dashes"_s);
    settings.publicUrl = fields.address("public_url"_L1, false);
}

Result<TunnelSettings> read(Provider provider, const QJsonObject &object, bool secretsSet, bool isStored)
{
    TunnelSettings settings{.provider = provider};
    Fields fields(object, isStored);
    switch (provider) {
    case Provider::None:
    case Provider::CloudflaredQuick: break;
    case Provider::OwnDomain: settings.publicUrl = fields.address("public_url"_L1, true); break;
    case Provider::CloudflaredNamed: readNamed(fields, settings, secretsSet); break;
    case Provider::Ssh: readSsh(fields, settings); break;
    case Provider::Localtunnel: readLocaltunnel(fields, settings); break;
    }
    if (fields.error())
        return *fields.error();
    return settings;
}

} // namespace

QString tunnelProviderName(Provider provider)
{
    switch (provider) {
    case Provider::None: return u"none"_s;
    case Provider::OwnDomain: return u"own_domain"_s;
    case Provider::CloudflaredQuick: return u"cloudflared_quick"_s;
    case Provider::CloudflaredNamed: return u"cloudflared_named"_s;
    case Provider::Ssh: return u"ssh"_s;
    case Provider::Localtunnel: return u"localtunnel"_s;
    }
    Q_UNREACHABLE();
}

std::optional<Provider> tunnelProviderFromName(const QString &name)
{
    for (const Provider provider : {Provider::None, Provider::OwnDomain, Provider::CloudflaredQuick, Provider::CloudflaredNamed, Provider::Ssh, Provider::Localtunnel}) {
        if (name == tunnelProviderName(provider))
            return provider;
    }
    return std::nullopt;
}

Result<TunnelSecrets> tunnelSecretsFromJson(const QJsonObject &secrets)
{
    const auto refuse = [](const QString &why) { return Error{Error::Kind::Invalid, why, u"secrets.token"_s}; };
    const QJsonValue value = secrets.value("token"_L1);
    if (value.isUndefined() || value.isNull())
        return TunnelSecrets{};
    if (!value.isString())
        return refuse(u"must be a text"_s);
    const QString token = value.toString().trimmed();
    if (token.size() > kLongestToken)
        return refuse(u"longer than %1 characters"_s.arg(kLongestToken));
    if (hasControls(token))   // it becomes a variable of the tool's environment
        return refuse(u"must be a text of one line without control characters"_s);
    return TunnelSecrets{.token = token};
}

Result<TunnelSettings> tunnelSettingsFromJson(Provider provider, const QJsonObject &object, bool secretsSet)
{
    return read(provider, object, secretsSet, false);
}

Result<TunnelSettings> storedTunnelSettings(Provider provider, const QJsonObject &object)
{
    return read(provider, object, true, true);
}

QJsonObject toJson(const TunnelSettings &settings)
{
    QJsonObject json;
    const auto put = [&json](QLatin1StringView key, const QString &value) { json.insert(key, json::orNull(value)); };
    switch (settings.provider) {
    case Provider::None:
    case Provider::CloudflaredQuick: return json;
    case Provider::OwnDomain: break;
    case Provider::CloudflaredNamed:
        put("tunnel"_L1, settings.tunnel);
        put("credentials_file"_L1, settings.credentialsFile);
        break;
    case Provider::Ssh:
        put("host"_L1, settings.host);
        json.insert("port"_L1, settings.port);
        put("user"_L1, settings.user);
        put("key_file"_L1, settings.keyFile);
        put("known_hosts_file"_L1, settings.knownHostsFile);
        put("remote_address"_L1, settings.remoteAddress);
        json.insert("remote_port"_L1, settings.remotePort);
        break;
    case Provider::Localtunnel:
        put("server"_L1, settings.server.toString());
        put("subdomain"_L1, settings.subdomain);
        break;
    }
    put("public_url"_L1, settings.publicUrl.toString());
    return json;
}

bool isLoopbackName(const QString &host)
{
    static const QRegularExpression v4(u"^127(\\.\\d{1,3}){3}$"_s);
    const QString name = host.toLower();
    return name == "localhost"_L1 || name.endsWith(".localhost"_L1) || name == "::1"_L1 || name == "[::1]"_L1 || v4.match(name).hasMatch();
}

bool isUsableAddress(const QUrl &url)
{
    const bool isHttps = url.scheme() == "https"_L1;
    const bool isLocalHttp = url.scheme() == "http"_L1 && isLoopbackName(url.host());
    return url.isValid() && !url.host().isEmpty() && (isHttps || isLocalHttp) && !url.hasQuery() && !url.hasFragment() && url.userInfo().isEmpty();
}

QUrl plainAddress(const QUrl &url)
{
    QUrl plain = url.adjusted(QUrl::StripTrailingSlash);
    if (plain.path() == "/"_L1)
        plain.setPath({});
    if (plain.port() == (plain.scheme() == "https"_L1 ? 443 : 80))
        plain.setPort(-1);
    return plain;
}

} // namespace antiphon
