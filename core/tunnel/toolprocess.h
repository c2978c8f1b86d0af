#pragma once

#include "core/tunnel/outputlines.h"
#include "core/tunnel/tunnelprovider.h"

#include <QObject>
#include <QProcess>
#include <QTimer>

namespace antiphon {

/// A tunnel's tool as our child. It ends with us, also where we are killed (Linux: the kernel sees to it), and is ended by its id only.
class ToolProcess final : public QObject {
    Q_OBJECT
public:
    explicit ToolProcess(QObject *parent = nullptr);
    ~ToolProcess() override;                       ///< kills what still runs, and waits for that

    /// @param program with its path
    void start(const QString &program, const ToolCommand &command);
    /// Asks it to end, and kills it where it doesn't within `patience`. Ends with ended().
    void stop(std::chrono::milliseconds patience);

    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    qint64 pid() const { return m_process.processId(); }

signals:
    void printed(const QString &line);
    void ended(const QString &how);                ///< English: "it ended with code 1"; also where it could not be started

private:
    void readOutput();

    QProcess m_process;
    OutputLines m_lines;
    QTimer m_patience;
    bool m_isStopping = false;
};

} // namespace antiphon
