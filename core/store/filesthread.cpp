#include "core/store/filesthread.h"

namespace antiphon {

FilesThread::FilesThread(std::unique_ptr<BlobStore> blobs)
    : m_blobs(std::move(blobs))
    , m_mailbox(new Mailbox)
{
    m_thread.setObjectName(QStringLiteral("files"));
    m_mailbox->moveToThread(&m_thread);
    m_thread.start();
}

FilesThread::~FilesThread()
{
    m_mailbox->post([this] { m_thread.quit(); });   // behind what is queued
    m_thread.wait();
    delete m_mailbox;
}

void FilesThread::post(std::function<void(BlobStore &)> work)
{
    m_mailbox->post([this, work = std::move(work)] { work(*m_blobs); });
}

} // namespace antiphon
