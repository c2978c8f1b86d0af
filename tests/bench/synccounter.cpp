#include "tests/bench/synccounter.h"

#include <atomic>
#include <sys/syscall.h>
#include <unistd.h>

namespace {
std::atomic<qint64> count{0};
} // namespace

namespace antiphon::bench {

qint64 syncCount()
{
    return count;
}

} // namespace antiphon::bench

extern "C" {

__attribute__((visibility("default"))) int fdatasync(int descriptor)
{
    ++count;
    return int(syscall(SYS_fdatasync, descriptor));
}

__attribute__((visibility("default"))) int fsync(int descriptor)
{
    ++count;
    return int(syscall(SYS_fsync, descriptor));
}
}
