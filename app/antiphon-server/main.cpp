#include "app/host/datadir.h"
#include "app/host/demorun.h"
#include "app/host/process.h"
#include "app/host/serverhost.h"
#include "core/base/logging.h"

#include <QCoreApplication>

#include <cstdio>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {

constexpr int kFailed = 1;
constexpr int kUnusableOptions = 2;

int refuse(const Error &error, int code)
{
    std::fprintf(stderr, "antiphon-server: %s\n", qPrintable(error.detail));
    return code;
}

} // namespace

int main(int argc, char **argv)
{
    process::keepMemoryPrivate();
    QCoreApplication app(argc, argv);
    QCoreApplication::setOrganizationName(u"Antiphon"_s);
    QCoreApplication::setApplicationName(u"Antiphon"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(ANTIPHON_VERSION));

    const auto options = parseOptions(app.arguments().mid(1), Options::Program::Server);
    if (!options)
        return refuse(options.error(), kUnusableOptions);
    if (options->request != Options::Request::Run) {
        std::fputs(qPrintable(options->text), stdout);
        return 0;
    }
    auto secrets = secretsHomeFromEnvironment();
    if (!secrets)
        return refuse(secrets.error(), kUnusableOptions);
    std::unique_ptr<DemoRun> demo;
    if (options->demo) {
        demo = std::make_unique<DemoRun>();
        if (const auto begun = demo->begin(); !begun)
            return refuse(begun.error(), kFailed);
        secrets = SecretsHome::File;   // the demo never touches the keychain
    }
    const auto channels = ServerHost::makeChannels();
    if (!channels)
        return refuse(channels.error(), kUnusableOptions);
    const auto dataDir = DataDir::open(demo ? demo->dataDir() : options->dataDir);
    if (!dataDir)
        return refuse(dataDir.error(), kFailed);
    SystemRandom random;
    const auto token = (*dataDir)->ownerToken(random);
    if (!token)
        return refuse(token.error(), kFailed);
    installLogHandler((*dataDir)->path());

    int code = 0;
    process::StopSignal stopSignal;
    ServerHost host({.options = *options, .dataDir = (*dataDir)->path(), .ownerToken = *token, .channels = *channels, .secrets = *secrets});
    QObject::connect(&stopSignal, &process::StopSignal::stopRequested, &host, &ServerHost::stop);
    QObject::connect(&host, &ServerHost::stopped, &app, &QCoreApplication::quit);
    QObject::connect(&host, &ServerHost::failed, &app, [&](const Error &error) {
        code = refuse(error, error.kind == Error::Kind::Invalid ? kUnusableOptions : kFailed);
        host.stop();
    });
    QObject::connect(&host, &ServerHost::ready, &app, [&](int intakePort, int deskPort) {
        std::printf("antiphon: listening on http://127.0.0.1:%d desk http://127.0.0.1:%d\n", intakePort, deskPort);
        std::fflush(stdout);
        if (demo) {
            demo->connectAccount(QUrl(u"ws://127.0.0.1:%1"_s.arg(deskPort)), *token, [](const Result<void> &connected) {
                if (!connected)
                    qCCritical(lcApp).noquote() << "the demo's account was not connected:" << describe(connected.error());
            });
        }
    });
    host.start();
    app.exec();
    return code;
}
