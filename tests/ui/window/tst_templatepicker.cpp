#include "tests/support/testmain.h"
#include "tests/ui/window/templatescene.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/composer/composer.h"
#include "ui/composer/messageeditor.h"
#include "ui/composer/templatepicker.h"
#include "ui/conversationview/conversationview.h"
#include "ui/mainwindow/conversationpane.h"
#include "ui/widgets/banner.h"

#include <QAbstractButton>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QSignalSpy>

namespace antiphon::test {
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Templates: where they are offered, how one is found, filled in and sent.
class TemplatePickerTest : public QObject {
    Q_OBJECT
private slots:
    void isTheWayOutWhereTheWindowIsClosed();
    void findsFillsAndSends();
    void saysWhyATemplateCannotBeSent();
    void asksForTheFileOfItsHeading();
    void fetchesAnewAndReadsOnceThatHasEnded();
    void isNotThereWhereTheChannelHasNone();

private:
    static void close(WindowFixture &f);
    static TemplatePicker *picker(WindowFixture &f);
    static QAbstractButton *button(const QWidget &page, const QString &text);
    static bool shows(const QWidget &page, const QString &part);
};

/// Kofi wrote by WhatsApp, two days ago.
void TemplatePickerTest::close(WindowFixture &f)
{
    f.desk.fill();
    f.desk.inboxes[1].limits = {{u"templates"_s, true}, {u"text_limit"_s, 4096}};
    f.desk.find(ConversationId(2))->replyWindow = ReplyWindow{.rule = u"whatsapp_24h"_s, .isOpen = false, .closesAt = kNow - 24h};
    f.desk.find(ConversationId(2))->canReply = false;
    f.desk.answers.insert(u"templates.list"_s, templateAnswer());
}

TemplatePicker *TemplatePickerTest::picker(WindowFixture &f)
{
    for (TemplatePicker *one : f.window->findChildren<TemplatePicker *>()) {
        if (one->isVisible())
            return one;
    }
    return nullptr;
}

QAbstractButton *TemplatePickerTest::button(const QWidget &page, const QString &text)
{
    for (QAbstractButton *one : page.findChildren<QAbstractButton *>()) {
        if (one->isVisible() && one->text() == text)
            return one;
    }
    return nullptr;
}

bool TemplatePickerTest::shows(const QWidget &page, const QString &part)
{
    for (const QLabel *label : page.findChildren<QLabel *>()) {
        if (label->isVisible() && label->text().contains(part))
            return true;
    }
    return false;
}

void TemplatePickerTest::isTheWayOutWhereTheWindowIsClosed()
{
    WindowFixture f;
    close(f);
    QVERIFY(f.open());
    QVERIFY(f.show(2));
    const ConversationPane &pane = *f.window->conversationPane();
    QTRY_VERIFY(pane.banner()->isVisible());
    QVERIFY(button(*pane.banner(), u"Choose template"_s));
    Composer &composer = *pane.composer();
    QCOMPARE(composer.mode(), Composer::Mode::Reply);                    // not pushed over to notes
    QVERIFY(!composer.editor()->isEnabled());
    QVERIFY(button(composer, u"Choose template"_s)->isEnabled());
    composer.setMode(Composer::Mode::Note);
    QVERIFY(composer.editor()->isEnabled());                             // a note can be written all the same
    composer.setMode(Composer::Mode::Reply);
    f.desk.receive(ConversationId(2), u"Here I am again"_s);
    QTRY_VERIFY(composer.editor()->isEnabled());                         // it opens without choosing the conversation again
    QTRY_VERIFY(button(composer, u"Send"_s));
}

void TemplatePickerTest::findsFillsAndSends()
{
    WindowFixture f;
    close(f);
    QVERIFY(f.open());
    QVERIFY(f.show(2));
    button(*f.window->conversationPane()->composer(), u"Choose template"_s)->click();
    QTRY_VERIFY(picker(f));
    TemplatePicker &dialog = *picker(f);
    const QListWidget &names = *dialog.findChild<QListWidget *>();
    QTRY_COMPARE(names.count(), 3);
    QLineEdit *search = nullptr;
    for (QLineEdit *edit : dialog.findChildren<QLineEdit *>()) {
        if (edit->accessibleName() == u"Search templates"_s)
            search = edit;
    }
    QVERIFY(search);
    search->setText(u"order is"_s);
    QCOMPARE(names.count(), 0);
    search->setText(u"order ready"_s);                                   // "_" is a blank to a person
    QCOMPARE(names.count(), 1);
    QVERIFY(shows(dialog, u"Hello {{1}}, order {{2}} is ready."_s));
    QAbstractButton *send = button(dialog, u"Send template"_s);
    QVERIFY(!send->isEnabled() && !send->toolTip().isEmpty());
    const auto shown = [&dialog, search] {
        QHash<QString, QLineEdit *> fields;
        for (QLineEdit *edit : dialog.findChildren<QLineEdit *>()) {
            if (edit->isVisible() && edit != search)
                fields.insert(edit->accessibleName(), edit);
        }
        return fields;
    };
    QTRY_COMPARE(shown().size(), 3);
    const QHash<QString, QLineEdit *> fields = shown();
    QVERIFY(fields.value(u"Text, place 1"_s)->placeholderText().contains(u"Ada"_s));
    QTest::keyClicks(fields.value(u"Text, place 1"_s), u"Kofi"_s);
    QTest::keyClicks(fields.value(u"Text, place 2"_s), u"1207"_s);
    QVERIFY(!send->isEnabled());
    QTest::keyClicks(fields.value(u"Button “Track it”"_s), u"t-1207"_s);
    QVERIFY(send->isEnabled());
    QVERIFY(shows(dialog, u"Hello Kofi, order 1207 is ready."_s));
    QVERIFY(shows(dialog, u"Thank you"_s));
    send->click();
    QTRY_COMPARE(f.desk.callsOf(u"messages.send"_s).size(), 1);
    const QJsonObject call = f.desk.callsOf(u"messages.send"_s).first();
    QCOMPARE(call.value("content"_L1).toString(), QString());
    QCOMPARE(call.value("template"_L1).toObject(), (QJsonObject{{u"name"_s, u"order_ready"_s}, {u"language"_s, u"en"_s},
                                                               {u"values"_s, QJsonObject{{u"body"_s, QJsonArray{u"Kofi"_s, u"1207"_s}}, {u"buttons"_s, QJsonArray{u"t-1207"_s}}}}}));
    QVERIFY(!call.value("client_id"_L1).toString().isEmpty());
    QTRY_VERIFY(!picker(f));
}

void TemplatePickerTest::saysWhyATemplateCannotBeSent()
{
    WindowFixture f;
    close(f);
    QVERIFY(f.open());
    QVERIFY(f.show(2));
    button(*f.window->conversationPane()->composer(), u"Choose template"_s)->click();
    QTRY_VERIFY(picker(f));
    auto &names = *picker(f)->findChild<QListWidget *>();
    QTRY_COMPARE(names.count(), 3);
    names.setCurrentRow(2);
    QVERIFY(shows(*picker(f), u"Rejected"_s) && shows(*picker(f), u"ABUSIVE_CONTENT"_s));
    QVERIFY(!button(*picker(f), u"Send template"_s)->isEnabled());
}

void TemplatePickerTest::asksForTheFileOfItsHeading()
{
    WindowFixture f;
    close(f);
    QVERIFY(f.open());
    QVERIFY(f.show(2));
    button(*f.window->conversationPane()->composer(), u"Choose template"_s)->click();
    QTRY_VERIFY(picker(f));
    auto &names = *picker(f)->findChild<QListWidget *>();
    QTRY_COMPARE(names.count(), 3);
    QVERIFY(!button(*picker(f), u"Choose the picture …"_s));
    names.setCurrentRow(1);
    QVERIFY(button(*picker(f), u"Choose the picture …"_s));
    QVERIFY(!button(*picker(f), u"Send template"_s)->isEnabled());
    QVERIFY(button(*picker(f), u"Send template"_s)->toolTip().contains(u"file"_s));
}

void TemplatePickerTest::fetchesAnewAndReadsOnceThatHasEnded()
{
    WindowFixture f;
    close(f);
    f.desk.answers.insert(u"templates.sync"_s, templateAnswer(u"running"_s));
    QVERIFY(f.open());
    QVERIFY(f.show(2));
    button(*f.window->conversationPane()->composer(), u"Choose template"_s)->click();
    QTRY_VERIFY(picker(f));
    QTRY_VERIFY(shows(*picker(f), u"As of"_s));
    const int before = int(f.desk.callsOf(u"templates.list"_s).size());
    button(*picker(f), u"Fetch anew"_s)->click();
    QTRY_COMPARE(f.desk.callsOf(u"templates.sync"_s).size(), 1);
    QTRY_VERIFY(shows(*picker(f), u"Fetching"_s));
    f.desk.tell(u"inbox.updated"_s, toJson(f.desk.inboxes.at(1)));
    QTRY_COMPARE(f.desk.callsOf(u"templates.list"_s).size(), before + 1);
    QTRY_VERIFY(shows(*picker(f), u"As of"_s));
}

void TemplatePickerTest::isNotThereWhereTheChannelHasNone()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));                                                  // TikTok
    for (const QAbstractButton *one : f.window->conversationPane()->composer()->findChildren<QAbstractButton *>())
        QVERIFY(!one->isVisible() || one->accessibleName() != u"Templates"_s);
}

ANTIPHON_TEST(TemplatePickerTest)

} // namespace antiphon::test

#include "tst_templatepicker.moc"
