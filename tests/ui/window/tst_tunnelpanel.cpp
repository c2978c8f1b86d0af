#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/onboarding/tunnelpanel.h"
#include "ui/settings/settingspage.h"
#include "ui/widgets/pill.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>

namespace antiphon::test {
using namespace Qt::StringLiterals;

class TunnelPanelTest : public QObject {
    Q_OBJECT
private slots:
    void saysHowToGetAMissingProgram()
    {
        WindowFixture f;
        f.desk.tunnel = missing();
        QVERIFY(f.open());
        TunnelPanel *panel = open(f);
        QTRY_VERIFY(shows(*panel, u"cloudflared"_s));
        QVERIFY(shows(*panel, u"sudo dnf install cloudflared"_s));
        button(*panel, u"Copy commands"_s)->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), u"first\nsudo dnf install cloudflared"_s);
        QCOMPARE(panel->findChild<Pill *>()->accessibleName(), u"A program is missing"_s);
        QTRY_VERIFY(shows(*f.window, u"Not reachable"_s, true));      // the line at the sidebar's foot

        f.desk.tunnel = up(u"https://inbox.tidewick.example"_s);
        f.desk.tell(u"tunnel.updated"_s, f.desk.tunnel);
        QTRY_COMPARE(panel->findChild<Pill *>()->accessibleName(), u"Reached from the internet"_s);
        QTRY_VERIFY(!shows(*f.window, u"Not reachable"_s, true));
        QVERIFY(shows(*panel, u"https://inbox.tidewick.example/tiktok/callback"_s));
        QVERIFY(!shows(*panel, u"sudo dnf install cloudflared"_s));
    }

    void sendsWhatWasChosenAndKeepsNoSecret()
    {
        WindowFixture f;
        f.desk.tunnel = up(u"https://old.example"_s);
        QVERIFY(f.open());
        TunnelPanel *panel = open(f);
        QTRY_VERIFY(button(*panel, u"Use this"_s)->isEnabled());
        panel->findChild<QAbstractButton *>(u"cloudflared_named"_s)->click();
        QLineEdit *token = field(*panel, u"token"_s);
        QLineEdit *address = field(*panel, u"public_url"_s);
        QVERIFY(token && address);
        QCOMPARE(token->echoMode(), QLineEdit::Password);
        address->setText(u"https://new.example"_s);
        token->setText(u"a-token"_s);
        button(*panel, u"Use this"_s)->click();
        QTRY_COMPARE(f.desk.callsOf(u"tunnel.set"_s).size(), 1);
        const QJsonObject sent = f.desk.callsOf(u"tunnel.set"_s).first();
        const QJsonObject params = sent.contains("params"_L1) ? sent.value("params"_L1).toObject() : sent;
        QCOMPARE(params.value("provider"_L1).toString(), u"cloudflared_named"_s);
        QCOMPARE(params.value("settings"_L1)["public_url"_L1].toString(), u"https://new.example"_s);
        QCOMPARE(params.value("secrets"_L1)["token"_L1].toString(), u"a-token"_s);
        QVERIFY(!params.value("settings"_L1).toObject().contains("token"_L1));
        QTRY_VERIFY(token->text().isEmpty());
    }

    void keepsWhatAPersonTypesWhileTheStateMoves()
    {
        WindowFixture f;
        f.desk.tunnel = up(u"https://old.example"_s);
        QVERIFY(f.open());
        TunnelPanel *panel = open(f);
        QTRY_VERIFY(field(*panel, u"public_url"_s));
        QTest::keyClicks(field(*panel, u"public_url"_s), u"x"_s);
        const QString typed = field(*panel, u"public_url"_s)->text();
        f.desk.tell(u"tunnel.updated"_s, up(u"https://third.example"_s));
        QTRY_VERIFY(shows(*panel, u"https://third.example"_s));
        QCOMPARE(field(*panel, u"public_url"_s)->text(), typed);
    }

private:
    static QJsonObject up(const QString &address)
    {
        return {{u"provider"_s, u"own_domain"_s},
                {u"settings"_s, QJsonObject{{u"public_url"_s, address}}},
                {u"public_url"_s, address},
                {u"state"_s, u"up"_s},
                {u"platforms"_s, QJsonArray{QJsonObject{{u"channel"_s, u"tiktok"_s}, {u"webhook_url"_s, QString(address + u"/webhooks/tiktok"_s)},
                                                        {u"redirect_url"_s, QString(address + u"/tiktok/callback"_s)}}}}};
    }

    static QJsonObject missing()
    {
        return {{u"provider"_s, u"cloudflared_quick"_s},
                {u"state"_s, u"down"_s},
                {u"problem"_s, u"tool_missing"_s},
                {u"help"_s, QJsonObject{{u"tool"_s, u"cloudflared"_s}, {u"system"_s, u"fedora"_s}, {u"commands"_s, QJsonArray{u"first"_s, u"sudo dnf install cloudflared"_s}}}}};
    }

    static TunnelPanel *open(WindowFixture &f)
    {
        f.window->showSettings();
        f.window->settingsPage()->showPublicAddress();
        return f.window->settingsPage()->findChild<TunnelPanel *>();
    }

    static QAbstractButton *button(QWidget &page, const QString &text)
    {
        for (QAbstractButton *one : page.findChildren<QAbstractButton *>()) {
            if (one->text() == text)
                return one;
        }
        return nullptr;
    }

    static QLineEdit *field(QWidget &page, const QString &key)
    {
        for (QLineEdit *one : page.findChildren<QLineEdit *>(key)) {
            if (one->isVisible())
                return one;
        }
        return nullptr;
    }

    /// @param isWhole the label says nothing else. Hidden labels count where they are only covered by another page.
    static bool shows(QWidget &page, const QString &part, bool isWhole = false)
    {
        for (const QLabel *label : page.findChildren<QLabel *>()) {
            if ((isWhole || label->isVisible()) && (isWhole ? label->text() == part : label->text().contains(part)))
                return true;
        }
        return false;
    }
};

ANTIPHON_TEST(TunnelPanelTest)

} // namespace antiphon::test

#include "tst_tunnelpanel.moc"
