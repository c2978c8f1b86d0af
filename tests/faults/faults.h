#pragma once

#include "tests/faults/faultcontrol.h"
#include "tests/flows/tiktokworld.h"
#include "tests/flows/webhookclient.h"

#include <QFile>
#include <QHash>
#include <QSet>
#include <QTemporaryDir>

namespace antiphon::test {

/// How often a fault is tried: `few` in the normal run, `all` where ANTIPHON_FAULTS_FULL is set (the targets faults-…-full do), or as often as
/// ANTIPHON_FAULTS_TIMES says.
int times(int few, int all);

/// The test's side of the layer that stands between a server and the files of its folder.
class FaultLayer {
public:
    FaultLayer();
    ~FaultLayer();

    /// Puts the layer into the next start of a server on `folder`. @param trace where to record, empty: nowhere
    void install(QProcessEnvironment &environment, const QString &folder, const QString &trace = {}) const;
    void reset();                                     ///< everything passes again
    FaultControl *operator->() { return m_control; }

private:
    QTemporaryDir m_folder;
    QFile m_file;
    FaultControl *m_control = nullptr;
};

/// A connected account behind a server with a fault layer.
struct FaultWorld {
    FaultLayer layer{};
    TiktokWorld world{};

    QString start(const QString &trace = {});
    ServerProcess &server() { return world.server(); }
};

/// What a folder holds, read by a connection of the test's own while no server runs on it, or beside one.
struct Stored {
    QString error{};                                  ///< why it could not be read
    QString integrity{};                              ///< "ok", or what SQLite found
    QSet<QString> delivered{};                        ///< customers' messages that arrived, applied or still raw
    QHash<QString, int> messages{};                   ///< rows of each
    bool lacks(const QStringList &ids, QString *first = nullptr) const;
    int doubled() const;
};
Stored stored(const QString &folder);

/// The figure that `share` of the values don't exceed.
double percentile(QList<double> values, double share);

} // namespace antiphon::test
