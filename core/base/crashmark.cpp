#include "core/base/crashmark.h"

#include <QFile>

#ifdef Q_OS_UNIX

#include <array>
#include <csignal>
#include <cstring>
#include <memory>

#include <fcntl.h>
#include <unistd.h>

namespace antiphon::crashmark {
namespace {

constexpr std::array kFaults{SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT};
constexpr size_t kStackSize = 64 * 1024;

// A handler may use nothing that allocates: what it needs stands ready.
std::array<char, 4096> markPath{};
std::array<struct sigaction, kFaults.size()> former{};

void leaveMark(int fault)
{
    const int file = ::open(markPath.data(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file >= 0)
        ::close(file);
    // Whoever was asked before (a sanitizer, the system's dump) has the last word: the signal comes again as soon as this returns.
    for (size_t i = 0; i < kFaults.size(); ++i) {
        if (kFaults.at(i) == fault)
            ::sigaction(fault, &former.at(i), nullptr);
    }
    ::raise(fault);
}

} // namespace

void watch(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    if (size_t(name.size()) >= markPath.size())
        return;
    std::memcpy(markPath.data(), name.constData(), size_t(name.size()) + 1);
    guardThread();
    struct sigaction action {};
    action.sa_handler = leaveMark;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < kFaults.size(); ++i)
        ::sigaction(kFaults.at(i), &action, &former.at(i));
}

void guardThread()
{
    stack_t present{};
    if (::sigaltstack(nullptr, &present) == 0 && (present.ss_flags & SS_DISABLE) == 0)
        return;
    // As long as the thread: given back to the system before its memory goes.
    struct OwnStack {
        std::unique_ptr<char[]> memory = std::make_unique<char[]>(kStackSize);
        ~OwnStack()
        {
            stack_t off{};
            off.ss_flags = SS_DISABLE;
            ::sigaltstack(&off, nullptr);
        }
    };
    thread_local OwnStack own;
    stack_t stack{};
    stack.ss_sp = own.memory.get();
    stack.ss_size = kStackSize;
    ::sigaltstack(&stack, nullptr);
}

bool take(const QString &path)
{
    return QFile::remove(path);
}

} // namespace antiphon::crashmark

#else

namespace antiphon::crashmark {

void watch(const QString &) { }
void guardThread() { }
bool take(const QString &)
{
    return true;
}

} // namespace antiphon::crashmark

#endif
