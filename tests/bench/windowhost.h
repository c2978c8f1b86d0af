#pragma once

#include "core/base/clock.h"
#include "core/client/deskclient.h"
#include "ui/conversationview/conversationview.h"
#include "ui/mainwindow/mainwindow.h"
#include "ui/settings/uisettings.h"
#include "ui/theme/theme.h"

#include <QTemporaryDir>

#include <memory>

namespace antiphon::bench {

/// The real window at a desk, 1280 x 800, with settings of its own.
class WindowHost {
public:
    WindowHost(const QUrl &desk, const QString &token);
    ~WindowHost();

    /// Shows the window and waits until the inboxes are read and the list has `cards`. False after twenty seconds.
    bool waitForCards(int cards);
    MainWindow &window() { return *m_window; }
    ConversationView &view();

    /// Opens a conversation and waits for the first paint that shows its newest message and fills the view. @return milliseconds, -1 where it never came.
    double open(ConversationId id);

private:
    QTemporaryDir m_folder{};
    SystemClock m_clock{};
    Theme m_theme{};
    UiSettings m_settings;
    std::unique_ptr<DeskClient> m_client;
    std::unique_ptr<MainWindow> m_window;
};

} // namespace antiphon::bench
