#pragma once

#include "core/desk/sessiontransport.h"

#include <QList>

#include <memory>

namespace antiphon::test {

/// A client's channel as a list. Whether the client reads is the test's choice.
class MemoryTransport final : public SessionTransport {
    Q_OBJECT
public:
    void send(const QByteArray &text) override
    {
        if (isClosed)
            return;
        sent->append(text);
    }
    qint64 bytesWaiting() const override { return waiting; }
    void raiseLimits() override { limitsRaised = true; }
    void close(int code, const QString &reason) override
    {
        if (std::exchange(isClosed, true))
            return;
        closeCode = code;
        closeReason = reason;
        emit closed();
    }

    const std::shared_ptr<QList<QByteArray>> sent = std::make_shared<QList<QByteArray>>();   ///< outlives the channel
    qint64 waiting = 0;
    bool limitsRaised = false;
    bool isClosed = false;
    int closeCode = 0;
    QString closeReason;
};

} // namespace antiphon::test
