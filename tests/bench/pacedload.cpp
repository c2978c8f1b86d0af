#include "tests/bench/pacedload.h"

#include "tests/bench/figures.h"

#include <array>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace antiphon::bench {
namespace {

constexpr double kPatienceMs = 10'000;

struct Slot {
    int descriptor = -1;
    QByteArray answer{};
    SteadyClock::time_point dueAt{};
    bool isAwaited = false;
};

class PacedLoad {
public:
    PacedLoad(quint16 port, const Pace &pace, const std::function<QByteArray(qint64)> &request, const std::function<void(double)> &answered)
        : m_port(port), m_pace(pace), m_request(request), m_answered(answered), m_epoll(epoll_create1(0)), m_total(qint64(pace.perSecond * pace.seconds))
    {
    }
    PacedLoad(const PacedLoad &) = delete;
    PacedLoad &operator=(const PacedLoad &) = delete;
    ~PacedLoad()
    {
        for (const Slot &slot : m_slots)
            ::close(slot.descriptor);
        ::close(m_epoll);
    }

    LoadResult run()
    {
        m_slots.resize(size_t(m_pace.connections));
        for (size_t at = 0; at < m_slots.size(); ++at)
            connectSlot(at);
        m_start = SteadyClock::now();
        m_lastAnswer = m_start;
        std::array<epoll_event, 256> events{};
        while ((m_next < m_total || m_underWay > 0) && m_free.size() + size_t(m_underWay) > 0) {
            postDue();
            const timespec patience = untilNext();
            const int count = epoll_pwait2(m_epoll, events.data(), int(events.size()), &patience, nullptr);
            for (int i = 0; i < count; ++i)
                take(events.at(size_t(i)).data.u32);
            if (m_underWay > 0 && millisecondsSince(m_lastAnswer) > kPatienceMs)
                break;
        }
        m_result.seconds = millisecondsSince(m_start) / 1000;
        m_result.broken = m_total - m_result.acknowledged - m_result.refused;
        return std::move(m_result);
    }

private:
    void connectSlot(size_t at)
    {
        const int descriptor = connectTo(m_port);
        m_slots[at] = {.descriptor = descriptor};
        if (descriptor < 0)
            return;
        epoll_event wanted{};
        wanted.events = EPOLLIN;
        wanted.data.u32 = quint32(at);
        epoll_ctl(m_epoll, EPOLL_CTL_ADD, descriptor, &wanted);
        m_free.push_back(at);
    }

    /// The server hung up: a connection that was quiet for a minute is simply made anew; a request under way stays unanswered.
    void reconnect(size_t at)
    {
        Slot &slot = m_slots[at];
        epoll_ctl(m_epoll, EPOLL_CTL_DEL, slot.descriptor, nullptr);
        ::close(slot.descriptor);
        if (slot.isAwaited)
            --m_underWay;
        std::erase(m_free, at);
        connectSlot(at);
    }

    SteadyClock::time_point dueAt(qint64 number) const
    {
        return m_start + std::chrono::duration_cast<SteadyClock::duration>(std::chrono::duration<double>(double(number) / m_pace.perSecond));
    }

    void postDue()
    {
        while (m_next < m_total && !m_free.empty() && dueAt(m_next) <= SteadyClock::now()) {
            const size_t at = m_free.back();
            m_free.pop_back();
            Slot &slot = m_slots[at];
            slot.answer.resize(0);
            slot.dueAt = dueAt(m_next);
            const QByteArray request = m_request(m_next++);
            if (m_underWay == 0)
                m_lastAnswer = SteadyClock::now();      // nothing was awaited until now
            slot.isAwaited = true;                      // where nothing can be sent the hang-up is read soon, and counts
            ++m_underWay;
            [[maybe_unused]] const ssize_t sent = ::send(slot.descriptor, request.constData(), size_t(request.size()), MSG_NOSIGNAL);
        }
    }

    timespec untilNext() const
    {
        if (m_next >= m_total || m_free.empty())
            return {.tv_sec = 0, .tv_nsec = 100'000'000};
        const auto left = std::chrono::duration_cast<std::chrono::nanoseconds>(dueAt(m_next) - SteadyClock::now()).count();
        return {.tv_sec = 0, .tv_nsec = std::clamp<long>(left, 0, 100'000'000)};
    }

    void take(size_t at)
    {
        Slot &slot = m_slots[at];
        std::array<char, 4096> buffer{};
        const ssize_t got = ::recv(slot.descriptor, buffer.data(), buffer.size(), MSG_DONTWAIT);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got <= 0)
            return reconnect(at);
        slot.answer.append(buffer.data(), got);
        const int status = statusOf(slot.answer);
        if (status == 0)
            return;
        --m_underWay;
        slot.isAwaited = false;
        m_lastAnswer = SteadyClock::now();
        m_free.push_back(at);
        if (status != 200) {
            ++m_result.refused;
            return;
        }
        ++m_result.acknowledged;
        m_result.latencies.push_back(millisecondsSince(slot.dueAt));
        if (m_answered)
            m_answered(m_result.latencies.back());
    }

    const quint16 m_port;
    const Pace m_pace;
    const std::function<QByteArray(qint64)> &m_request;
    const std::function<void(double)> &m_answered;
    const int m_epoll;
    const qint64 m_total;
    std::vector<Slot> m_slots{};
    std::vector<size_t> m_free{};
    qint64 m_next = 0;
    int m_underWay = 0;
    SteadyClock::time_point m_start{};
    SteadyClock::time_point m_lastAnswer{};
    LoadResult m_result{};
};

} // namespace

LoadResult runPaced(quint16 port, const Pace &pace, const std::function<QByteArray(qint64)> &request, const std::function<void(double)> &answered)
{
    return PacedLoad(port, pace, request, answered).run();
}

} // namespace antiphon::bench
