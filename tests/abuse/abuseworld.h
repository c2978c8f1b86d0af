#pragma once

#include "tests/bench/webhookload.h"
#include "tests/flows/tiktokworld.h"

#include <QStringList>

#include <vector>

namespace antiphon::test {

/// How much of a fault: `few` in the normal run, `all` where ANTIPHON_ABUSE_FULL is set (the target abuse-full does).
int figure(int few, int all);

/// A connected server under abuse, and TikTok's side with every knob: bodies, signatures, order, how many at once.
class AbuseWorld : public TiktokWorld {
public:
    using TiktokWorld::TiktokWorld;

    /// The server with `accounts` of the options connected, all of them.
    QString startWithAccounts();

    /// `content` within TikTok's envelope, compact.
    static QByteArray envelope(const QString &event, const QString &account, const QJsonObject &content);
    /// A customer's text as `content`.
    static QJsonObject textContent(const QString &account, const QString &thread, const QString &messageId, qint64 atMs,
                                   const QString &text);
    static QByteArray signatureOf(const QByteArray &body, qint64 secondsAgo = 0);

    /// A whole request, signed as of `secondsAgo`.
    QByteArray request(const QByteArray &body, qint64 secondsAgo = 0) const;
    bench::LoadResult post(const std::vector<QByteArray> &requests, int connections = 1) const;
    /// One webhook; its status, and how long it took where `ms` is given.
    int post(const QByteArray &body, double *ms = nullptr) const;

    /// Waits until nothing is left to split or to apply.
    bool settle(int patienceMs = 60'000) const;
    /// One number out of the server's database, read beside it.
    qint64 number(const QString &sql) const;
    QStringList lines(const QString &sql) const; ///< the first column of every row

    qint64 memory() const { return const_cast<AbuseWorld *>(this)->server().memory("VmRSS"); } ///< KiB
};

} // namespace antiphon::test
