#include "tests/support/testmain.h"
#include "ui/theme/appstyle.h"
#include "ui/theme/systemappearance.h"
#include "ui/theme/theme.h"
#include "ui/widgets/banner.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/emptystate.h"
#include "ui/widgets/iconbutton.h"
#include "ui/widgets/pill.h"
#include "ui/widgets/primarybutton.h"
#include "ui/widgets/segmentedcontrol.h"

#include <QApplication>
#include <QBoxLayout>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QPushButton>
#include <QRadioButton>
#include <QScopeGuard>
#include <QSignalSpy>
#include <QTest>

namespace antiphon::test {
using namespace Qt::StringLiterals;

class ThemeTest : public QObject {
    Q_OBJECT

private slots:
    void everyPairHasItsContrast()
    {
        QFile file(u":/antiphon/tokens.json"_s);
        Theme light;
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QJsonArray pairs = QJsonDocument::fromJson(file.readAll()).object().value("pairs"_L1).toArray();
        QVERIFY(pairs.size() > 20);
        for (const Theme::Mode mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            light.setMode(mode);
            for (const QJsonValue &entry : pairs) {
                const QByteArray ink = entry[0].toString().toLatin1();
                const QJsonArray grounds = entry[1].toArray();
                for (const QJsonValue &ground : grounds) {
                    const QByteArray name = ground.toString().toLatin1();
                    const double ratio = contrastRatio(light.color(QLatin1StringView(ink)), light.color(QLatin1StringView(name)));
                    QVERIFY2(ratio >= entry[2].toDouble(), ink + " on " + name + ": " + QByteArray::number(ratio));
                }
            }
        }
        QVERIFY(qAbs(contrastRatio(Qt::black, Qt::white) - 21) < 0.01);
    }

    void everyIconRenders()
    {
        Theme theme;
        const QStringList files = QDir(u":/antiphon/icons"_s).entryList();
        QCOMPARE(files.size(), 99);
        for (const QString &file : files) {
            const QByteArray name = file.chopped(4).toLatin1();
            for (const qreal ratio : {1.0, 2.0}) {
                const QImage image = theme.icons().pixmap(QLatin1StringView(name), Qt::red, 18, ratio).toImage().convertToFormat(QImage::Format_ARGB32);
                QCOMPARE(image.width(), int(18 * ratio));
                bool isDrawn = false;
                for (int y = 0; y < image.height() && !isDrawn; ++y) {
                    for (int x = 0; x < image.width() && !isDrawn; ++x)
                        isDrawn = qAlpha(image.pixel(x, y)) > 80 && qRed(image.pixel(x, y)) > 200;
                }
                QVERIFY2(isDrawn, name);
            }
        }
    }

    void someIconsMirror()
    {
        Icons icons;
        const auto image = [&icons](QLatin1StringView name, bool rtl) { return icons.pixmap(name, Qt::black, 24, 1, rtl).toImage(); };
        const QImage turned = image("reply"_L1, true).convertToFormat(QImage::Format_ARGB32);
        const QImage expected = image("reply"_L1, false).mirrored(true, false).convertToFormat(QImage::Format_ARGB32);
        int apart = 0;
        for (int y = 0; y < turned.height(); ++y) {
            for (int x = 0; x < turned.width(); ++x)
                apart = std::max(apart, std::abs(qAlpha(turned.pixel(x, y)) - qAlpha(expected.pixel(x, y))));
        }
        QVERIFY2(apart < 100, qPrintable(QString::number(apart)));     // edges are smoothed a little otherwise
        QVERIFY(image("reply"_L1, true) != image("reply"_L1, false));
        QCOMPARE(image("checks"_L1, true), image("checks"_L1, false));
        QCOMPARE(image("clock"_L1, true), image("clock"_L1, false));
    }

    void scaleAndModeAreTold()
    {
        Theme theme;
        QSignalSpy changed(&theme, &Theme::changed);
        theme.setTextScale(2);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(theme.font(TypeRole::Message).pixelSize(), 28);
        QCOMPARE(theme.lineHeight(TypeRole::Message), 40);
        QCOMPARE(theme.avatarPx(40), 60);
        theme.setTextScale(9);
        QCOMPARE(theme.textScale(), 2.0);
        theme.setSystemLook(Theme::Look::Dark);
        QVERIFY(theme.isDark());
        theme.setMode(Theme::Mode::Light);
        QVERIFY(!theme.isDark());
        theme.setSystemLook(Theme::Look::Light);
        theme.setSystemLook(Theme::Look::Dark);
        QVERIFY(!theme.isDark());
    }

    void systemPalettesAreRead()
    {
        QPalette palette(QColor(239, 239, 239));
        palette.setColor(QPalette::WindowText, QColor(30, 30, 30));
        QCOMPARE(SystemAppearance::lookOf(palette, {}), Theme::Look::Light);
        QCOMPARE(SystemAppearance::lookOf(palette, u"HighContrast"_s), Theme::Look::HighContrast);
        palette.setColor(QPalette::Window, QColor(40, 40, 40));
        palette.setColor(QPalette::WindowText, QColor(230, 230, 230));
        QCOMPARE(SystemAppearance::lookOf(palette, {}), Theme::Look::Dark);
        palette.setColor(QPalette::Window, Qt::black);
        palette.setColor(QPalette::WindowText, Qt::white);
        QCOMPARE(SystemAppearance::lookOf(palette, {}), Theme::Look::HighContrast);
    }

    void highContrastUsesThePalette()
    {
        Theme theme;
        QPalette palette;
        palette.setColor(QPalette::Window, Qt::black);
        palette.setColor(QPalette::WindowText, Qt::yellow);
        theme.setSystemPalette(palette);
        theme.setMode(Theme::Mode::HighContrast);
        QCOMPARE(theme.color("text.secondary"_L1), QColor(Qt::yellow));
        QCOMPARE(theme.color("bubble.agent"_L1), QColor(Qt::black));
        for (const QString &name : theme.colorNames())
            QVERIFY(theme.color(QLatin1StringView(name.toLatin1())).isValid());
    }

    void labelsNeverShowMarkup()
    {
        Theme theme;
        const QString payload = u"<b>x</b><img src='file:///etc/passwd'>"_s;
        Banner banner(theme);
        banner.setContent(Tone::Danger, "clock-closed"_L1, payload);
        EmptyState empty(theme);
        empty.setContent("inbox"_L1, payload, payload);
        for (const QWidget *widget : {static_cast<QWidget *>(&banner), static_cast<QWidget *>(&empty)}) {
            for (const QLabel *label : widget->findChildren<QLabel *>())
                QCOMPARE(label->textFormat(), Qt::PlainText);
        }
        QVERIFY(!plainToolTip(payload).contains("<img"_L1));
        QCOMPARE(singleLine(u"a\nb\u202E"_s), u"a b\uFFFD"_s);
    }

    void controlsNameThemselvesAndSayWhyTheyAreOff()
    {
        Theme theme;
        IconButton attach(theme, "paperclip"_L1, u"Attach a file"_s);
        QCOMPARE(attach.accessibleName(), u"Attach a file"_s);
        attach.setDisabledReason(u"TikTok takes no files here."_s);
        QVERIFY(!attach.isEnabled());
        QVERIFY(attach.toolTip().contains("TikTok takes no files"_L1));
        attach.setDisabledReason({});
        QVERIFY(attach.isEnabled());
        Pill pill(theme);
        pill.setContent(Tone::Warn, "clock"_L1, u"Reply within 1 h 42 min"_s, u"1 h 42 min"_s);
        const int wide = pill.sizeHint().width();
        pill.setCompact(true);
        QVERIFY(pill.sizeHint().width() < wide);
        QCOMPARE(pill.accessibleName(), u"Reply within 1 h 42 min"_s);
    }

    void segmentsMoveByArrowKeys()
    {
        Theme theme;
        SegmentedControl modes(theme, u"Kind of message"_s);
        modes.addSegment(u"Reply"_s);
        modes.addSegment(u"Private note"_s, "lock"_L1);
        modes.show();
        modes.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&modes));
        QSignalSpy changed(&modes, &SegmentedControl::currentChanged);
        QCOMPARE(modes.current(), 0);
        QWidget *first = modes.findChildren<QRadioButton *>().constFirst();
        first->setFocus(Qt::TabFocusReason);
        QTest::keyClick(first, Qt::Key_Right);
        QCOMPARE(modes.current(), 1);
        modes.setDisabledReason(0, u"The reply window is closed."_s);
        QCOMPARE(modes.current(), 1);
        QVERIFY(modes.findChildren<QRadioButton *>().constFirst()->toolTip().contains("closed"_L1));
    }

    void controlsGrowWithTheText_data()
    {
        QTest::addColumn<Theme::Mode>("mode");
        QTest::addColumn<double>("scale");
        QTest::addColumn<bool>("rightToLeft");
        QTest::newRow("light") << Theme::Mode::Light << 1.0 << false;
        QTest::newRow("dark double right to left") << Theme::Mode::Dark << 2.0 << true;
    }

    void controlsGrowWithTheText()
    {
        QFETCH(Theme::Mode, mode);
        QFETCH(double, scale);
        QFETCH(bool, rightToLeft);
        Theme theme;
        theme.setMode(mode);
        theme.setTextScale(scale);
        QApplication::setStyle(new AppStyle(theme));
        const auto plain = qScopeGuard([] { QApplication::setStyle(u"Fusion"_s); });
        QWidget page;
        page.setPalette(theme.palette());
        page.setFont(theme.font(TypeRole::Body));
        page.setLayoutDirection(rightToLeft ? Qt::RightToLeft : Qt::LeftToRight);
        auto *column = new QVBoxLayout(&page);
        auto *banner = new Banner(theme);
        banner->setContent(Tone::Danger, "clock-closed"_L1,
                           u"More than 24 hours have passed since the customer's last message. Only an approved template can be sent now."_s,
                           u"WhatsApp policy"_s, u"Choose template"_s);
        column->addWidget(banner);
        auto *pill = new Pill(theme);
        pill->setContent(Tone::Warn, "clock"_L1, u"Reply within 1 h 42 min"_s);
        column->addWidget(pill);
        auto *send = new PrimaryButton(theme, u"Send"_s);
        send->setIconName("send"_L1);
        column->addWidget(send);
        auto *modes = new SegmentedControl(theme, u"Kind"_s);
        modes->addSegment(u"Reply"_s);
        modes->addSegment(u"Private note"_s, "lock"_L1);
        column->addWidget(modes);
        auto *attach = new IconButton(theme, "paperclip"_L1, u"Attach"_s);
        column->addWidget(attach);
        auto *empty = new EmptyState(theme);
        empty->setContent("inbox"_L1, u"No conversations yet"_s, u"They appear here when customers write to a connected channel."_s, u"Connect"_s);
        column->addWidget(empty);
        page.resize(scale > 1 ? 900 : 640, scale > 1 ? 1300 : 760);
        page.show();
        QTRY_COMPARE(banner->height(), banner->heightForWidth(banner->width()));
        QVERIFY(attach->width() >= 24 * scale);
        QCOMPARE(pill->height(), int(24 * scale));
        for (const QWidget *child : page.findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly))
            QVERIFY(page.rect().contains(child->geometry()));
        for (const QWidget *child : banner->findChildren<QWidget *>()) {
            if (child->isVisible())
                QVERIFY(banner->rect().contains(child->geometry()));
        }
        QVERIFY(banner->height() < 260);
        for (const QLabel *label : page.findChildren<QLabel *>()) {
            if (label->wordWrap())
                QVERIFY2(label->height() >= label->heightForWidth(label->width()), qPrintable(label->text()));
        }
        const QString folder = qEnvironmentVariable("ANTIPHON_GRABS");
        if (!folder.isEmpty())
            page.grab().save(QDir(folder).filePath(u"controls-%1.png"_s.arg(QLatin1StringView(QTest::currentDataTag()))));
    }
};

ANTIPHON_TEST(ThemeTest)

} // namespace antiphon::test

#include "tst_theme.moc"
