#pragma once

#include "core/domain/attachment.h"
#include "core/store/transaction.h"

/// Rows of `attachment`.
namespace antiphon::attachments {

struct AttachmentRow {
    Attachment attachment{};                 ///< without url
    MessageId messageId{};                   ///< null: an upload that is not sent yet, or a picture of a contact or inbox
    int position = 0;
    QByteArray blob{};                       ///< sha256; empty where there is no file (yet)
    QJsonObject remote{};                    ///< how the platform lets it be fetched
    AgentId agentId{};                       ///< who uploaded it
};

Result<AttachmentId> insert(WriteTransaction &tx, const AttachmentRow &row);
Result<std::optional<AttachmentRow>> find(ReadTransaction &tx, AttachmentId id);
Result<QList<AttachmentRow>> ofMessage(ReadTransaction &tx, MessageId message);

/// The message has none of its files any more; they go with the pruning of uploads.
Result<void> takeOff(WriteTransaction &tx, MessageId message);

/// The file is there. @param width nothing where the bytes don't say it: then what the platform told stays
Result<void> setReady(WriteTransaction &tx, AttachmentId id, const QByteArray &blob, const QString &mime, qint64 size, std::optional<int> width,
                      std::optional<int> height);
/// The file is there, but something is wrong with it; `error` is a word.
Result<void> setDoubtful(WriteTransaction &tx, AttachmentId id, const QString &error);
Result<void> setName(WriteTransaction &tx, AttachmentId id, const QString &name);
/// It could not be had; `error` is a word.
Result<void> setFailed(WriteTransaction &tx, AttachmentId id, const QString &error);
Result<void> setKind(WriteTransaction &tx, AttachmentId id, Attachment::Kind kind);
Result<void> setPending(WriteTransaction &tx, AttachmentId id);
Result<void> setTitle(WriteTransaction &tx, AttachmentId id, const QString &title);

/// Hangs an agent's uploads on a message, in this order. Conflict where one of them is not that agent's or is sent already.
Result<void> attach(WriteTransaction &tx, MessageId message, AgentId agent, const QList<AttachmentId> &ids);

} // namespace antiphon::attachments
