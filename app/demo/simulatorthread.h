#pragma once

#include <QObject>
#include <QThread>

#include <functional>
#include <memory>
#include <utility>

namespace antiphon::demo {

/// Hosts a simulated platform in a thread of its own, so that nobody else's thread waits for it.
/// `T` is made, used and destroyed in that thread; destroying the host ends it.
template <typename T>
class SimulatorThread {
public:
    /// @param make runs in the new thread; never gives null.
    explicit SimulatorThread(std::function<std::unique_ptr<T>()> make)
    {
        m_context->moveToThread(&m_thread);
        m_thread.setObjectName(QStringLiteral("simulator"));
        m_thread.start();
        run([this, make = std::move(make)] { m_hosted = make(); });
    }
    ~SimulatorThread()
    {
        call([this] { m_hosted.reset(); return true; });
        m_thread.quit();
        m_thread.wait();
    }
    SimulatorThread(const SimulatorThread &) = delete;
    SimulatorThread &operator=(const SimulatorThread &) = delete;

    /// Runs `use(T &)` in the thread, in the order of the calls, without waiting.
    void post(std::function<void(T &)> use)
    {
        run([this, use = std::move(use)] { use(*m_hosted); });
    }

    /// Runs `ask(T &)` in the thread and waits for what it returns: for tests, and for start-up before there is a window.
    template <typename Ask>
    auto ask(Ask question)
    {
        return call([this, question = std::move(question)] { return question(*m_hosted); });
    }

private:
    void run(std::function<void()> work) { QMetaObject::invokeMethod(m_context.get(), std::move(work), Qt::QueuedConnection); }

    template <typename Work>
    auto call(Work work)
    {
        decltype(work()) answer{};
        QMetaObject::invokeMethod(m_context.get(), [&] { answer = work(); }, Qt::BlockingQueuedConnection);
        return answer;
    }

    QThread m_thread{};
    std::unique_ptr<QObject> m_context = std::make_unique<QObject>();
    std::unique_ptr<T> m_hosted{};
};

} // namespace antiphon::demo
