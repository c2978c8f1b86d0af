#pragma once

#include "core/accounts/accountsservice.h"
#include "core/desk/desk.h"
#include "tests/desk/memorytransport.h"
#include "tests/support/fakerandom.h"
#include "tests/support/temporarystore.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QPointer>

namespace antiphon::test {

/// Accounts that answer what the test laid down, at once.
class FakeAccounts final : public AccountsService {
public:
    void getApp(Channel, Done<QJsonObject> done) override { done(app); }
    void setApp(Channel, const QJsonObject &settings, const QJsonObject &secrets, Done<QJsonObject> done) override;
    void verifyToken(Channel, InboxId id, Done<QString> done) override { done(id ? QStringLiteral("inbox-word") : QStringLiteral("apps-word")); }
    void createInbox(Channel, const InboxInput &input, Done<Inbox> done) override { lastInput = input; done(inbox); }
    void updateInbox(InboxId, const InboxInput &input, Done<Inbox> done) override { lastInput = input; done(inbox); }
    void deleteInbox(InboxId, Done<void> done) override { done({}); }
    void authorize(Channel, InboxId, Done<QUrl> done) override { done(url); }
    void authorizePaste(const QUrl &, Done<Inbox> done) override { done(inbox); }
    void check(InboxId, bool takeOver, Done<QList<Check>> done) override { lastTakeOver = takeOver; heldCheck = std::move(done); }

    Result<QJsonObject> app = Error{Error::Kind::NotFound, QStringLiteral("none entered")};
    Result<Inbox> inbox = Error{Error::Kind::Invalid, QStringLiteral("refused"), QStringLiteral("secrets.access_token")};
    Result<QUrl> url = Error{Error::Kind::Unavailable, QStringLiteral("no public address")};
    InboxInput lastInput;
    bool lastTakeOver = false;
    Done<QList<Check>> heldCheck;              ///< answered when the test says so
};

class FakeTyping final : public CustomerTyping {
public:
    void showTyping(InboxId, const QString &contactSourceId, const QString &messageSourceId) override
    {
        shown.append(contactSourceId);
        about.append(messageSourceId);
    }
    QStringList about;
    QStringList shown;
};

/// One client of the desk.
class Seat {
public:
    explicit Seat(Desk &desk);

    /// Sends session.open; the result, or what `errorOf` makes of it.
    QJsonObject open(const QString &token, std::optional<qint64> resumeFrom = {});
    /// The whole answer to one request.
    QJsonObject ask(const QString &method, const QJsonObject &params = {});
    /// Its result; fails the test where it is an error.
    QJsonObject result(const QString &method, const QJsonObject &params = {});
    /// "code reason field" of its error, e.g. "-32004 invalid limit"; "ok" where there is none.
    QString error(const QString &method, const QJsonObject &params = {});

    void post(qint64 id, const QString &method, const QJsonObject &params = {});
    void raw(const QByteArray &text);
    bool waitForAnswer(qint64 id);
    bool waitForEvent(const QString &type);
    bool waitForSeq(qint64 seq);
    QJsonObject answer(qint64 id) const;

    QList<QJsonObject> frames() const;         ///< all, in order
    QList<QJsonObject> events() const;         ///< the params of events, in order
    QJsonObject lastEvent(const QString &type) const;
    qint64 lastSeq() const;
    MemoryTransport *transport() { return m_transport; }

    static QString errorText(const QJsonObject &answer);

private:
    QPointer<MemoryTransport> m_transport;
    std::shared_ptr<const QList<QByteArray>> m_sent;
    qint64 m_lastId = 0;
};

/// Remembers what was wished for and shows `shown`.
class FakeTunnel final : public TunnelService {
public:
    QJsonObject tunnel() const override { return shown; }
    void setTunnel(const QJsonObject &params, Done done) override
    {
        wished.append(params);
        done(refusal ? Result<QJsonObject>(*refusal) : Result<QJsonObject>(shown));
    }
    void checkTunnel(Done done) override
    {
        ++checks;
        done(shown);
    }

    QJsonObject shown{{QStringLiteral("provider"), QStringLiteral("none")}, {QStringLiteral("state"), QStringLiteral("off")}};
    QList<QJsonObject> wished;
    std::optional<Error> refusal;
    int checks = 0;
};

/// A workspace with an owner, an admin and an agent, one TikTok inbox, and the desk over it.
class DeskFixture {
public:
    DeskFixture();
    ~DeskFixture();

    void makeDesk();                           ///< anew, as after a restart

    /// A customer's thread with an open conversation and nothing said.
    ConversationId addConversation(const QString &contactName = QStringLiteral("Ana"));
    /// What the way in does with a customer's message, the reply window included.
    MessageId receive(ConversationId conversation, const QString &text, std::optional<Timestamp> at = {});
    /// An agent's upload, ready to be sent.
    AttachmentId upload(const QString &mime = QStringLiteral("image/png"), qint64 size = 1000, qint64 agent = 1);
    void setMessage(MessageId id, const QString &sqlAssignments);
    qint64 head();

    static QString token(Agent::Role role) { return QStringLiteral("token-") + roleName(role); }

    TemporaryStore store;
    ChannelRegistry channels;
    FakeAccounts accounts;
    FakeTyping typing;
    FakeTunnel tunnel;
    FakeRandom random;
    std::unique_ptr<SearchIndex> search;
    int outboxWakes = 0;
    int intakeWakes = 0;
    int catchUpWakes = 0;
    QString publicUrl = QStringLiteral("https://desk.example");
    std::unique_ptr<Desk> desk;
    InboxId inbox{1};

private:
    Mailbox m_wakes;
    int m_contacts = 0;
};

QJsonObject idOf(qint64 id);

} // namespace antiphon::test
