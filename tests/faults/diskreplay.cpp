#include "tests/faults/diskreplay.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <cstring>

namespace antiphon::test {
using namespace Qt::StringLiterals;

namespace {
constexpr qint64 kSector = 512;

QString parentOf(const QString &path)
{
    const qsizetype slash = path.lastIndexOf(u'/');
    return slash < 0 ? QString() : path.left(slash);
}
} // namespace

QString DiskReplay::load(const QString &tracePath)
{
    QFile file(tracePath);
    if (!file.open(QIODevice::ReadOnly))
        return file.errorString();
    const QByteArray all = file.readAll();
    qint64 at = 0;
    while (at + qint64(sizeof(TraceHead)) <= all.size()) {
        Record record;
        std::memcpy(&record.head, all.constData() + at, sizeof(TraceHead));
        at += sizeof(TraceHead);
        record.path = QString::fromUtf8(all.mid(at, record.head.pathLength));
        at += record.head.pathLength;
        record.data = all.mid(at, record.head.length);
        at += record.head.length;
        record.end = at;
        if (at > all.size())
            return u"the trace ends within a record"_s;
        m_records.append(record);
    }
    m_length = at;
    return {};
}

QList<qint64> DiskReplay::syncPoints() const
{
    QList<qint64> points;
    qint64 before = 0;
    for (const Record &record : m_records) {
        if (record.head.kind == TraceHead::Sync || record.head.kind == TraceHead::SyncFolder) {
            points.append(before);
            points.append(record.end);
        }
        before = record.end;
    }
    return points;
}

void DiskReplay::advanceTo(qint64 position, QRandomGenerator &random)
{
    while (m_next < m_records.size() && m_records.at(m_next).end <= position)
        apply(m_records.at(m_next++), random);
}

void DiskReplay::apply(const Record &record, QRandomGenerator &random)
{
    const TraceHead &head = record.head;
    switch (head.kind) {
    case TraceHead::Create:
    case TraceHead::Rename:
    case TraceHead::Unlink:
    case TraceHead::MakeFolder: {
        NameChange change{.kind = TraceHead::Kind(head.kind), .path = record.path, .to = QString::fromUtf8(record.data), .file = head.file};
        if (head.kind == TraceHead::Rename)
            change.file = m_current.value(record.path);
        apply(change, m_current, m_currentFolders);
        m_changes.append(change);
        return;
    }
    case TraceHead::Write: m_files[head.file].pending.append({.offset = head.offset, .data = record.data}); return;
    case TraceHead::Truncate: m_files[head.file].pending.append({.offset = head.offset, .isTruncation = true}); return;
    case TraceHead::Sync:
    case TraceHead::SyncFailed: {
        // Linux calls pages clean whose writing failed: what was lost once is never written again unless it changes.
        File &file = m_files[head.file];
        for (const Pending &pending : std::as_const(file.pending)) {
            if (head.kind == TraceHead::Sync)
                write(file.durable, pending);
            else
                writeSome(file.durable, pending, 0.5, random);
        }
        file.pending.clear();
        return;
    }
    case TraceHead::SyncFolder: syncFolder(record.path); return;
    }
}

void DiskReplay::syncFolder(const QString &folder)
{
    QList<NameChange> left;
    for (const NameChange &change : std::as_const(m_changes)) {
        if (parentOf(change.kind == TraceHead::Rename ? change.to : change.path) == folder)
            apply(change, m_names, m_folders);
        else
            left.append(change);
    }
    m_changes = left;
}

void DiskReplay::apply(const NameChange &change, QMap<QString, quint32> &names, QStringList &folders)
{
    if (change.kind == TraceHead::Create)
        names.insert(change.path, change.file);
    else if (change.kind == TraceHead::Unlink)
        names.remove(change.path);
    else if (change.kind == TraceHead::Rename) {
        names.remove(change.path);           // it may not have got there under its first name
        names.insert(change.to, change.file);
    } else if (change.kind == TraceHead::MakeFolder)
        folders.append(change.path);
}

void DiskReplay::write(QByteArray &content, const Pending &pending)
{
    if (pending.isTruncation) {
        const qsizetype had = content.size();
        content.resize(qsizetype(pending.offset));
        if (content.size() > had)
            std::memset(content.data() + had, 0, size_t(content.size() - had));
        return;
    }
    const qsizetype end = qsizetype(pending.offset) + pending.data.size();
    if (content.size() < end)
        write(content, {.offset = end, .isTruncation = true});
    std::memcpy(content.data() + pending.offset, pending.data.constData(), size_t(pending.data.size()));
}

void DiskReplay::writeSome(QByteArray &content, const Pending &pending, double survives, QRandomGenerator &random)
{
    if (pending.isTruncation) {
        if (random.generateDouble() < survives)
            write(content, pending);
        return;
    }
    for (qint64 at = pending.offset, end = pending.offset + pending.data.size(); at < end;) {
        const qint64 next = std::min(end, (at / kSector + 1) * kSector);
        if (random.generateDouble() < survives)
            write(content, {.offset = at, .data = pending.data.mid(at - pending.offset, next - at)});
        at = next;
    }
}

QString DiskReplay::cut(const QString &folder, double survives, QRandomGenerator &random) const
{
    QDir(folder).removeRecursively();
    QDir().mkpath(folder);
    QMap<QString, quint32> names = m_names;
    QStringList folders = m_folders;
    const qsizetype kept = random.bounded(m_changes.size() + 1);
    for (qsizetype i = 0; i < kept; ++i)
        apply(m_changes.at(i), names, folders);
    for (const QString &path : std::as_const(folders))
        QDir(folder).mkpath(path);
    for (auto it = names.cbegin(); it != names.cend(); ++it) {
        const File known = m_files.value(it.value());
        QByteArray content = known.durable;
        for (const Pending &pending : known.pending)
            writeSome(content, pending, survives, random);
        const QString path = folder + u'/' + it.key();
        QDir().mkpath(QFileInfo(path).path());
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            return path + u": "_s + file.errorString();
        file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    }
    return {};
}

} // namespace antiphon::test
