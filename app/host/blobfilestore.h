#pragma once

#include "app/host/medialinks.h"
#include "core/base/mailbox.h"
#include "core/server/filestore.h"
#include "core/store/database.h"
#include "core/store/filesthread.h"

namespace antiphon {

/// The server's files on top of the blob store and the attachment rows: bytes on the files thread, rows by readers and Writer.
class BlobFileStore final : public FileStore {
public:
    BlobFileStore(Database &database, FilesThread &files, MediaLinks &links, Mailbox &mailbox)
        : m_database(database), m_files(files), m_links(links), m_mailbox(mailbox) {}

    void create(std::function<void(const Result<std::shared_ptr<FileSink>> &)> done) override;
    void addAttachment(const NewAttachment &attachment, std::function<void(const Result<QByteArray> &)> done) override;
    void openAttachment(AgentId agent, AttachmentId id, SourceDone done) override;
    void openMedia(const QByteArray &token, SourceDone done) override;

    bool isUploading() const { return m_uploads.use_count() > 1; }   ///< a file is coming in

private:
    Database &m_database;
    FilesThread &m_files;
    MediaLinks &m_links;
    Mailbox &m_mailbox;
    const std::shared_ptr<bool> m_uploads = std::make_shared<bool>();   ///< shared by every file that is coming in
};

} // namespace antiphon
