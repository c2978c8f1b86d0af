#include "ui/conversationview/conversationview.h"

#include "ui/conversationview/messagedetails.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
}

void ConversationView::confirmSendAgain(const Message &message)
{
    auto *box = new QMessageBox(QMessageBox::Question, tr("Send again?"),
                                tr("It may have been sent. If it was, the customer receives it twice.\nCheck the phone first."),
                                QMessageBox::Cancel, this);
    box->setTextFormat(Qt::PlainText);
    box->setAttribute(Qt::WA_DeleteOnClose);
    const QPushButton *again = box->addButton(tr("Send again"), QMessageBox::AcceptRole);
    box->setDefaultButton(QMessageBox::Cancel);
    connect(box, &QMessageBox::buttonClicked, this, [this, again, message](const QAbstractButton *clicked) {
        if (static_cast<const QObject *>(clicked) == static_cast<const QObject *>(again))
            emit retryRequested(message, true);
    });
    box->open();
}

void ConversationView::showDetails(const Message &message)
{
    auto *dialog = new MessageDetails(message, m_traits.channel, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

/// What can be answered with one sign; a second one takes the place of the first.
void ConversationView::addReactions(QMenu *menu, const Message &message)
{
    const std::pair<QString, QString> offered[]{{u"\u2764\ufe0f"_s, tr("Heart")},      {u"\U0001F44D"_s, tr("Thumbs up")}, {u"\U0001F602"_s, tr("Laughing")},
                                                {u"\U0001F62E"_s, tr("Astonished")}, {u"\U0001F622"_s, tr("Sad")},       {u"\U0001F64F"_s, tr("Thanks")}};
    auto *signs = menu->addMenu(tr("React"));
    for (const auto &[emoji, name] : offered) {
        signs->addAction(emoji + u"  "_s + name, this, [this, message, sign = emoji] { emit reactionRequested(message, sign); });
    }
    if (hasOwnReaction(message))
        signs->addAction(tr("Take the reaction back"), this, [this, message] { emit reactionRequested(message, {}); });
}

void ConversationView::openMenu(int row, const QPoint &globalAt)
{
    const Message message = m_model.row(row).message;
    const RowActions actions = rowActions(message);
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (const QString selected = selectedText(); !selected.isEmpty())
        menu->addAction(tr("Copy selection"), this, [selected] { QGuiApplication::clipboard()->setText(selected); });
    if (actions.copy)
        menu->addAction(tr("Copy message"), this, [message] { QGuiApplication::clipboard()->setText(message.content); });
    for (const TextBlock &block : geometry(row)->texts) {
        for (const RichText::Span &link : block.links.mid(0, 3)) {
            const QString url = link.url;
            menu->addAction(tr("Copy link to %1").arg(plainLine(linkHost(url).isEmpty() ? url : linkHost(url), 60).replace(u'&', "&&"_L1)), this,
                            [url] { QGuiApplication::clipboard()->setText(url); });
        }
    }
    if (actions.react && m_traits.canReact)
        addReactions(menu, message);
    if (actions.reply && m_traits.canQuote)
        menu->addAction(tr("Reply to this message"), this, [this, message] { emit replyRequested(message); });
    if (actions.remove)
        menu->addAction(tr("Delete …"), this, [this, message] { emit deleteRequested(message); });
    if (actions.details)
        menu->addAction(tr("Details"), this, [this, message] { showDetails(message); });
    if (menu->isEmpty())
        delete menu;
    else
        menu->popup(globalAt);
}

} // namespace antiphon
