#include "tests/support/testmain.h"
#include "tests/ui/window/windowfixture.h"
#include "ui/mainwindow/actions.h"
#include "ui/mainwindow/conversationmenus.h"
#include "ui/mainwindow/shortcutsdialog.h"

#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QTabBar>
#include <QTranslator>

namespace antiphon::test {
using namespace Qt::StringLiterals;

namespace {

constexpr QChar kOpen{0x27E6};
constexpr QChar kClose{0x27E7};

/// Brackets every text that goes through a translator; what is shown without brackets was never translatable.
class Brackets : public QTranslator {
public:
    bool isEmpty() const override { return false; }
    QString translate(const char *context, const char *source, const char *, int n) const override
    {
        if (QByteArrayView(context).startsWith("Q"))
            return {};                                       // Qt's own dialogs
        QString text = QString::fromUtf8(source);
        if (n >= 0)
            text.replace("%n"_L1, QString::number(n));
        return kOpen + text + kClose;
    }
};

/// Names of people, inboxes, labels, platforms and texts of customers are not ours to translate: the desk of this test marks them.
bool isForeign(const QString &text)
{
    static const QStringList foreign{u"Ines Valtor"_s, u"Deniz Aksoylu"_s, u"Mira Solvang"_s, u"Tidewick"_s, u"tidewick"_s, u"Shop phone"_s, u"SMS 0142"_s, u"Orders"_s, u"TikTok"_s,
                                     u"mira.solv"_s, u"7bd2f0c4"_s, u"IV"_s, u"MS"_s, u"Antiphon"_s, u"English"_s, u"Deutsch"_s, u"https://"_s, u"message.list"_s,
                                     u"WhatsApp"_s, u"Instagram"_s, u"LINE"_s, u"Telegram"_s, u"Messenger"_s, u"Twilio"_s, u"instagram_business"_s, u"EAAG"_s, u"AC0123"_s, u"SK…"_s};
    return std::any_of(foreign.begin(), foreign.end(), [&text](const QString &word) { return text.contains(word); });
}

bool isRaw(const QString &text)
{
    static const QRegularExpression token(u"^[0-9a-f]{32}$"_s);           // made here, to be entered at a platform
    const bool hasLetter = !token.match(text).hasMatch() && std::any_of(text.begin(), text.end(), [](QChar c) { return c.isLetter(); });
    return hasLetter && !text.contains(kOpen) && !text.contains(kClose) && !isForeign(text);
}

QStringList textsOf(const QWidget *widget)
{
    QStringList texts{widget->toolTip(), widget->accessibleName(), widget->accessibleDescription()};
    if (const auto *label = qobject_cast<const QLabel *>(widget))
        texts.append(label->text());
    else if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
        texts.append(button->text());
    else if (const auto *field = qobject_cast<const QLineEdit *>(widget))
        texts.append(field->placeholderText());
    else if (const auto *editor = qobject_cast<const QPlainTextEdit *>(widget))
        texts.append(editor->placeholderText());
    else if (const auto *list = qobject_cast<const QListWidget *>(widget)) {
        for (int i = 0; i < list->count(); ++i)
            texts.append(list->item(i)->text());
    }
    const QVariant own = widget->property("text");
    if (own.isValid())
        texts.append(own.toString());
    texts.removeDuplicates();
    return texts;
}

QStringList rawTexts(const QWidget &window)
{
    QStringList raw;
    QList<QWidget *> widgets = window.findChildren<QWidget *>();
    for (const QWidget *widget : std::as_const(widgets)) {
        if (widget->objectName().startsWith("qt_"_L1) || qobject_cast<const QLineEdit *>(widget->parentWidget())
            || qobject_cast<const QTabBar *>(widget->parentWidget()))
            continue;                                        // inside Qt's own controls
        const QStringList texts = textsOf(widget);
        for (const QString &text : texts) {
            if (isRaw(text))
                raw.append(QString::fromLatin1(widget->metaObject()->className()) + u": "_s + text);
        }
    }
    return raw;
}

} // namespace

class PseudoLocaleTest : public QObject {
    Q_OBJECT
private slots:
    void init() { QCoreApplication::installTranslator(&m_brackets); }
    void cleanup() { QCoreApplication::removeTranslator(&m_brackets); }
    void findsARawText();
    void everyTextOfTheWindowIsTranslatable();
    void everyActionIsTranslatable();
    void everyMenuIsTranslatable();
    void theShortcutsAreTranslatable();

private:
    Brackets m_brackets;
};

void PseudoLocaleTest::findsARawText()
{
    QWidget window;
    auto *label = new QLabel(u"Never translated"_s, &window);
    QCOMPARE(rawTexts(window).size(), 1);
    label->setText(tr("Always translated"));
    QVERIFY(rawTexts(window).isEmpty());
}

void PseudoLocaleTest::everyTextOfTheWindowIsTranslatable()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    for (const Channel channel : {Channel::Tiktok, Channel::Whatsapp, Channel::Instagram, Channel::Messenger, Channel::Telegram, Channel::Line, Channel::Twilio}) {
        f.window->connectChannel(channel);
        QTest::qWait(0);
        const QStringList raw = rawTexts(*f.window);
        QVERIFY2(raw.isEmpty(), qPrintable(raw.join(u'\n')));
    }
}

void PseudoLocaleTest::everyActionIsTranslatable()
{
    WindowFixture f;
    QVERIFY(f.open());
    const QList<QAction *> actions = f.window->actions().all();
    for (const QAction *action : actions)
        QVERIFY2(!isRaw(action->text()), qPrintable(action->text()));
}

void PseudoLocaleTest::everyMenuIsTranslatable()
{
    WindowFixture f;
    f.desk.fill();
    QVERIFY(f.open());
    QVERIFY(f.show(1));
    ConversationMenus menus(f.window->models(), f.window.get());
    QMenu menu;
    menus.fill(menu, ConversationId(1));
    QList<QAction *> actions = menu.actions();
    for (int i = 0; i < actions.size(); ++i) {
        if (actions.at(i)->menu())
            actions.append(actions.at(i)->menu()->actions());
        const QString text = actions.at(i)->text();
        const bool isLabel = std::any_of(f.desk.labels.begin(), f.desk.labels.end(), [&text](const Label &label) { return label.title == text; });
        QVERIFY2(isLabel || !isRaw(text), qPrintable(text));
    }
    QVERIFY(actions.size() > 20);
}

void PseudoLocaleTest::theShortcutsAreTranslatable()
{
    WindowFixture f;
    QVERIFY(f.open());
    ShortcutsDialog dialog(f.window->actions(), f.theme);
    QStringList raw = rawTexts(dialog);
    // The names of keys come from the system.
    raw.removeIf([](const QString &line) {
        static const QRegularExpression keys(u"^QLabel: ((Ctrl|Alt|Shift|F\\d|Down|Up|Left|Return|End|[A-Z/,0-9])[+ ]*)+$"_s);
        return keys.match(line).hasMatch();
    });
    QVERIFY2(raw.isEmpty(), qPrintable(raw.join(u'\n')));
}

ANTIPHON_TEST(PseudoLocaleTest)

} // namespace antiphon::test

#include "tst_pseudolocale.moc"
