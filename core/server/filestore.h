#pragma once

#include "core/base/id.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QString>

#include <functional>
#include <memory>

namespace antiphon {

/// What FileStreams asks of whoever keeps files. Nothing here blocks: the work is done by a thread of its own, and every `done` is called once,
/// later, in the net thread.

struct StoredFile {
    QByteArray sha256{};   ///< lower-case hex; also the file's name in the store
    qint64 size = 0;
};

/// A file being written. Destroyed without finish(): nothing stays of it.
class FileSink {
public:
    virtual ~FileSink() = default;
    /// Pieces are written in the order of the calls; several may be on their way.
    virtual void append(const QByteArray &piece, std::function<void(const Result<void> &)> done) = 0;
    /// Makes it durable. Called after every append is done.
    virtual void finish(std::function<void(const Result<StoredFile> &)> done) = 0;
};

/// A file that can be read; immutable.
class FileSource {
public:
    virtual ~FileSource() = default;
    virtual qint64 size() const = 0;
    virtual QByteArray sha256() const = 0;     ///< lower-case hex
    virtual QByteArray mimeType() const = 0;   ///< as its sender named it: not to be believed
    virtual QString fileName() const = 0;      ///< likewise; may be empty
    /// Exactly `length` bytes, or an error.
    virtual void read(qint64 offset, qint64 length, std::function<void(const Result<QByteArray> &)> done) = 0;
};

/// An upload that has come in whole.
struct NewAttachment {
    AgentId agent{};
    QString fileName{};
    QByteArray mimeType{};     ///< as its sender named it
    bool isVoice = false;      ///< `voice=1`: a recording that is to be sent as a voice note
    StoredFile file{};
};

class FileStore {
public:
    using SourceDone = std::function<void(const Result<std::shared_ptr<FileSource>> &)>;

    virtual ~FileStore() = default;
    virtual void create(std::function<void(const Result<std::shared_ptr<FileSink>> &)> done) = 0;
    /// Records the upload. @return the attachment object as JSON.
    virtual void addAttachment(const NewAttachment &attachment, std::function<void(const Result<QByteArray> &)> done) = 0;
    /// NotFound where the agent may not see it, too.
    virtual void openAttachment(AgentId agent, AttachmentId id, SourceDone done) = 0;
    /// By the random token of a /media address; NotFound where it is unknown or expired.
    virtual void openMedia(const QByteArray &token, SourceDone done) = 0;
};

} // namespace antiphon
