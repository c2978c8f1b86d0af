#pragma once

#include "tests/support/fakeclock.h"
#include "tests/support/testmain.h"
#include "tests/ui/scene.h"
#include "ui/conversationview/conversationview.h"
#include "ui/theme/theme.h"

#include <QTest>

namespace antiphon::test {

/// A model, a view and what they need, with the rows given.
struct ViewScene {
    explicit ViewScene(const QList<Message> &rows, const QSize &size = {680, 900}, Theme::Mode mode = Theme::Mode::Light, double scale = 1,
                   Qt::LayoutDirection direction = Qt::LeftToRight, Channel channel = Channel::Tiktok)
    {
        theme.setMode(mode);
        theme.setTextScale(scale);
        view.setLayoutDirection(direction);
        view.setTraits({.channel = channel, .contactName = QStringLiteral("Mira Solvang")});
        view.setLinkOpener([this](const QUrl &url) { opened.append(url); });
        view.resize(size);
        view.show();
        fill(rows);
    }

    void fill(const QList<Message> &rows)
    {
        model.setPage(ConversationId(1), {.items = rows});
    }

    void waitForPictures()
    {
        QTRY_VERIFY(view.grab().toImage().size().isValid());
        QTest::qWait(0);
    }

    FakeClock clock{kNow};
    Theme theme;
    MessageListModel model{MessageListModel::Fetch()};
    ImageCache images{pictures()};
    QList<QUrl> opened;
    ConversationView view{model, &images, theme, clock};
};

inline QList<Message> manyRows(int count)
{
    QList<Message> rows;
    rows.reserve(count);
    using namespace Qt::StringLiterals;
    const QStringList texts{u"Short one."_s, u"A longer one that goes over more than a line when the pane is as narrow as here, does it not?"_s,
                            u"مرحبًا، هل الإبريق الأزرق متوفر؟"_s, u"青いマグカップはまだ在庫がありますか"_s, u"Two lines\nof text 👍🏽"_s};
    for (int i = 0; i < count; ++i) {
        const Timestamp at = kNow - Milliseconds((count - i) * 40'000LL);
        rows << (i % 3 == 0 ? outgoing(i + 1, texts.at(i % texts.size()), at) : incoming(i + 1, texts.at(i % texts.size()), at));
    }
    return rows;
}

} // namespace antiphon::test
