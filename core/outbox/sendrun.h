#pragma once

#include "core/accounts/tokensource.h"
#include "core/net/httpclient.h"
#include "core/outbox/outgoing.h"

#include <QObject>

namespace antiphon {

/// The requests of one claimed send: credentials, then part after part. Knows no table. A token that the platform refuses is renewed
/// once and the part repeated once; refused again, the inbox needs its owner. Lives in the net thread.
class SendRun final : public QObject {
    Q_OBJECT
public:
    struct Services {
        HttpClient &http;
        TokenSource &tokens;
        const ChannelAdapter &adapter;
        const ChannelEndpoints &endpoints;
    };
    /// How one part ended.
    struct End {
        bool isLast = true;                              ///< nothing is left to send behind it
        std::optional<SendReceipt> receipt{};            ///< taken
        Error error{};                                   ///< else
        SendVerdict verdict = SendVerdict::Refused;
        bool hadCredentials = false;                     ///< false: no request was made at all
        outbox::Attempt attempt{};
    };
    using Ended = std::function<void(SendRun *, const End &)>;

    /// @param requested called before each request, for the inbox's rate.
    SendRun(Services services, Outgoing outgoing, std::function<void()> requested, Ended ended, QObject *parent);

    void start();                                        ///< the first part that the platform has not
    void repeat();                                       ///< the part that ended last, with its key
    int repeats() const { return m_repeats; }            ///< of the part under way
    bool mayHaveArrived() const { return m_repeats > 0 || m_outgoing.isRepeat; }      ///< an earlier request of the part under way lost its answer
    Timestamp firstRequestAt() const { return m_firstRequestAt; }      ///< of the part under way, by the row or by beginPart()
    void beginPart(Timestamp at) { m_firstRequestAt = at; }            ///< another part leaves at that time
    const Outgoing &outgoing() const { return m_outgoing; }
    const QList<OutboundPart> &parts() const { return m_parts; }

private:
    bool nextPart();
    void askCredentials();
    void sendPart();
    void take(Operation<SendReceipt>::Step step);
    void fail(const Error &error);
    void renew();
    void dropReplyToken();
    void end(const End &end);

    Services m_services;
    Outgoing m_outgoing;
    std::function<void()> m_requested;
    Ended m_ended;
    QList<OutboundPart> m_parts;
    qsizetype m_next = 0;
    InboxCredentials m_credentials;
    OperationPtr<SendReceipt> m_operation;
    HttpReply m_lastReply;
    Timestamp m_firstRequestAt;
    int m_repeats = 0;
    bool m_hasRenewed = false;
};

} // namespace antiphon
