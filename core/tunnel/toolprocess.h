#pragma once

#include "core/tunnel/tooloutput.h"
#include "core/tunnel/tunnelprovider.h"

#include <QObject>
#include <QProcess>
#include <QTimer>

namespace antiphon {

/// A tunnel's tool as our child, and what it starts in its turn: on Unix it leads a session of its own, and its whole process group is ended with it, also where
/// the tool itself has ended before. The tool ends with us, also where we are killed (Linux: the kernel sees to it). Two things are out of reach: what makes
/// a session or group of its own, and, where we are killed, what the tool started.
class ToolProcess final : public QObject {
    Q_OBJECT
public:
    explicit ToolProcess(QObject *parent = nullptr);
    ~ToolProcess() override;                       ///< kills what still runs, and waits for that

    /// @param program with its path
    void start(const QString &program, const ToolCommand &command);
    /// How long it and what it started may take to end when they are asked to.
    void setPatience(std::chrono::milliseconds patience) { m_patience.setInterval(patience); }
    /// Asks it to end, and kills it where it doesn't within the patience. Ends with ended().
    void stop();

    /// It, or what it left behind; ended() is still to come.
    bool isRunning() const { return m_process.state() != QProcess::NotRunning || m_look.isActive(); }
    qint64 pid() const { return m_process.processId(); }

signals:
    void printed(const QString &line);
    void ended(const QString &how);                ///< English: "it ended with code 1"; also where it could not be started

private:
    void takeEnd(const QString &how);
    void endRest();
    void kill();
    bool signalGroup(int number) const;            ///< false: there is nobody in it

    QProcess m_process;
    ToolOutput m_output;
    QTimer m_patience;                             ///< until it is killed
    QTimer m_look;                                 ///< whether somebody is left in the group
    qint64 m_group = 0;                            ///< the process group; its id is the tool's
    QString m_how;                                 ///< it ended, while others of its group are left
    bool m_isStopping = false;
};

} // namespace antiphon
