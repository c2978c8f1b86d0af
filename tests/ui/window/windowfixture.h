#pragma once

#include "tests/support/fakeclock.h"
#include "tests/ui/scene.h"
#include "tests/ui/window/shopdesk.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/settings/uisettings.h"
#include "ui/theme/theme.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

namespace antiphon::test {

/// The real window at the desk of the shop.
struct WindowFixture {
    static constexpr int kPatienceMs = 30'000;

    FakeClock clock{kNow};
    ShopDesk desk{kNow};
    QTemporaryDir place{};
    UiSettings settings{place.filePath(QStringLiteral("window.ini"))};
    Theme theme{};
    std::unique_ptr<DeskClient> client{};
    std::unique_ptr<MainWindow> window{};

    ~WindowFixture()
    {
        window.reset();
        client.reset();
    }

    /// @return whether it is connected and shows its list.
    bool open(QSize size = {1280, 800})
    {
        client = std::make_unique<DeskClient>(desk.url(), QStringLiteral("token"));
        window = std::make_unique<MainWindow>(*client, theme, settings, clock);
        window->resize(size);
        window->show();
        client->open();
        return QTest::qWaitFor([this] { return window->models().isReady() && !window->models().list().isLoading(); }, kPatienceMs);
    }

    bool show(int conversation)
    {
        window->showConversation(ConversationId(conversation));
        return QTest::qWaitFor([this, conversation] {
            const Conversation *current = window->models().current();
            return current && current->id == ConversationId(conversation) && window->models().messages().count() > 0;
        }, kPatienceMs);
    }
};

} // namespace antiphon::test
