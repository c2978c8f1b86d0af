#pragma once

#include "core/base/clock.h"
#include "core/base/result.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace antiphon {

class Connection;

/// Brings a database to the shape of the numbered files NNNN_name.sql, each in one transaction together with its row of `schema_migration`.
/// The only way to a fresh database too.
class Migrator {
public:
    /// @param folder of the files, e.g. ":/sql/sqlite"
    /// @param path of the database, beside which a copy is kept before an existing one is changed: "<path>.before-NNNN"
    Migrator(Connection &connection, QString folder, QString path, const Clock &clock);

    struct Outcome {
        int from = 0;            ///< version found; 0 was empty
        int to = 0;
        QString copy{};          ///< path of the copy, where one was made
    };

    /// Storage with a sentence for people where the history was altered, is newer than the files, or the copy can't be made.
    Result<Outcome> migrate();

private:
    struct Step {
        int version = 0;
        QString name{};
        QByteArray sql{};
        QString checksum{};      ///< sha256, hex
    };

    Result<QList<Step>> readSteps() const;
    Result<int> verifyHistory(const QList<Step> &steps);
    Result<QString> copyAside(int version);
    Result<void> apply(const Step &step);
    Result<void> runStep(const Step &step);

    Connection &m_connection;
    const QString m_folder;
    const QString m_path;
    const Clock &m_clock;
};

} // namespace antiphon
