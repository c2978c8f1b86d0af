#include "app/host/startup.h"

#include "core/base/logging.h"

#include <cstdio>

namespace antiphon {

Result<Startup> prepareStartup(const Options &options)
{
    Startup startup;
    auto secrets = secretsHomeFromEnvironment();
    if (!secrets)
        return secrets.error();
    if (options.demo) {
        startup.demo = std::make_unique<DemoRun>();
        if (const auto begun = startup.demo->begin(); !begun)
            return begun.error();
        secrets = SecretsHome::File;   // the demo never touches the keychain
    }
    const auto channels = ServerHost::makeChannels();   // after the demo, which points the addresses at its platforms
    if (!channels)
        return channels.error();
    auto dataDir = DataDir::open(startup.demo ? startup.demo->dataDir() : options.dataDir);
    if (!dataDir)
        return dataDir.error();
    startup.dataDir = *std::move(dataDir);
    SystemRandom random;
    const auto token = startup.dataDir->ownerToken(random);
    if (!token)
        return token.error();
    installLogHandler(startup.dataDir->path());
    startup.setup = {.options = options, .dataDir = startup.dataDir->path(), .ownerToken = *token, .channels = *channels, .secrets = *secrets};
    return startup;
}

int refuseToStart(const char *program, const Error &error)
{
    std::fprintf(stderr, "%s: %s\n", program, qPrintable(error.detail));
    return error.kind == Error::Kind::Invalid ? 2 : 1;
}

void printReady(int intakePort, int deskPort)
{
    std::printf("antiphon: listening on http://127.0.0.1:%d desk http://127.0.0.1:%d\n", intakePort, deskPort);
    std::fflush(stdout);
}

} // namespace antiphon
