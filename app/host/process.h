#pragma once

#include <QObject>

#include <memory>

namespace antiphon::process {

/// No core dumps of this process, and no reading of its memory by others of the same user: secrets live in it in the clear.
void keepMemoryPrivate();

/// Turns SIGTERM and SIGINT into a signal in the main thread. One per process, made after the application object.
class StopSignal : public QObject {
    Q_OBJECT
public:
    explicit StopSignal(QObject *parent = nullptr);
    ~StopSignal() override;

signals:
    void stopRequested();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace antiphon::process
