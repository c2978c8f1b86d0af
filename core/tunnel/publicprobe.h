#pragma once

#include "core/base/clock.h"
#include "core/base/random.h"
#include "core/net/httpclient.h"

#include <QObject>

namespace antiphon {

/// Proves that an address leads to this server: asks for `<address>/healthz?probe=<nonce>` and watches for the nonce at the intake
/// port. That an answer came says little (a landing page answers too); that the nonce arrived says all.
class PublicProbe final : public QObject {
    Q_OBJECT
public:
    enum class Outcome { Arrived, NoAnswer, Elsewhere };
    using Done = std::function<void(Outcome)>;

    PublicProbe(HttpClient &http, RandomSource &random, QObject *parent = nullptr);

    /// One at a time: an earlier one is forgotten, and its `done` not called.
    void send(const QUrl &address, Milliseconds timeout, Done done);
    void cancel() { m_nonce.clear(); }
    void note(const QString &nonce);               ///< it arrived at the intake port
    bool isUnderWay() const { return !m_nonce.isEmpty(); }

private:
    HttpClient &m_http;
    RandomSource &m_random;
    QString m_nonce;                               ///< empty: none is under way
    bool m_hasArrived = false;
};

} // namespace antiphon
