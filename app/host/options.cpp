#include "app/host/options.h"

#include <QCommandLineParser>
#include <QDir>
#include <QHostAddress>
#include <QStandardPaths>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

Error unusable(const QString &option, const QString &why)
{
    return {Error::Kind::Invalid, u"--%1: %2"_s.arg(option, why), option};
}

void addOptions(QCommandLineParser &parser, Options::Program program)
{
    parser.addOptions({
        {u"data-dir"_s, u"Folder of the database, attachments, logs and the token file."_s, u"DIR"_s},
        {u"port"_s, u"Intake port (webhooks, consent callbacks, media links), always loopback; 0 picks a free one. Default 4280."_s, u"N"_s},
        {u"desk-port"_s, u"Desk port (Desk API, attachments, metrics); 0 picks a free one. Default 4281."_s, u"N"_s},
        {u"listen"_s, u"Address of the desk port; anything but loopback needs --tls-cert and --tls-key. Default 127.0.0.1."_s, u"ADDR"_s},
        {u"tls-cert"_s, u"Certificate chain (PEM) of the desk port."_s, u"FILE"_s},
        {u"tls-key"_s, u"Private key (PEM) of the desk port."_s, u"FILE"_s},
        {u"public-url"_s, u"The https address under which the tunnel reaches the intake port."_s, u"URL"_s},
        {u"database"_s, u"'sqlite:' (the default, in the data folder); 'postgresql://user@host/db' (not in this version)."_s, u"URL"_s},
        {u"demo"_s, u"A throw-away workspace with simulated platforms and a scripted exchange over real HTTP; --data-dir is not touched."_s},
        {u"version"_s, u"Print the version."_s},
        {u"help"_s, u"Print this help."_s},
    });
    if (program == Options::Program::Window)
        parser.addOption({u"connect"_s, u"Be the client of another server: wss://host:port."_s, u"URL"_s});
}

Result<quint16> portOf(const QCommandLineParser &parser, const QString &name, quint16 fallback)
{
    if (!parser.isSet(name))
        return fallback;
    bool ok = false;
    const int value = parser.value(name).toInt(&ok);
    if (!ok || value < 0 || value > 65535)
        return unusable(name, u"'%1' is no port (0 to 65535)"_s.arg(parser.value(name)));
    return quint16(value);
}

bool isLoopbackHost(const QString &host)
{
    return host == "localhost"_L1 || QHostAddress(host).isLoopback();
}

Result<QUrl> publicUrlOf(const QCommandLineParser &parser)
{
    if (!parser.isSet(u"public-url"_s))
        return QUrl();
    const QUrl url(parser.value(u"public-url"_s), QUrl::StrictMode);
    const bool isHttps = url.scheme() == "https"_L1;
    const bool isLocalHttp = url.scheme() == "http"_L1 && isLoopbackHost(url.host());
    if (!url.isValid() || url.host().isEmpty() || (!isHttps && !isLocalHttp) || url.hasQuery() || url.hasFragment() || !url.userInfo().isEmpty())
        return unusable(u"public-url"_s, u"must be an https address without query (plain http only for loopback)"_s);
    return url;
}

Result<void> checkDatabase(const QCommandLineParser &parser)
{
    const QString value = parser.value(u"database"_s);
    if (!parser.isSet(u"database"_s) || value == "sqlite:"_L1)
        return {};
    if (value.startsWith("postgresql://"_L1))
        return unusable(u"database"_s, u"PostgreSQL is not supported yet in this version"_s);
    return unusable(u"database"_s, u"must be 'sqlite:' or 'postgresql://user@host/db'"_s);
}

Result<void> checkListen(Options &options, const QCommandLineParser &parser)
{
    options.listen = parser.isSet(u"listen"_s) ? parser.value(u"listen"_s) : u"127.0.0.1"_s;
    options.tlsCertificate = parser.value(u"tls-cert"_s);
    options.tlsKey = parser.value(u"tls-key"_s);
    const QHostAddress address(options.listen);
    if (address.isNull())
        return unusable(u"listen"_s, u"'%1' is no IP address"_s.arg(options.listen));
    if (options.tlsCertificate.isEmpty() != options.tlsKey.isEmpty())
        return unusable(options.tlsKey.isEmpty() ? u"tls-key"_s : u"tls-cert"_s, u"is missing: TLS needs both files"_s);
    if (!address.isLoopback() && options.tlsKey.isEmpty())
        return unusable(u"listen"_s, u"anything but loopback needs --tls-cert and --tls-key"_s);
    return {};
}

Result<void> checkConnect(Options &options, const QCommandLineParser &parser)
{
    if (!parser.optionNames().contains(u"connect"_s))
        return {};
    const QUrl url(parser.value(u"connect"_s), QUrl::StrictMode);
    const bool isLocal = url.scheme() == "ws"_L1 && isLoopbackHost(url.host());
    if (!url.isValid() || url.host().isEmpty() || (url.scheme() != "wss"_L1 && !isLocal))
        return unusable(u"connect"_s, u"must be wss://host:port (ws:// only for loopback)"_s);
    if (options.demo)
        return unusable(u"connect"_s, u"can't be used together with --demo"_s);
    options.connectTo = url;
    return {};
}

} // namespace

Result<Options> parseOptions(const QStringList &arguments, Options::Program program)
{
    QCommandLineParser parser;
    parser.setApplicationDescription(program == Options::Program::Window ? u"Antiphon: a native inbox for a small business's customer messages."_s
                                                                         : u"Antiphon's server without a window."_s);
    addOptions(parser, program);
    const QString name = program == Options::Program::Window ? u"antiphon"_s : u"antiphon-server"_s;
    if (!parser.parse(QStringList{name} + arguments))
        return Error{Error::Kind::Invalid, parser.errorText()};
    Options options;
    if (parser.isSet(u"help"_s)) {
        options.request = Options::Request::Help;
        options.text = parser.helpText();
        return options;
    }
    if (parser.isSet(u"version"_s)) {
        options.request = Options::Request::Version;
        options.text = u"%1 %2\n"_s.arg(name, QLatin1StringView(ANTIPHON_VERSION));
        return options;
    }
    if (!parser.positionalArguments().isEmpty())
        return Error{Error::Kind::Invalid, u"unknown argument '%1'"_s.arg(parser.positionalArguments().first())};
    options.demo = parser.isSet(u"demo"_s);
    const auto port = portOf(parser, u"port"_s, options.demo ? 0 : options.port);
    const auto deskPort = portOf(parser, u"desk-port"_s, options.demo ? 0 : options.deskPort);
    const auto publicUrl = publicUrlOf(parser);
    if (!port || !deskPort || !publicUrl)
        return !port ? port.error() : !deskPort ? deskPort.error() : publicUrl.error();
    options.port = *port;
    options.deskPort = *deskPort;
    options.publicUrl = *publicUrl;
    for (const auto &step : {checkDatabase(parser), checkListen(options, parser), checkConnect(options, parser)}) {
        if (!step)
            return step.error();
    }
    if (parser.isSet(u"data-dir"_s) && parser.value(u"data-dir"_s).isEmpty())
        return unusable(u"data-dir"_s, u"must name a folder"_s);
    options.dataDir = QDir(parser.isSet(u"data-dir"_s) ? parser.value(u"data-dir"_s)
                                                       : QStandardPaths::writableLocation(QStandardPaths::AppLocalDataLocation)).absolutePath();
    return options;
}

} // namespace antiphon
