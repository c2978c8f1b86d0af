#pragma once

#include "core/domain/attachment.h"
#include "core/store/transaction.h"

namespace antiphon {

/// Files that agents uploaded, until a message takes them; and what a download needs to know.
class UploadRepository {
public:
    struct Upload {
        AgentId agent{};
        QString name{};
        QString mime{};            ///< by its bytes where they tell, else as it was sent
        Attachment::Kind kind = Attachment::Kind::File;
        qint64 size = 0;
        std::optional<int> width{};
        std::optional<int> height{};
        std::optional<int> durationMs{};
        bool isVoice = false;      ///< of sound: recorded to be sent as a voice note
        QByteArray sha256{};       ///< of the stored blob
    };

    struct Download {
        QByteArray sha256{};
        QString name{};
        QString mime{};
        qint64 size = 0;
    };

    explicit UploadRepository(ReadTransaction &tx) : m_tx(tx) {}

    Result<Attachment> byId(AttachmentId id);                ///< NotFound
    Result<Download> download(AttachmentId id);              ///< NotFound, also while its file isn't there

    static Result<AttachmentId> create(WriteTransaction &tx, const Upload &upload);

    /// Takes away uploads made before `before` that no message took.
    /// @return the blobs that nothing refers to any more, for the BlobStore; at most `limit` rows a call
    static Result<QList<QByteArray>> collectGarbage(WriteTransaction &tx, Timestamp before, int limit);

private:
    ReadTransaction &m_tx;
};

} // namespace antiphon
