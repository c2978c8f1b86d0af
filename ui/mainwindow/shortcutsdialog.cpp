#include "ui/mainwindow/shortcutsdialog.h"

#include "ui/mainwindow/actions.h"
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QDialogButtonBox>
#include <QGridLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

QLabel *plain(const QString &text, const QFont &font)
{
    auto *label = new QLabel(text);
    label->setTextFormat(Qt::PlainText);
    label->setFont(font);
    return label;
}

} // namespace

ShortcutsDialog::ShortcutsDialog(const Actions &actions, const Theme &theme, QWidget *parent)
    : QDialog(parent)
{
    setWindowTitle(tr("Keyboard shortcuts"));
    auto *page = new QWidget;
    auto *grid = new QGridLayout(page);
    grid->setHorizontalSpacing(theme.px(32));
    grid->setVerticalSpacing(theme.px(6));
    grid->setColumnStretch(0, 1);
    int row = 0;
    const auto add = [&](const QString &what, const QString &keys) {
        grid->addWidget(plain(what, theme.font(TypeRole::Body)), row, 0);
        grid->addWidget(plain(keys, theme.font(TypeRole::Body)), row++, 1);
    };
    for (const auto group : {Actions::Group::Conversation, Actions::Group::Message, Actions::Group::Go, Actions::Group::Program}) {
        grid->addWidget(plain(Actions::groupTitle(group), theme.font(TypeRole::Body, true)), row, 0, 1, 2);
        grid->setRowMinimumHeight(row++, theme.px(30));
        const QList<QAction *> own = actions.of(group);
        for (const QAction *action : own)
            add(action->text(), QKeySequence::listToString(action->shortcuts(), QKeySequence::NativeText).replace(u"; "_s, u"   "_s));
    }
    grid->addWidget(plain(tr("Composer"), theme.font(TypeRole::Body, true)), row, 0, 1, 2);
    grid->setRowMinimumHeight(row++, theme.px(30));
    add(tr("Send"), QKeySequence(Qt::Key_Return).toString(QKeySequence::NativeText));
    add(tr("New line"), QKeySequence(Qt::SHIFT | Qt::Key_Return).toString(QKeySequence::NativeText));
    grid->setRowStretch(row, 1);

    auto *scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    scroll->setWidget(page);
    auto *buttons = new QDialogButtonBox(this);
    buttons->addButton(tr("Close"), QDialogButtonBox::RejectRole)->setDefault(true);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *column = new QVBoxLayout(this);
    column->addWidget(scroll, 1);
    column->addWidget(buttons);
    resize(theme.px(520), theme.px(620));
}

} // namespace antiphon
