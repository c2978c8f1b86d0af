#pragma once

#include "core/tunnel/outputlines.h"

#include <QObject>
#include <QSocketNotifier>
#include <QTimer>

#include <memory>

namespace antiphon {

/// What a tool prints, line by line and at a bounded rate. Where pipes can be left full (not on Windows) it is a pipe of our own: QProcess takes
/// in whatever comes, so that a tool that prints without end would cost a whole core. What is beyond the rate stays in the pipe and the tool waits.
class ToolOutput final : public QObject {
    Q_OBJECT
public:
    explicit ToolOutput(QObject *parent = nullptr);
    ~ToolOutput() override;

    /// Makes the pipe. False where none can be had; then `take` is the way.
    bool open();
    /// What becomes the tool's standard output and error; -1: there is none.
    int toolEnd() const { return m_toolEnd; }
    void closeToolEnd();                           ///< once the tool has its own copy

    void take(const QByteArray &piece);            ///< what came another way
    void finish();                                 ///< the last words; nothing comes after them

signals:
    void printed(const QString &line);

private:
    int emitLines(const QStringList &lines);
    void read();
    void closeOurEnd();

    OutputLines m_lines;
    std::unique_ptr<QSocketNotifier> m_notifier;
    QTimer m_pause;
    int m_toolEnd = -1;
    int m_ourEnd = -1;
};

} // namespace antiphon
