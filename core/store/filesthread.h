#pragma once

#include "core/base/mailbox.h"
#include "core/store/blobstore.h"

#include <QThread>

namespace antiphon {

/// The thread that opens, writes, hashes, flushes, renames and reads files, so that the net thread never does.
class FilesThread {
public:
    explicit FilesThread(std::unique_ptr<BlobStore> blobs);
    ~FilesThread();                                     ///< finishes what is queued

    void post(std::function<void(BlobStore &)> work);   ///< any thread; in order

    /// Runs `work` there; `done` runs in `mailbox`'s thread.
    template <typename T>
    void run(std::function<Result<T>(BlobStore &)> work, Mailbox &mailbox, std::function<void(Result<T>)> done)
    {
        post([work = std::move(work), target = mailbox.address(), done = std::move(done)](BlobStore &blobs) {
            Result<T> result = work(blobs);
            target.post([done, result = std::move(result)] { done(result); });
        });
    }

private:
    std::unique_ptr<BlobStore> m_blobs;
    QThread m_thread;
    Mailbox *m_mailbox = nullptr;                       ///< lives in m_thread
};

} // namespace antiphon
