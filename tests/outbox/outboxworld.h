#pragma once

#include "core/outbox/outboxdispatcher.h"
#include "tests/support/fakehttpclient.h"
#include "tests/support/fakerandom.h"
#include "tests/support/temporarystore.h"

namespace antiphon::test {

/// Tokens "act.1", "act.2" …; an inbox that needs its owner waits until `reconnect`.
class FakeTokens final : public TokenSource {
public:
    explicit FakeTokens(TemporaryStore &store) : m_store(store) {}

    /// As the simulated platform's defaults.
    Result<AppCredentials> app(Channel) const override;
    void credentials(InboxId inbox, Done done) override;
    void renew(InboxId inbox, const QString &rejectedToken, Done done) override;
    void requireOwner(InboxId inbox, const QString &reason) override;

    void reconnect(InboxId inbox);

    int renewals = 0;
    bool keepsToken = false;                         ///< a renewal gives the same one again
    QStringList ownerReasons{};
    std::optional<Error> credentialsError{};
    QString token = QStringLiteral("act.1");

private:
    TemporaryStore &m_store;
};

/// A store with an inbox and customers, a dispatcher on it, and a scripted network or the one given.
class OutboxWorld {
public:
    explicit OutboxWorld(HttpClient *network = nullptr, const QUrl &api = {}, StatementHook hook = {});
    ~OutboxWorld();

    void start();                                    ///< a dispatcher; a running one is dropped as if its process had died
    void wake();                                     ///< looks now, as the second's timer would
    void advance(Milliseconds by);                   ///< both clocks, then wake()

    InboxId inbox(const QString &account = QStringLiteral("biz-0001-openid"), Channel channel = Channel::Tiktok);
    /// A conversation whose window is open for 48 hours.
    ConversationId conversation(InboxId inbox, const QString &sourceId);
    MessageId queue(ConversationId conversation, const QString &text);
    MessageId queuePicture(ConversationId conversation, const QByteArray &bytes);
    /// A text with so many pictures.
    MessageId queueAlbum(ConversationId conversation, const QString &text, int pictures);

    QString status(MessageId message);               ///< with ":code" of its error where it has one
    QString state(MessageId message);                ///< of its outbox row
    QString sourceId(MessageId message);

    FilesThread &files() { return *m_files; }
    std::function<Result<QUrl>(const LinkedFile &)> makeLink{};

    std::function<void()> laneFreed{};
    TemporaryStore store;
    FakeHttpClient http{};
    FakeTokens tokens{store};
    FakeRandom random{};
    ChannelRegistry channels{};
    Mailbox mailbox{};
    std::unique_ptr<OutboxDispatcher> dispatcher{};
    int freed = 0;                                   ///< how often a lane was told to be free

private:
    HttpClient *m_network;
    QTemporaryDir m_blobFolder{};
    std::unique_ptr<FilesThread> m_files;
};

HttpReply taken(const QByteArray &sourceId);         ///< the platform's code 0
HttpReply code(int number);                          ///< a refusal

} // namespace antiphon::test
