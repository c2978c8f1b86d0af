#pragma once

#include "core/base/clock.h"

#include <QList>
#include <QObject>
#include <QUrl>

#include <chrono>

class QNetworkAccessManager;

namespace antiphon::demo {

/// How one webhook is delivered.
struct WebhookOptions {
    enum class Signature { Right, WrongKey, ChangedBody, ChangedTime, Missing };     ///< Meta's carries no time: ChangedTime is Right there

    Signature signature = Signature::Right;
    int copies = 1;                             ///< deliveries of the same bytes, all at once
    std::chrono::seconds timeShift{0};          ///< added to `t` before signing: stale or from the future
    bool repeats = true;                        ///< repeated while it is not answered 200
    QUrl callback{};                            ///< instead of the registered address
};

/// Signs webhooks as TikTok or Meta does and posts them; repeats what was not answered 200 with growing pauses for 72 hours.
/// The first pause is 10 s and each is twice the one before, at most an hour: the platform documents the growth and the 72 hours,
/// not the figures. Lives in the thread that made it.
class WebhookSender : public QObject {
    Q_OBJECT
public:
    struct Delivery {
        qint64 id = 0;
        QByteArray body{};
        QUrl callback{};            ///< empty where none was registered: nothing was posted
        QList<int> statuses{};      ///< of every attempt that ended; 0 for no answer
        bool settled = false;       ///< answered 200, or given up
    };

    enum class Scheme { TikTok, Meta };

    WebhookSender(const Clock &clock, QByteArray appSecret, QObject *parent = nullptr, Scheme scheme = Scheme::TikTok);

    void setCallback(const QUrl &callback) { m_callback = callback; }
    QUrl callback() const { return m_callback; }
    void setPauseScale(double scale) { m_pauseScale = scale; }                      ///< 1 in real life; 0.001 in tests
    void setAnswerTimeout(Milliseconds timeout) { m_answerTimeout = timeout; }
    void setSignsRepeatsAnew(bool anew) { m_signsRepeatsAnew = anew; }              ///< undocumented; anew is the default

    /// Posts `body`. @return the id of the delivery (of the first copy; the others follow by one).
    qint64 send(const QByteArray &body, const WebhookOptions &options = {});

    const QList<Delivery> &deliveries() const { return m_deliveries; }
    int pending() const;                        ///< deliveries not settled

    /// `t=<seconds>,s=<hex>` as TikTok signs: HMAC-SHA256 of "<t>.<body>", lower case.
    static QByteArray signature(const QByteArray &appSecret, qint64 seconds, const QByteArray &body);
    /// `sha256=<hex>` as Meta signs: HMAC-SHA256 of the body, lower case.
    static QByteArray metaSignature(const QByteArray &appSecret, const QByteArray &body);

signals:
    void answered(qint64 delivery, int attempt, int status);    ///< attempts count from 1; status 0 is no answer
    void settled(qint64 delivery, int status);                  ///< the last status; 200 means taken

private:
    void attempt(qint64 id, const WebhookOptions &options, const QByteArray &header);
    void finish(qint64 id, int status, const WebhookOptions &options, const QByteArray &header);
    QByteArray headerFor(const QByteArray &body, const WebhookOptions &options) const;
    Delivery &delivery(qint64 id) { return m_deliveries[id - 1]; }

    const Clock &m_clock;
    QByteArray m_appSecret;
    Scheme m_scheme;
    QUrl m_callback{};
    QNetworkAccessManager *m_network = nullptr;
    QList<Delivery> m_deliveries{};
    double m_pauseScale = 1.0;
    Milliseconds m_answerTimeout{10'000};
    bool m_signsRepeatsAnew = true;
};

} // namespace antiphon::demo
