#pragma once

#include "core/channels/outbound.h"
#include "core/domain/messagechoice.h"
#include "core/store/transaction.h"

/// What a message is beside words and files: an approved template, a choice.
namespace antiphon::desk {

struct TemplateWish {
    QString name{};
    QString language{};
    QJsonObject values{};
};

/// `template: {name, language, values}` of messages.send. Invalid with `field`.
Result<std::optional<TemplateWish>> templateWishOf(const QJsonObject &params);
/// `choice: {button, items: [{id, title, description}]}`; an item without an id gets its number. Invalid with `field`.
Result<std::optional<MessageChoice>> choiceWishOf(const QJsonObject &params);

/// What is kept with the message, for sending and sending again: {id, name, language, values, buttons, components}. Invalid with `field` where the account
/// has no such template, it isn't approved, its values don't fill it, or its header's file is missing.
Result<QJsonObject> templateToSend(ReadTransaction &tx, InboxId inbox, const TemplateWish &wish, const QList<OutboundAttachment> &files);

} // namespace antiphon::desk
