#pragma once

#include "core/net/safefetch.h"
#include "core/store/filesthread.h"

namespace antiphon {

/// A file from outside that is in the blob store now, as its own bytes tell of it.
struct FetchedFile {
    QByteArray sha256{};
    qint64 size = 0;
    QString mime{};                      ///< sniffed; empty where the bytes tell nothing
    QString toldMime{};                  ///< as the answer said, without parameters; may be anything
    QString toldName{};                  ///< likewise; never a path
    std::optional<int> width{};          ///< px
    std::optional<int> height{};
};

/// Fetches into the blob store, piece by piece on the files thread. Errors are SafeFetch's; Unavailable with code "202": it will be there in a while.
/// Lives in the net thread; `done` runs in `mailbox`'s thread, exactly once while the mailbox lives.
void fetchFile(SafeFetch &fetch, FilesThread &files, Mailbox &mailbox, const HttpRequest &request, const FetchPolicy &policy,
               std::function<void(Result<FetchedFile>)> done);

} // namespace antiphon
