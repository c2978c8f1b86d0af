#pragma once

#include <atomic>
#include <cstdint>

namespace antiphon::test {

/// What a test tells the fault layer inside a server's process, and what it tells back: a file that both map into memory.
/// All zero is a layer that lets everything pass.
struct FaultControl {
    // told to the layer
    std::atomic<std::int32_t> standing{0};      ///< an errno: every write, and everything that makes a file, fails with it while it stands
    std::atomic<std::int64_t> failIn{0};        ///< the n-th call from now fails, counted down; 0: none
    std::atomic<std::int32_t> failWith{0};      ///< its errno
    std::atomic<std::int32_t> failLasts{0};     ///< from then on all of `failWhat`, until this is taken back
    std::atomic<std::uint32_t> failWhat{0};     ///< Calls counted and failed
    std::atomic<std::int64_t> killIn{0};        ///< the process ends itself by SIGKILL before the n-th call from now
    std::atomic<std::int32_t> killTears{0};     ///< that call, where it is a write, is done by half before
    std::atomic<std::int32_t> syncDelayUs{0};   ///< each fsync takes this much longer

    // told by the layer
    std::atomic<std::int64_t> calls{0};         ///< writes, syncs and changes of names in the folder
    std::atomic<std::int64_t> syncs{0};
    std::atomic<std::int64_t> failures{0};      ///< calls that were made to fail
    std::atomic<std::int64_t> failedSyncs{0};
    std::atomic<std::int64_t> position{0};      ///< length of the trace, of whole records
};

namespace calls {
inline constexpr std::uint32_t kWrite = 1;
inline constexpr std::uint32_t kSync = 2;
inline constexpr std::uint32_t kName = 4;       ///< open with O_CREAT of a new file, rename, unlink, mkdir, ftruncate
inline constexpr std::uint32_t kAll = 7;
} // namespace calls

/// One record of the trace: this head, then `pathLength` bytes of a path, then `length` bytes: what was written, or the new path of a rename.
/// Paths are relative to the folder. Only what succeeded is recorded, in the order in which it happened; a failed sync is.
struct TraceHead {
    enum Kind : std::uint32_t { Create = 1, Write, Truncate, Sync, SyncFailed, SyncFolder, Rename, Unlink, MakeFolder };

    std::uint32_t kind = 0;
    std::uint32_t file = 0;                     ///< a number of its own for each file that is opened by its path; a rename keeps it
    std::int64_t offset = 0;                    ///< of a write; the new size of a truncation
    std::uint32_t pathLength = 0;
    std::uint32_t length = 0;
};

} // namespace antiphon::test
