#include "tests/bench/windowhost.h"

#include "tests/bench/paintwatch.h"
#include "tests/bench/spin.h"
#include "ui/mainwindow/conversationpane.h"
#include "ui/theme/apptheme.h"

namespace antiphon::bench {
namespace {
using namespace Qt::StringLiterals;

constexpr int kPatienceMs = 20'000;
constexpr QSize kSize{1280, 800};
} // namespace

WindowHost::WindowHost(const QUrl &desk, const QString &token)
    : m_settings(m_folder.filePath(u"window.ini"_s))
    , m_client(std::make_unique<DeskClient>(desk, token))
{
    applyTheme(*qApp, m_theme);
    m_window = std::make_unique<MainWindow>(*m_client, m_theme, m_settings, m_clock);
    m_window->resize(kSize);
    m_client->open();
    m_window->show();
}

WindowHost::~WindowHost()
{
    m_window.reset();
    m_client.reset();
}

ConversationView &WindowHost::view()
{
    return *m_window->conversationPane()->view();
}

bool WindowHost::waitForCards(int cards)
{
    return spinUntil([&] { return m_window->models().isReady() && m_window->models().list().rowCount() >= cards; }, kPatienceMs);
}

double WindowHost::open(ConversationId id)
{
    const auto isWhole = [&](const QRegion &region) {
        const MessageListModel &model = view().model();
        if (model.conversation() != id || model.count() == 0 || model.hasMoreAfter())
            return false;
        const QRect all = view().viewport()->rect();
        const QRect newest = view().rowRect(model.count() - 1);
        const bool isFull = view().rowRect(0).top() <= 0 || !model.hasMoreBefore();
        return isFull && all.intersects(newest) && region.boundingRect().contains(all);
    };
    const auto start = SteadyClock::now();
    SteadyClock::time_point painted;
    m_window->showConversation(id);
    if (!PaintWatch::instance().waitForPaint(view().viewport(), isWhole, kPatienceMs, &painted))
        return -1;
    return std::chrono::duration<double, std::milli>(painted - start).count();
}

} // namespace antiphon::bench
