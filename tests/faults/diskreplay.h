#pragma once

#include "tests/faults/faultcontrol.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QMap>
#include <QRandomGenerator>
#include <QString>

namespace antiphon::test {

/// What a disk holds when the power fails while a recorded server runs. What was synced is there; of what wasn't, each sector of 512 bytes may be there or not,
/// in any order. Names (made, renamed, removed) are there up to some point unless their folder was synced.
class DiskReplay {
public:
    /// An empty string, or why the trace can't be read. It begins with an empty folder.
    QString load(const QString &tracePath);

    qint64 length() const { return m_length; }
    /// Ends of records around which it is worth cutting: before and behind each sync.
    QList<qint64> syncPoints() const;

    /// Plays on to the last record that ends at or before `position`; never backwards.
    void advanceTo(qint64 position, QRandomGenerator &random);
    /// Makes `folder` what is found after the power came back. @param survives of the sectors not synced, 0 … 1
    QString cut(const QString &folder, double survives, QRandomGenerator &random) const;

private:
    struct Record {
        TraceHead head{};
        QString path{};
        QByteArray data{};
        qint64 end = 0;
    };
    struct Pending {
        qint64 offset = 0;
        QByteArray data{};
        bool isTruncation = false;
    };
    struct File {
        QByteArray durable{};
        QList<Pending> pending{};
    };
    struct NameChange {
        TraceHead::Kind kind{};
        QString path{};
        QString to{};
        quint32 file = 0;
    };

    void apply(const Record &record, QRandomGenerator &random);
    void syncFolder(const QString &folder);
    static void apply(const NameChange &change, QMap<QString, quint32> &names, QStringList &folders);
    static void write(QByteArray &content, const Pending &pending);
    static void writeSome(QByteArray &content, const Pending &pending, double survives, QRandomGenerator &random);

    QList<Record> m_records;
    qsizetype m_next = 0;
    qint64 m_length = 0;
    QHash<quint32, File> m_files;
    QMap<QString, quint32> m_current;        ///< names as the server sees them
    QStringList m_currentFolders;
    QMap<QString, quint32> m_names;          ///< as they are on the disk
    QStringList m_folders;
    QList<NameChange> m_changes;             ///< not on the disk yet
};

} // namespace antiphon::test
