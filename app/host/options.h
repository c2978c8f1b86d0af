#pragma once

#include "core/base/result.h"

#include <QStringList>
#include <QUrl>

namespace antiphon {

/// What the command line says.
struct Options {
    enum class Program { Window, Server };
    enum class Request { Run, Help, Version };

    Request request = Request::Run;
    QString text{};                ///< of --help and --version
    QString dataDir{};             ///< absolute; empty with --connect
    quint16 port = 4280;           ///< 0 picks a free one
    quint16 deskPort = 4281;
    QString listen{};              ///< address of the desk port
    QString tlsCertificate{};
    QString tlsKey{};
    QUrl publicUrl{};
    QUrl connectTo{};              ///< be the client of another server
    bool demo = false;
};

/// Reads the arguments (without the program's name). Invalid with a sentence for the person who typed them: exit 2.
Result<Options> parseOptions(const QStringList &arguments, Options::Program program);

} // namespace antiphon
