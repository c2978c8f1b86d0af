#include "app/host/process.h"
#include "app/host/startup.h"
#include "core/base/logging.h"

#include <QCoreApplication>

#include <cstdio>

using namespace antiphon;
using namespace Qt::StringLiterals;

namespace {
constexpr char kName[] = "antiphon-server";
}

int main(int argc, char **argv)
{
    process::keepMemoryPrivate();
    QCoreApplication app(argc, argv);
    QCoreApplication::setOrganizationName(u"Antiphon"_s);
    QCoreApplication::setApplicationName(u"Antiphon"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(ANTIPHON_VERSION));

    const auto options = parseOptions(app.arguments().mid(1), Options::Program::Server);
    if (!options)
        return refuseToStart(kName, options.error());
    if (options->request != Options::Request::Run) {
        std::fputs(qPrintable(options->text), stdout);
        return 0;
    }
    const auto startup = prepareStartup(*options);
    if (!startup)
        return refuseToStart(kName, startup.error());

    int code = 0;
    process::StopSignal stopSignal;
    ServerHost host(startup->setup);
    QObject::connect(&stopSignal, &process::StopSignal::stopRequested, &host, &ServerHost::stop);
    QObject::connect(&host, &ServerHost::stopped, &app, &QCoreApplication::quit);
    QObject::connect(&host, &ServerHost::failed, &app, [&](const Error &error) {
        code = refuseToStart(kName, error);
        host.stop();
    });
    QObject::connect(&host, &ServerHost::ready, &app, [&](int intakePort, int deskPort) {
        printReady(intakePort, deskPort);
        if (startup->demo) {
            startup->demo->connectAccount(QUrl(u"ws://127.0.0.1:%1"_s.arg(deskPort)), startup->ownerToken(), [](const Result<void> &connected) {
                if (!connected)
                    qCCritical(lcApp).noquote() << "the demo's account was not connected:" << describe(connected.error());
            });
        }
    });
    host.start();
    app.exec();
    return code;
}
