#pragma once

#include "core/store/database.h"
#include "core/store/filesthread.h"

#include <QTimer>

namespace antiphon {

/// Takes away uploads that no message took within a day, with their bytes. Net thread.
class UploadGarbage : public QObject {
    Q_OBJECT
public:
    static constexpr std::chrono::hours kKept{24};

    /// @param isUploading whether a file is coming in: then bytes are left for the next time, since the same ones may be among them
    UploadGarbage(Database &database, FilesThread &files, const Clock &clock, std::function<bool()> isUploading, Mailbox &mailbox, QObject *parent = nullptr);

    void collect();      ///< now; by itself once an hour

signals:
    void collected(int blobs);

private:
    static constexpr int kSlice = 200;

    Database &m_database;
    FilesThread &m_files;
    const Clock &m_clock;
    std::function<bool()> m_isUploading;
    Mailbox &m_mailbox;
    QTimer m_hourly;
};

} // namespace antiphon
