#pragma once

#include "app/host/datadir.h"
#include "app/host/demorun.h"
#include "app/host/serverhost.h"

#include <memory>

namespace antiphon {

/// What a program with a server inside holds before it starts that: the demo's platforms where asked for, the locked data folder, the owner's token.
struct Startup {
    std::unique_ptr<DemoRun> demo{};
    std::unique_ptr<DataDir> dataDir{};
    ServerModule::Setup setup{};

    QString ownerToken() const { return setup.ownerToken; }
};

/// Gets all of it, and sends the log to the data folder. Invalid for what the command line or the environment should not say; Unavailable where another process
/// holds the folder; Storage where it can't be used.
Result<Startup> prepareStartup(const Options &options);

/// Prints the error for the person who started the program. @return its exit code: 2 for options and variables that can't be used, else 1.
int refuseToStart(const char *program, const Error &error);

/// The one line on standard output that says that the server is ready.
void printReady(int intakePort, int deskPort);

} // namespace antiphon
