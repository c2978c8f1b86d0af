#pragma once

#include "app/demo/formparts.h"
#include "app/demo/hookposter.h"
#include "app/demo/simulatedplatform.h"

class QTimer;

namespace antiphon::demo {

/// Somebody with Telegram.
struct TelegramPerson {
    qint64 id = 0;
    QString firstName{};
    QString lastName{};
    QString username{};
    QString languageCode{};
};

struct TelegramOptions {
    TelegramPerson bot{.id = 7000000001, .firstName = QStringLiteral("Shop"), .username = QStringLiteral("shop_help_bot")};
    bool canConnectToBusiness = true;
    double pauseScale = 1.0;                    ///< of the webhook's repeats
    Milliseconds webhookTimeout{10'000};
    Milliseconds webhookPause{1000};            ///< setWebhook once in that time; 429 before
    bool refusesLoopback = false;               ///< webhooks: https on the documented ports only, as the cloud server
    qint64 downloadLimit = 20 << 20;
};

/// About one message.
struct TelegramEvent {
    std::optional<Timestamp> at{};      ///< platform time; now where absent
    QString connection{};               ///< of a business; empty: in the bot's own chat
    qint64 replyTo = 0;                 ///< a message id of the same chat
    qint64 messageId = 0;               ///< 0: the next of its chat
    QJsonObject more{};                 ///< merged into the message: {"media_group_id": …}
    bool withUpdate = true;             ///< false: nobody is told
};

/// The Bot API on loopback with one bot, its users, and businesses that it is connected to. Message ids count from 1 in each chat, so they repeat between chats.
/// Updates go to the webhook where one is set (repeated, in the order of their chat, at most max_connections at once), else they wait for getUpdates.
/// Endpoints are called as the methods, "sendMessage"; downloads are "file".
class SimulatedTelegram : public SimulatedPlatform {
    Q_OBJECT
public:
    SimulatedTelegram(TelegramOptions options, const Clock &clock, RandomSource &random, QObject *parent = nullptr);

    const TelegramOptions &options() const { return m_options; }
    QString token() const { return m_token; }
    QString issueToken();                       ///< a new one; the old one is 401 from now on
    HookPoster &posts() { return *m_poster; }

    // The bot's own chats. The message id of the event.
    qint64 customerWrites(const TelegramPerson &from, const QString &text, const TelegramEvent &event = {});
    /// A message with these members: {"sticker": {…}}.
    qint64 customerSends(const TelegramPerson &from, const QJsonObject &members, const TelegramEvent &event = {});
    /// photo, voice, audio, video, video_note, animation, document or sticker; `more` is merged into the file's object.
    qint64 customerSendsFile(const TelegramPerson &from, const QString &kind, const QByteArray &bytes, const QJsonObject &more = {}, const QString &caption = {},
                             const TelegramEvent &event = {});
    qint64 customerStarts(const TelegramPerson &from, const QString &payload = {});
    void customerEdits(const TelegramPerson &from, qint64 messageId, const QString &text, const TelegramEvent &event = {});
    void customerBlocks(const TelegramPerson &from);
    void customerUnblocks(const TelegramPerson &from);
    void customerDeletesAccount(const TelegramPerson &from);
    /// @param messageId of the bot's message with the button. The query's id.
    QString customerPresses(const TelegramPerson &from, qint64 messageId, const QString &data, const TelegramEvent &event = {});
    void setPhoto(const TelegramPerson &of, const QByteArray &bytes);

    // Businesses
    /// A new connection. @param rights "can_reply", "can_read_messages"
    QString connectBusiness(const TelegramPerson &owner, const QStringList &rights = {QStringLiteral("can_reply"), QStringLiteral("can_read_messages")}, bool isTold = true);
    void changeBusiness(const QString &connection, bool isEnabled, const QStringList &rights);
    void forgetBusiness(const QString &connection) { m_connections.remove(connection); }
    qint64 ownerWrites(const QString &connection, const TelegramPerson &to, const QString &text, const TelegramEvent &event = {});
    void deleteMessages(const QString &connection, const TelegramPerson &with, const QList<qint64> &messageIds);

    /// An update of any kind.
    qint64 tell(const QString &kind, const QJsonObject &content, const QString &chat = {});
    qint64 lastUpdate() const { return m_nextUpdate - 1; }
    QByteArray updateBytes(qint64 update) const;        ///< as it is posted
    qsizetype pending() const { return m_updates.size(); }
    QUrl webhook() const { return m_webhook.url; }
    QString secret() const { return m_webhook.secret; }
    /// Somebody else polls with the same token, again and again.
    void setOtherPoller(bool isThere);

    /// A file as a message names it; without bytes where only its size is told.
    QJsonObject offerFile(const QByteArray &bytes, qint64 size = -1);

    struct Sent {
        QString method{};
        QString connection{};
        qint64 chat = 0;
        qint64 messageId = 0;
        QJsonObject message{};              ///< as Telegram keeps it: {text, entities} or {caption, caption_entities, photo, …}
        QList<FormPart> files{};
        QJsonObject parameters{};           ///< as they came
    };
    const QList<Sent> &sent() const { return m_sent; }         ///< what the API took, oldest first
    struct Read { QString connection{}; qint64 chat = 0; qint64 messageId = 0; };
    const QList<Read> &read() const { return m_read; }
    QStringList answeredQueries() const { return m_answered; }
    int executedAnswers() const { return m_executedAnswers; }   ///< webhooks that were answered with a call, which Telegram would have carried out

signals:
    void messageSent(qint64 chat, const QString &connection, qint64 messageId);

protected:
    Route routeOf(const SimulatedHttp::Request &request) const override;
    void perform(const Route &route, const SimulatedHttp::Request &request, const Done &done) override;
    Outcome nowhere(const SimulatedHttp::Request &request) override;
    Outcome refusal(const ScriptedAnswer &script) override;

private:
    struct Chat {
        TelegramPerson person{};
        qint64 lastMessage = 0;
        bool isStarted = false;
        bool isBlocked = false;
        bool isDeactivated = false;
        std::optional<Timestamp> lastIncoming{};
        QHash<qint64, QJsonObject> messages{};
    };
    struct Connection { TelegramPerson owner{}; bool isEnabled = true; QStringList rights{}; Timestamp made{}; };
    struct File { QByteArray bytes{}; qint64 size = 0; QString path{}; };
    struct Update { qint64 id = 0; QString kind{}; QJsonObject body{}; QString chat{}; bool isPosting = false; bool isWaiting = false; int failures = 0; };
    struct Webhook { QUrl url{}; QString secret{}; int connections = 40; std::optional<Timestamp> failedAt{}; QString failure{}; };
    struct Poll { Done done{}; qint64 offset = 0; int limit = 100; };
    /// A call's parameters, whichever way they came: numbers and objects are read from their text.
    struct Call {
        QJsonObject values{};
        QList<FormPart> files{};
        QString text(const QString &name) const { return values.value(name).toString(); }
        std::optional<qint64> number(const QString &name) const;
        QJsonValue json(const QString &name) const;
        const FormPart *file(const QString &name) const;
    };

    // simulatedtelegram.cpp
    static std::optional<Call> callOf(const SimulatedHttp::Request &request);
    Outcome ok(const QJsonValue &result) const { return {.body = {{QStringLiteral("ok"), true}, {QStringLiteral("result"), result}}}; }
    Outcome refused(int code, const QString &description, const QJsonObject &parameters = {}) const;
    Outcome bad(const QString &description) const { return refused(400, QStringLiteral("Bad Request: ") + description); }
    Outcome setWebhook(const Call &call);
    Outcome deleteWebhook(const Call &call);
    QJsonObject webhookInfo() const;
    Outcome otherPoller() const;
    void getUpdates(const Call &call, const Done &done);
    void answerPoll();
    bool readAllowed(const Call &call);
    Outcome download(const QString &path);
    Outcome getFile(const Call &call);
    Outcome getPhotos(const Call &call);
    Outcome readBusinessMessage(const Call &call);
    void pump();
    void postUpdate(Update &update);
    void finishUpdate(qint64 id, const QUrl &url, const HookAnswer &answer);
    qsizetype indexOf(qint64 update) const;

    // simulatedtelegrammessages.cpp
    Outcome send(const QString &method, const Call &call);
    Outcome sendGroup(const Call &call);
    std::optional<Outcome> refusedChat(const Call &call);
    std::optional<Outcome> refusedReply(const Call &call, const Chat &chat) const;
    /// The text or caption with its entities, put into `message`.
    std::optional<Outcome> takeText(const QJsonObject &from, bool isCaption, QJsonObject &message) const;
    std::optional<Outcome> takeFile(const QString &kind, const FormPart *part, QJsonObject &message);
    QJsonObject keep(const QString &method, const Call &call, QJsonObject message, const QList<FormPart> &files);
    Outcome taken(const QJsonValue &result, const QList<QJsonObject> &messages, const Call &call);
    Outcome action(const Call &call);

    // simulatedtelegramevents.cpp
    static QJsonObject userOf(const TelegramPerson &person, bool isBot = false);
    static QJsonObject chatOf(const TelegramPerson &person);
    QJsonObject connectionOf(const QString &id) const;
    static QString chatKey(qint64 chat, const QString &owner);
    QString keyOf(qint64 chat, const QString &connection) const;
    Chat &chat(const TelegramPerson &with, const QString &connection);
    QJsonObject newMessage(const TelegramPerson &with, const TelegramPerson &from, QJsonObject members, const TelegramEvent &event);
    void tellMessage(const QString &kind, const QJsonObject &message, const TelegramEvent &event);
    void tellMember(const TelegramPerson &person, bool isBlocked);

    TelegramOptions m_options;
    HookPoster *m_poster = nullptr;
    QTimer *m_pollEnd = nullptr;
    QString m_token{};
    QHash<QString, Chat> m_chats{};                 ///< by chatKey()
    QHash<QString, Connection> m_connections{};
    QHash<QString, File> m_files{};                 ///< by file id
    QHash<qint64, QJsonArray> m_photos{};
    QStringList m_queries{};                        ///< open ones
    QStringList m_answered{};
    QList<Update> m_updates{};
    QHash<qint64, QJsonObject> m_told{};
    qint64 m_nextUpdate = 700'000'101;
    int m_nextFile = 1;
    Webhook m_webhook{};
    std::optional<Timestamp> m_webhookSetAt{};
    QStringList m_allowed{};                        ///< empty: all that come unasked
    std::optional<Poll> m_poll{};
    bool m_isPolledElsewhere = false;
    QList<Sent> m_sent{};
    QList<Read> m_read{};
    int m_executedAnswers = 0;
};

} // namespace antiphon::demo
