#pragma once

#include "core/domain/channel.h"
#include "core/domain/message.h"

#include <QDialog>

namespace antiphon {

/// Everything known of one message, to be read and copied: times, state, ids, and a failure's full reason. Plain text only.
class MessageDetails : public QDialog {
    Q_OBJECT
public:
    MessageDetails(const Message &message, Channel channel, QWidget *parent = nullptr);
};

/// The dialog's text.
QString messageDetailsText(const Message &message, Channel channel);

} // namespace antiphon
