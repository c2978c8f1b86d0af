#include "core/desk/uploadgarbage.h"

#include "core/base/logging.h"
#include "core/store/uploadrepository.h"

#include <QPointer>

namespace antiphon {

UploadGarbage::UploadGarbage(Database &database, FilesThread &files, const Clock &clock, std::function<bool()> isUploading, Mailbox &mailbox, QObject *parent)
    : QObject(parent)
    , m_database(database)
    , m_files(files)
    , m_clock(clock)
    , m_isUploading(std::move(isUploading))
    , m_mailbox(mailbox)
{
    connect(&m_hourly, &QTimer::timeout, this, &UploadGarbage::collect);
    m_hourly.start(std::chrono::hours(1));
}

void UploadGarbage::collect()
{
    if (m_isUploading && m_isUploading())
        return;
    m_database.writer().write<QList<QByteArray>>(
        Writer::Priority::Background, "collect uploads",
        [before = m_clock.now() - kKept](WriteTransaction &tx) { return UploadRepository::collectGarbage(tx, before, kSlice); }, m_mailbox,
        [self = QPointer(this)](const Result<QList<QByteArray>> &orphans) {
            if (!self)
                return;
            if (!orphans) {
                qCWarning(lcDesk).noquote() << "collect uploads:" << describe(orphans.error());
                return;
            }
            for (const QByteArray &sha256 : *orphans) {
                self->m_files.post([sha256](BlobStore &blobs) {
                    if (const auto removed = blobs.remove(sha256); !removed && removed.error().kind != Error::Kind::NotFound)
                        qCWarning(lcDesk).noquote() << "remove a blob:" << describe(removed.error());
                });
            }
            emit self->collected(int(orphans->size()));
            if (orphans->size() == kSlice)
                self->collect();
        });
}

} // namespace antiphon
