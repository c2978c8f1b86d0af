// Preloaded into a server under test: everything it does to files in one folder goes through here and may be recorded, delayed, made to fail or be the last
// thing that the process does. Calls the kernel itself, never the C library's functions of the same names.
//
// ANTIPHON_FAULTS_FOLDER is the folder, ANTIPHON_FAULTS_CONTROL a file that holds a FaultControl, ANTIPHON_FAULTS_TRACE (may be left out) the file to record in.

#include "tests/faults/faultcontrol.h"

#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

namespace {

using namespace antiphon::test;

constexpr int kDescriptors = 65536;

/// The write-ahead log's index is shared memory and made anew; locks hold nothing. The program's own log may fail but is nobody's promise.
enum class Care { None, Log, Data, Folder };

struct Entry {
    Care care = Care::None;
    std::uint32_t file = 0;
    std::string path{};
};

class Layer {
public:
    static Layer &instance()
    {
        static Layer *layer = new Layer;      // never destroyed: threads may write until the very end
        return *layer;
    }

    bool isOn() const { return m_control != nullptr; }
    FaultControl &control() { return *m_control; }

    /// The path within the folder; nothing where it is elsewhere.
    const char *inside(const char *path) const
    {
        if (!isOn() || !path || std::strncmp(path, m_folder.c_str(), m_folder.size()) != 0)
            return nullptr;
        const char *rest = path + m_folder.size();
        if (*rest == '\0')
            return rest;
        return *rest == '/' ? rest + 1 : nullptr;
    }

    static Care careOf(std::string_view path)
    {
        const auto endsWith = [path](std::string_view end) { return path.size() >= end.size() && path.substr(path.size() - end.size()) == end; };
        if (endsWith("-shm") || endsWith(".lock"))
            return Care::None;
        return endsWith(".log") || endsWith(".log.1") ? Care::Log : Care::Data;
    }

    /// Counts a call. An errno where it has to fail; doesn't return where it is the process's last.
    int judge(std::uint32_t what, Care care)
    {
        FaultControl &told = control();
        const int standing = told.standing;
        if (standing != 0 && what != calls::kSync) {
            ++told.failures;
            return standing;
        }
        if (care == Care::Log)
            return 0;
        ++told.calls;
        if (told.killIn > 0 && --told.killIn == 0)
            return -1;
        if ((told.failWhat & what) == 0)
            return 0;
        if (told.failIn > 0 && --told.failIn == 0) {
            if (told.failLasts)
                told.failLasts = 2;
            ++told.failures;
            return told.failWith;
        }
        if (told.failLasts == 2) {
            ++told.failures;
            return told.failWith;
        }
        return 0;
    }

    [[noreturn]] static void die()
    {
        for (;;) {
            syscall(SYS_kill, getpid(), SIGKILL);
            pause();
        }
    }

    Entry *entry(int descriptor) { return isOn() && descriptor >= 0 && descriptor < kDescriptors ? m_entries[descriptor].load() : nullptr; }

    void opened(int descriptor, const char *path, int flags, bool isNew)
    {
        if (descriptor < 0 || descriptor >= kDescriptors)
            return;
        struct stat what;                     // SQLite doesn't say O_DIRECTORY
        const bool isFolder = syscall(SYS_fstat, descriptor, &what) == 0 && S_ISDIR(what.st_mode);
        auto *made = new Entry{.care = isFolder ? Care::Folder : careOf(path), .path = path};
        if (made->care == Care::None) {
            delete made;
            return;
        }
        if (made->care == Care::Data) {
            auto known = m_files.find(made->path);
            if (known == m_files.end() || isNew) {
                made->file = ++m_lastFile;
                m_files[made->path] = made->file;
                record(TraceHead::Create, made->file, isNew ? 1 : 0, made->path, nullptr, 0);
            } else {
                made->file = known->second;
            }
            if (flags & O_TRUNC)
                record(TraceHead::Truncate, made->file, 0, {}, nullptr, 0);
        }
        m_entries[descriptor] = made;
    }

    void closed(int descriptor)
    {
        if (descriptor >= 0 && descriptor < kDescriptors)
            m_entries[descriptor] = nullptr;  // its Entry may be in use by nobody, and is small: left
    }

    void renamed(const char *from, const char *to)
    {
        if (const auto known = m_files.find(from); known != m_files.end()) {
            m_files[to] = known->second;
            m_files.erase(from);
        } else {
            m_files.erase(to);
        }
        record(TraceHead::Rename, 0, 0, from, to, std::strlen(to));
    }

    void removed(const char *path)
    {
        m_files.erase(path);
        record(TraceHead::Unlink, 0, 0, path, nullptr, 0);
    }

    void record(TraceHead::Kind kind, std::uint32_t file, std::int64_t offset, std::string_view path, const void *data, size_t length)
    {
        if (m_trace < 0)
            return;
        TraceHead head{.kind = kind, .file = file, .offset = offset, .pathLength = std::uint32_t(path.size()), .length = std::uint32_t(length)};
        iovec parts[3] = {{&head, sizeof head}, {const_cast<char *>(path.data()), path.size()}, {const_cast<void *>(data), length}};
        const auto written = syscall(SYS_writev, m_trace, parts, 3);
        if (written > 0)
            control().position += written;
    }

    bool records() const { return m_trace >= 0; }
    std::mutex mutex{};                       ///< held over a call and its record, so that the trace has their order

private:
    Layer()
    {
        const char *folder = std::getenv("ANTIPHON_FAULTS_FOLDER");
        const char *controlPath = std::getenv("ANTIPHON_FAULTS_CONTROL");
        if (!folder || !controlPath)
            return;
        const int descriptor = int(syscall(SYS_openat, AT_FDCWD, controlPath, O_RDWR | O_CLOEXEC, 0));
        if (descriptor < 0)
            return;
        void *memory = mmap(nullptr, sizeof(FaultControl), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
        syscall(SYS_close, descriptor);
        if (memory == MAP_FAILED)
            return;
        m_folder = folder;
        if (const char *trace = std::getenv("ANTIPHON_FAULTS_TRACE"))
            m_trace = int(syscall(SYS_openat, AT_FDCWD, trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
        m_control = static_cast<FaultControl *>(memory);
    }

    FaultControl *m_control = nullptr;
    std::string m_folder{};
    int m_trace = -1;
    std::atomic<Entry *> m_entries[kDescriptors] = {};
    std::map<std::string, std::uint32_t> m_files{};
    std::uint32_t m_lastFile = 0;
};

bool hasMode(int flags)
{
    return (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;
}

int failed(int code)
{
    errno = code;
    return -1;
}

int doOpen(const char *path, int flags, mode_t mode)
{
    Layer &layer = Layer::instance();
    const char *rest = layer.inside(path);
    if (!rest)
        return int(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
    if ((flags & O_TMPFILE) == O_TMPFILE)
        return failed(EOPNOTSUPP);            // Qt takes a named one then
    const Care care = Layer::careOf(rest);
    struct stat known;
    const std::lock_guard lock(layer.mutex);
    const bool isNew = (flags & O_CREAT) && care != Care::None && syscall(SYS_newfstatat, AT_FDCWD, path, &known, 0) != 0;
    if (isNew) {
        if (const int code = layer.judge(calls::kName, care); code < 0)
            Layer::die();
        else if (code > 0)
            return failed(code);
    }
    const int descriptor = int(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
    if (descriptor >= 0)
        layer.opened(descriptor, rest, flags, isNew);
    return descriptor;
}

ssize_t doWrite(int descriptor, const void *data, size_t length, off_t offset, bool isPositioned)
{
    const auto kernel = [&](size_t count) {
        return isPositioned ? ssize_t(syscall(SYS_pwrite64, descriptor, data, count, offset)) : ssize_t(syscall(SYS_write, descriptor, data, count));
    };
    Layer &layer = Layer::instance();
    Entry *entry = layer.entry(descriptor);
    if (!entry)
        return kernel(length);
    static thread_local bool wasShort = false;
    const std::lock_guard lock(layer.mutex);
    size_t count = length;
    if (const int code = layer.judge(calls::kWrite, entry->care); code < 0) {
        if (layer.control().killTears)
            kernel(length / 2);
        Layer::die();
    } else if (code == ENOSPC && !std::exchange(wasShort, !wasShort) && length > 1) {
        count = length / 2;                   // what a disk that is just filling up does
    } else if (code > 0) {
        return failed(code);
    }
    const off_t at = isPositioned ? offset : off_t(syscall(SYS_lseek, descriptor, 0, SEEK_CUR));
    const ssize_t written = kernel(count);
    if (written > 0 && entry->care == Care::Data)
        layer.record(TraceHead::Write, entry->file, at, {}, data, size_t(written));
    return written;
}

int doSync(int descriptor, long call)
{
    Layer &layer = Layer::instance();
    Entry *entry = layer.entry(descriptor);
    if (!entry || entry->care == Care::Log)
        return int(syscall(call, descriptor));
    FaultControl &told = layer.control();
    if (const int delay = told.syncDelayUs; delay > 0) {
        const timespec pause{.tv_sec = delay / 1'000'000, .tv_nsec = long(delay % 1'000'000) * 1000};
        clock_nanosleep(CLOCK_MONOTONIC, 0, &pause, nullptr);
    }
    const std::lock_guard lock(layer.mutex);
    ++told.syncs;
    const bool isFolder = entry->care == Care::Folder;
    if (const int code = layer.judge(calls::kSync, entry->care); code < 0) {
        Layer::die();
    } else if (code > 0) {
        ++told.failedSyncs;
        if (!isFolder)
            layer.record(TraceHead::SyncFailed, entry->file, 0, {}, nullptr, 0);
        return failed(code);
    }
    // What is recorded is replayed as if the power failed: the kernel itself needn't reach the disk for it.
    const int done = layer.records() ? 0 : int(syscall(call, descriptor));
    if (done == 0)
        layer.record(isFolder ? TraceHead::SyncFolder : TraceHead::Sync, entry->file, 0, isFolder ? std::string_view(entry->path) : std::string_view(), nullptr, 0);
    return done;
}

int doTruncate(int descriptor, off_t size)
{
    Layer &layer = Layer::instance();
    Entry *entry = layer.entry(descriptor);
    if (!entry)
        return int(syscall(SYS_ftruncate, descriptor, size));
    const std::lock_guard lock(layer.mutex);
    if (layer.control().standing == 0) {      // making a file shorter needs no room
        if (const int code = layer.judge(calls::kName, entry->care); code < 0)
            Layer::die();
        else if (code > 0)
            return failed(code);
    }
    const int done = int(syscall(SYS_ftruncate, descriptor, size));
    if (done == 0 && entry->care == Care::Data)
        layer.record(TraceHead::Truncate, entry->file, size, {}, nullptr, 0);
    return done;
}

int doRename(const char *from, const char *to, unsigned flags)
{
    const auto kernel = [&] { return int(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, flags)); };
    Layer &layer = Layer::instance();
    const char *source = layer.inside(from);
    const char *target = layer.inside(to);
    if (!source || !target)
        return kernel();
    const std::lock_guard lock(layer.mutex);
    if (const int code = layer.judge(calls::kName, Layer::careOf(source)); code < 0)
        Layer::die();
    else if (code > 0)
        return failed(code);
    const int done = kernel();
    if (done == 0 && Layer::careOf(source) == Care::Data)
        layer.renamed(source, target);
    return done;
}

int doUnlink(const char *path)
{
    Layer &layer = Layer::instance();
    const char *rest = layer.inside(path);
    if (!rest || Layer::careOf(rest) != Care::Data)
        return int(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
    const std::lock_guard lock(layer.mutex);
    if (layer.control().standing == 0) {
        if (const int code = layer.judge(calls::kName, Care::Data); code < 0)
            Layer::die();
        else if (code > 0)
            return failed(code);
    }
    const int done = int(syscall(SYS_unlinkat, AT_FDCWD, path, 0));
    if (done == 0)
        layer.removed(rest);
    return done;
}

} // namespace

#define ANTIPHON_CALL extern "C" __attribute__((visibility("default")))

ANTIPHON_CALL int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = hasMode(flags) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return doOpen(path, flags, mode);
}

ANTIPHON_CALL int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    const mode_t mode = hasMode(flags) ? va_arg(rest, mode_t) : 0;
    va_end(rest);
    return doOpen(path, flags, mode);
}

ANTIPHON_CALL int close(int descriptor)
{
    Layer &layer = Layer::instance();
    if (layer.entry(descriptor))
        layer.closed(descriptor);             // before: the number may be given away at once
    return int(syscall(SYS_close, descriptor));
}

ANTIPHON_CALL ssize_t write(int descriptor, const void *data, size_t length) { return doWrite(descriptor, data, length, 0, false); }
ANTIPHON_CALL ssize_t pwrite(int descriptor, const void *data, size_t length, off_t offset) { return doWrite(descriptor, data, length, offset, true); }
ANTIPHON_CALL ssize_t pwrite64(int descriptor, const void *data, size_t length, off64_t offset) { return doWrite(descriptor, data, length, offset, true); }
ANTIPHON_CALL int fsync(int descriptor) { return doSync(descriptor, SYS_fsync); }
ANTIPHON_CALL int fdatasync(int descriptor) { return doSync(descriptor, SYS_fdatasync); }
ANTIPHON_CALL int ftruncate(int descriptor, off_t size) noexcept { return doTruncate(descriptor, size); }
ANTIPHON_CALL int ftruncate64(int descriptor, off64_t size) noexcept { return doTruncate(descriptor, size); }
ANTIPHON_CALL int rename(const char *from, const char *to) noexcept { return doRename(from, to, 0); }
ANTIPHON_CALL int unlink(const char *path) noexcept { return doUnlink(path); }

ANTIPHON_CALL int renameat2(int fromFolder, const char *from, int toFolder, const char *to, unsigned flags) noexcept
{
    if (fromFolder == AT_FDCWD && toFolder == AT_FDCWD)
        return doRename(from, to, flags);
    return int(syscall(SYS_renameat2, fromFolder, from, toFolder, to, flags));
}

ANTIPHON_CALL int mkdir(const char *path, mode_t mode) noexcept
{
    Layer &layer = Layer::instance();
    const char *rest = layer.inside(path);
    if (!rest || *rest == '\0')
        return int(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
    const std::lock_guard lock(layer.mutex);
    if (const int code = layer.judge(calls::kName, Care::Data); code < 0)
        Layer::die();
    else if (code > 0)
        return failed(code);
    const int done = int(syscall(SYS_mkdirat, AT_FDCWD, path, mode));
    if (done == 0)
        layer.record(TraceHead::MakeFolder, 0, 0, rest, nullptr, 0);
    return done;
}
