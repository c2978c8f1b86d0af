#include "core/store/migrator.h"

#include "core/base/logging.h"
#include "core/store/connection.h"
#include "core/store/damage.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QStorageInfo>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kSpareSpace = 64 * 1024 * 1024;

Error storageError(const QString &sentence)
{
    return Error{Error::Kind::Storage, sentence};
}

} // namespace

Migrator::Migrator(Connection &connection, QString folder, QString path, const Clock &clock)
    : m_connection(connection)
    , m_folder(std::move(folder))
    , m_path(std::move(path))
    , m_clock(clock)
{
}

Result<QList<Migrator::Step>> Migrator::readSteps() const
{
    static const QRegularExpression pattern(u"^(\\d{4})_([a-z0-9_]+)\\.sql$"_s);
    QList<Step> steps;
    for (const QString &fileName : QDir(m_folder).entryList({u"*.sql"_s}, QDir::Files, QDir::Name)) {
        const auto match = pattern.match(fileName);
        QFile file(QDir(m_folder).filePath(fileName));
        if (!match.hasMatch() || !file.open(QIODevice::ReadOnly))
            return storageError(u"The migration %1 can't be read."_s.arg(fileName));
        Step step{.version = match.captured(1).toInt(), .name = match.captured(2), .sql = file.readAll()};
        step.checksum = QString::fromLatin1(QCryptographicHash::hash(step.sql, QCryptographicHash::Sha256).toHex());
        if (step.version != steps.size() + 1)
            return storageError(u"The migrations are not numbered without a hole: %1."_s.arg(fileName));
        steps.append(step);
    }
    if (steps.isEmpty())
        return storageError(u"There are no migrations in %1."_s.arg(m_folder));
    return steps;
}

/// The version of the database, after its history was compared with the files.
Result<int> Migrator::verifyHistory(const QList<Step> &steps)
{
    {
        Query q = m_connection.query(u"SELECT (SELECT count(*) FROM sqlite_schema WHERE name = 'schema_migration'),"
                                     " (SELECT count(*) FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\')"_s);
        if (!q.next())
            return q.error();
        if (q.integer(0) == 0)
            return q.integer(1) == 0 ? Result<int>(0) : storageError(u"The file %1 is a database of another program."_s.arg(m_path));
    }
    Query q = m_connection.query(u"SELECT version, name, checksum FROM schema_migration ORDER BY version"_s);
    int version = 0;
    while (q.next()) {
        ++version;
        const int found = int(q.integer(0));
        if (found > steps.size()) {
            return storageError(u"The workspace was last used by a newer version of Antiphon (its data has shape %1, this program knows %2). "
                                "Install the newer version again, or restore the copy that was made before."_s.arg(found).arg(steps.size()));
        }
        const Step &step = steps.at(version - 1);
        if (found != version || q.text(1) != step.name || q.text(2) != step.checksum) {
            return damage::sentence(m_path, u"by its history step %1 (%2) was another one when it was applied"_s.arg(version).arg(step.name));
        }
    }
    if (!q.ok())
        return q.error();
    return version;
}

Result<Migrator::Outcome> Migrator::migrate()
{
    const auto steps = readSteps();
    if (!steps)
        return steps.error();
    const auto version = verifyHistory(*steps);
    if (!version)
        return version.error();
    Outcome outcome{.from = *version, .to = int(steps->size())};
    if (outcome.from == outcome.to)
        return outcome;
    if (outcome.from > 0) {
        auto copy = copyAside(outcome.from);
        if (!copy)
            return copy.error();
        outcome.copy = *copy;
    }
    for (const Step &step : steps->sliced(outcome.from)) {
        if (auto applied = apply(step); !applied)
            return storageError(u"Step %1 (%2) failed: %3"_s.arg(step.version).arg(step.name, applied.error().detail));
    }
    qCInfo(lcStore) << "the database has shape" << outcome.to << "now, was" << outcome.from;
    return outcome;
}

Result<QString> Migrator::copyAside(int version)
{
    const QFileInfo file(m_path);
    const qint64 needed = file.size() + QFileInfo(m_path + u"-wal"_s).size() + kSpareSpace;
    const QStorageInfo storage(file.absolutePath());
    if (storage.isValid() && storage.bytesAvailable() < needed) {
        return storageError(u"There is not enough space for the copy that is made before the workspace is brought up to date: %1 MB are needed, %2 MB are free."_s
                                .arg(needed / 1'000'000).arg(storage.bytesAvailable() / 1'000'000));
    }
    const QString copy = u"%1.before-%2"_s.arg(m_path).arg(version + 1, 4, 10, '0'_L1);
    const QString unfinished = copy + u".part"_s;
    QFile::remove(unfinished);
    {
        Query q = m_connection.query(u"VACUUM INTO :file"_s);
        q.bind(":file"_L1, unfinished);
        if (auto made = q.exec(); !made)
            return storageError(u"The copy before the workspace is brought up to date can't be made: "_s + made.error().detail);
    }
    QFile::setPermissions(unfinished, QFile::ReadOwner | QFile::WriteOwner);
    QFile::remove(copy);
    if (!QFile::rename(unfinished, copy))
        return storageError(u"The copy %1 can't be put in its place."_s.arg(copy));
    const QStringList older = QDir(file.absolutePath()).entryList({file.fileName() + u".before-*"_s}, QDir::Files);
    for (const QString &name : older) {
        const QString path = file.absoluteDir().filePath(name);
        if (path != QFileInfo(copy).absoluteFilePath())
            QFile::remove(path);
    }
    return copy;
}

Result<void> Migrator::apply(const Step &step)
{
    // Tables are rebuilt by copying: the references are checked at the end of the step instead.
    if (auto off = m_connection.script("PRAGMA foreign_keys = OFF"); !off)
        return off;
    Result<void> done = runStep(step);
    if (!done)
        m_connection.rollBack();
    if (auto on = m_connection.script("PRAGMA foreign_keys = ON"); !on)
        return on;
    return done;
}

Result<void> Migrator::runStep(const Step &step)
{
    if (auto begun = m_connection.execute(u"BEGIN IMMEDIATE"_s); !begun)
        return begun;
    if (auto made = m_connection.script("CREATE TABLE IF NOT EXISTS schema_migration (version INTEGER PRIMARY KEY, name TEXT NOT NULL,"
                                        " checksum TEXT NOT NULL, applied_at INTEGER NOT NULL)"); !made)
        return made;
    if (auto ran = m_connection.script(step.sql); !ran)
        return ran;
    {
        Query q = m_connection.query(u"PRAGMA foreign_key_check"_s);
        if (q.next())
            return storageError(u"a reference in %1 leads nowhere"_s.arg(q.text(0)));
        if (!q.ok())
            return q.error();
    }
    {
        Query q = m_connection.query(u"INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (:version, :name, :checksum, :applied_at)"_s);
        q.bind(":version"_L1, step.version).bind(":name"_L1, step.name).bind(":checksum"_L1, step.checksum).bind(":applied_at"_L1, m_clock.now());
        if (auto inserted = q.exec(); !inserted)
            return inserted;
    }
    return m_connection.execute(u"COMMIT"_s);
}

} // namespace antiphon
