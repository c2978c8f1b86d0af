#include "tests/bench/synccounter.h"

#include <atomic>
#include <sys/syscall.h>
#include <unistd.h>

namespace {
std::atomic<qint64> count{0};
std::atomic<int> delayMs{0};

void delay()
{
    if (const int ms = delayMs; ms > 0)
        ::usleep(useconds_t(ms) * 1000);
}
} // namespace

namespace antiphon::bench {

qint64 syncCount()
{
    return count;
}

void setSyncDelay(int milliseconds)
{
    delayMs = milliseconds;
}

} // namespace antiphon::bench

extern "C" {

__attribute__((visibility("default"))) int fdatasync(int descriptor)
{
    ++count;
    delay();
    return int(syscall(SYS_fdatasync, descriptor));
}

__attribute__((visibility("default"))) int fsync(int descriptor)
{
    ++count;
    delay();
    return int(syscall(SYS_fsync, descriptor));
}
}
