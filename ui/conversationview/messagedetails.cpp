#include "ui/conversationview/messagedetails.h"

#include "ui/models/errortext.h"
#include "ui/models/messagetext.h"
#include "ui/models/relativetime.h"
#include "ui/models/richtext.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QCoreApplication>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QJsonDocument>
#include <QPlainTextEdit>
#include <QPushButton>

namespace antiphon {

using namespace Qt::StringLiterals;

QString messageDetailsText(const Message &message, Channel channel)
{
    QStringList lines;
    if (message.status == MessageStatus::Failed)
        lines << failureDetails(message, channel) << QString();
    lines << MessageDetails::tr("Channel: %1").arg(channelTitle(channel));
    if (!message.sender.name.isEmpty())
        lines << MessageDetails::tr("From: %1").arg(plainLine(message.sender.name, 200));
    lines << MessageDetails::tr("Written: %1").arg(fullTime(message.createdAt));
    if (toUnixMs(message.receivedAt) != 0)
        lines << MessageDetails::tr("Received: %1").arg(fullTime(message.receivedAt));
    if (message.editedAt)
        lines << MessageDetails::tr("Edited: %1").arg(fullTime(*message.editedAt));
    if (message.status)
        lines << MessageDetails::tr("Status: %1").arg(messageStatusName(*message.status));
    if (isNativeEcho(message))
        lines << MessageDetails::tr("Written in the %1 app").arg(channelTitle(channel));
    if (message.caughtUp)
        lines << MessageDetails::tr("Fetched after this machine was away");
    if (message.late)
        lines << MessageDetails::tr("Arrived after younger messages");
    if (message.arrivedTwice)
        lines << MessageDetails::tr("Sent again after its answer was lost; both arrived");
    if (message.isForwarded)
        lines << MessageDetails::tr("Forwarded");
    if (const QString cameBy = message.referral.value("url"_L1).toString(); !cameBy.isEmpty())
        lines << MessageDetails::tr("Came by: %1").arg(plainLine(cameBy, 400));
    if (!message.templateSent.isEmpty()) {
        lines << MessageDetails::tr("Template: %1 (%2)").arg(plainLine(message.templateSent.value("name"_L1).toString(), 512),
                                                             plainLine(message.templateSent.value("language"_L1).toString(), 40));
    }
    if (!message.rawType.isEmpty())
        lines << MessageDetails::tr("Type: %1").arg(plainLine(message.rawType, 200));
    if (!message.sourceId.isEmpty() && message.status != MessageStatus::Failed)
        lines << MessageDetails::tr("Id at the platform: %1").arg(plainLine(message.sourceId, 400));
    if (!message.id.isNull())
        lines << MessageDetails::tr("Id: %1").arg(message.id.toString());
    if (!message.detail.isEmpty()) {
        const QString words = QString::fromUtf8(QJsonDocument(message.detail).toJson(QJsonDocument::Indented)).left(4000);
        lines << QString() << MessageDetails::tr("In the words of the platform: %1").arg(u'\n' + drawable(words.trimmed()));
    }
    return lines.join(u'\n');
}

MessageDetails::MessageDetails(const Message &message, Channel channel, QWidget *parent) : QDialog(parent)
{
    setWindowTitle(tr("Message details"));
    auto *column = new QVBoxLayout(this);
    auto *text = new QPlainTextEdit(messageDetailsText(message, channel), this);
    text->setReadOnly(true);
    text->setTabChangesFocus(true);
    text->setAccessibleName(windowTitle());
    text->setMinimumSize(440, 240);
    column->addWidget(text);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *copy = buttons->addButton(tr("Copy"), QDialogButtonBox::ActionRole);
    connect(copy, &QPushButton::clicked, this, [text] { QGuiApplication::clipboard()->setText(text->toPlainText()); });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
}

} // namespace antiphon
