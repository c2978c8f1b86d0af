#pragma once

#include "core/client/deskclient.h"
#include "core/domain/attachment.h"
#include "core/domain/channel.h"
#include "core/client/deskhealth.h"
#include "core/domain/contact.h"
#include "core/domain/conversationfilter.h"
#include "core/domain/gap.h"
#include "core/domain/inbox.h"
#include "core/domain/message.h"
#include "core/domain/messagechoice.h"
#include "core/domain/messagetemplate.h"

#include <QHash>
#include <QUrl>

namespace antiphon {

/// A page of a list. Events up to `seq` are included already; an empty `nextCursor` is the end.
template <typename T>
struct Page {
    QList<T> items{};
    QString nextCursor{};
    qint64 seq = 0;
};

using ConversationPage = Page<Conversation>;
using ContactPage = Page<Contact>;

/// Part of a conversation, oldest first.
struct MessagePage {
    QList<Message> items{};
    bool hasMoreBefore = false;
    bool hasMoreAfter = false;
    qint64 seq = 0;
};

/// Where a page of messages begins: the newest ones, or relative to a message.
struct MessageAnchor {
    enum class Kind { Newest, Before, After, Around };
    Kind kind = Kind::Newest;
    MessageId message{};
};

/// Numbers of conversations; `byInbox` counts those with something unread.
struct ConversationCounts {
    int mine = 0;
    int unassigned = 0;
    int all = 0;
    int unread = 0;
    int unattended = 0;
    int closingSoon = 0;
    QHash<InboxId, int> byInbox{};
    qint64 seq = 0;
};

/// What to change in a conversation: only what is given.
struct ConversationUpdate {
    std::optional<Conversation::Status> status{};
    std::optional<AgentId> assigneeId{};                         ///< a null id takes the assignee away
    std::optional<Conversation::Priority> priority{};
    std::optional<QStringList> labels{};                         ///< all titles it shall have
    std::optional<std::optional<Timestamp>> snoozedUntil{};      ///< with Status::Snoozed; an inner nothing: until the next message
};

struct ContactUpdate {
    std::optional<QString> name{};
    std::optional<QString> phoneNumber{};                        ///< E.164; empty takes it away
    std::optional<QString> email{};                              ///< empty takes it away
    std::optional<QJsonObject> customAttributes{};               ///< merged key by key; a null takes a key away
    std::optional<bool> isBlocked{};                             ///< true: nobody is told of what they write
};

/// An approved template with what fills its places.
struct TemplateUse {
    QString name{};
    QString language{};
    QJsonObject values{};                                        ///< as checkTemplateValues (core/domain/templateplaces.h) wants them
};

/// What an agent sends. The same `clientId` again gives the same message.
struct NewMessage {
    ConversationId conversationId{};
    QString content{};                                           ///< CommonMark with `~~`
    QList<AttachmentId> attachmentIds{};                         ///< of upload()
    MessageId inReplyTo{};
    bool isPrivate = false;
    QString clientId{};
    std::optional<TemplateUse> fromTemplate{};                   ///< then `content` stays empty: the server knows what it reads like
    std::optional<MessageChoice> choice{};                       ///< buttons or a list below `content`
};

/// The templates of an account, as they were fetched last.
struct TemplateList {
    enum class Sync { Never, Running, Done, Failed };
    QList<MessageTemplate> items{};                              ///< all of them, by name and language; only those approved can be sent
    std::optional<Timestamp> syncedAt{};
    Sync sync = Sync::Never;
    QString error{};                                             ///< of Failed: in the platform's words
};

struct SearchHit {
    enum class Kind { Message, Contact, Conversation };
    Kind kind = Kind::Message;
    qint64 id = 0;                                               ///< of the kind's own table
    ConversationId conversationId{};                             ///< null for a contact
    QString snippet{};                                           ///< plain text
    Timestamp createdAt{};
};
using SearchPage = Page<SearchHit>;

struct Draft {
    ConversationId conversationId{};
    bool isNote = false;
    QString content{};
};

struct IntakeNumbers {
    qint64 received = 0;
    qint64 duplicates = 0;
    qint64 processed = 0;
    qint64 pending = 0;
    qint64 dead = 0;
    qint64 ignored = 0;
    qint64 parked = 0;
    qint64 stale = 0;
    qint64 rejectedSignature = 0;
    qint64 lostFoundByPoll = 0;
};

/// What could not be read, with its reason.
struct DeadLetter {
    QString id{};
    InboxId inboxId{};
    QString kind{};
    QString reason{};
    Timestamp receivedAt{};
    QString channel{};
    QString errorClass{};
    int attempts = 0;
};
using DeadLetterPage = Page<DeadLetter>;

/// One dead letter with what is known of it; the payload is masked by the server.
struct DeadLetterDetails {
    QString payload{};                                           ///< empty where it is pruned
    ContactId contactId{};
    QString contactName{};
    ConversationId conversationId{};
};

/// Dead letters that failed alike.
struct DeadLetterGroup {
    InboxId inboxId{};                                           ///< null for whole deliveries
    QString channel{};
    QString kind{};
    QString errorClass{};
    QString reason{};
    int count = 0;
    Timestamp newestAt{};
};

/// A platform's application: what is entered, never a secret.
struct DeskApp {
    Channel channel{};
    QJsonObject settings{};                                      ///< {app_id}
    QStringList secretsSet{};                                    ///< names of those that are stored
    QString webhookUrl{};                                        ///< to enter in the portal; empty without a public address
    QString redirectUrl{};
};

struct DeskCheckLine {
    QString name{};
    bool isOk = false;
    QString detail{};
};
struct DeskCheck {
    bool isOk = false;
    QList<DeskCheckLine> lines{};
};

/// What to change in an inbox: only what is given.
struct InboxUpdate {
    std::optional<QString> name{};
    std::optional<QJsonObject> settings{};                       ///< merged key by key
    QJsonObject secrets{};
    std::optional<Inbox::Delivery> delivery{};
    std::optional<Inbox::State> state{};
};

/// Somebody at another seat is writing (volatile: forget it after 10 s without a renewal).
struct TypingNotice {
    ConversationId conversationId{};
    AgentId agentId{};
    QString name{};
    bool isOn = false;
    bool isPrivate = false;
};

/// The data of a `typing` event.
Result<TypingNotice> typingFromJson(const QJsonObject &json);

/// The methods of the Desk API with domain values. Answers come in the thread of the client; continue with `.then(context, …)`.
/// Errors as DeskClient::call gives them; BadPayload where the server's answer can't be read.
class DeskApi {
public:
    explicit DeskApi(DeskClient &client) : m_client(client) {}

    DeskClient &client() { return m_client; }

    QFuture<Result<void>> ping();

    QFuture<Result<DeskApp>> app(Channel channel);
    QFuture<Result<DeskApp>> setApp(Channel channel, const QJsonObject &settings, const QJsonObject &secrets);

    QFuture<Result<Page<Inbox>>> inboxes();
    QFuture<Result<Inbox>> inbox(InboxId id);
    /// @param settings and secrets as the contract lists them by channel.
    QFuture<Result<Inbox>> createInbox(Channel channel, const QString &name, const QJsonObject &settings, const QJsonObject &secrets,
                                       std::optional<Inbox::Delivery> delivery = {});
    QFuture<Result<Inbox>> updateInbox(InboxId id, const InboxUpdate &update);
    QFuture<Result<void>> deleteInbox(InboxId id);
    /// The page to open in the browser. @param id null: a new inbox is made of whoever agrees.
    QFuture<Result<QUrl>> authorizeInbox(Channel channel, InboxId id = {});
    QFuture<Result<Inbox>> authorizePaste(const QUrl &callback);
    /// What the platform's portal asks for beside the webhook's address; owners only. NotFound where there is none.
    /// @param id null: that of the channel's application.
    QFuture<Result<QString>> verifyToken(Channel channel, InboxId id = {});
    /// @param repair takes over what another installation has registered: its messages stop
    QFuture<Result<DeskCheck>> checkInbox(InboxId id, bool repair = false);
    /// Asks the owner's phone for contacts and history, once in the life of a connection; Conflict where that was done.
    QFuture<Result<Inbox>> syncPhone(InboxId id);

    /// @param limit 1 … 200. @param cursor empty: from the start.
    QFuture<Result<ConversationPage>> conversations(const ConversationFilter &filter, ConversationSort sort = ConversationSort::LastActivity,
                                                    const QString &cursor = {}, int limit = 50);
    QFuture<Result<ConversationCounts>> conversationCounts(const ConversationFilter &filter = {});
    QFuture<Result<Conversation>> conversation(ConversationId id);
    QFuture<Result<Conversation>> updateConversation(ConversationId id, const ConversationUpdate &update);
    QFuture<Result<Conversation>> markRead(ConversationId id, MessageId upTo);
    QFuture<Result<Conversation>> markUnread(ConversationId id);

    QFuture<Result<MessagePage>> messages(ConversationId id, const MessageAnchor &anchor = {}, int limit = 50);
    QFuture<Result<Message>> sendMessage(const NewMessage &message);
    QFuture<Result<Message>> retryMessage(MessageId id, bool confirmUnknown = false);
    QFuture<Result<Message>> confirmMessage(MessageId id);          ///< of an unknown outcome: a person saw that it arrived
    QFuture<Result<Message>> deleteMessage(MessageId id);
    QFuture<Result<Message>> react(MessageId id, const QString &emoji);       ///< an empty one takes ours back

    QFuture<Result<TemplateList>> templates(InboxId inbox);
    /// Fetches them anew; `inbox.updated` comes once that has ended.
    QFuture<Result<TemplateList>> syncTemplates(InboxId inbox);

    QFuture<Result<ContactPage>> contacts(const QString &query = {}, const QString &cursor = {}, int limit = 50);
    QFuture<Result<ContactPage>> blockedContacts(const QString &cursor = {}, int limit = 50);
    QFuture<Result<Contact>> contact(ContactId id);
    QFuture<Result<Contact>> updateContact(ContactId id, const ContactUpdate &update);

    QFuture<Result<Page<Agent>>> agents();
    QFuture<Result<Page<Label>>> labels();

    QFuture<Result<void>> setDraft(const Draft &draft);          ///< empty content takes it away
    QFuture<Result<QList<Draft>>> drafts();
    QFuture<Result<void>> setTyping(ConversationId id, bool on, bool isPrivate);

    QFuture<Result<SearchPage>> search(const QString &query, const QList<SearchHit::Kind> &kinds = {}, const QString &cursor = {}, int limit = 50);

    QFuture<Result<IntakeNumbers>> intakeStats();
    QFuture<Result<DeadLetterPage>> deadLetters(const QString &cursor = {}, int limit = 50);
    QFuture<Result<void>> retryDeadLetter(const QString &id);
    QFuture<Result<void>> discardDeadLetter(const QString &id);
    QFuture<Result<DeadLetterDetails>> deadLetter(const QString &id);
    QFuture<Result<Page<DeadLetterGroup>>> deadLetterGroups();
    QFuture<Result<int>> retryDeadLetters(const DeadLetterGroup &group);     ///< how many will be tried
    /// For a bug report, without secrets, names and texts. @param id empty: all
    QFuture<Result<QJsonObject>> exportDeadLetters(const QString &id = {});
    QFuture<Result<DeskHealth>> intakeHealth();
    QFuture<Result<Page<Gap>>> gaps(const QString &cursor = {}, int limit = 50);

    QFuture<Result<QJsonObject>> settings(const QStringList &keys);
    QFuture<Result<void>> setSettings(const QJsonObject &values);

    QFuture<Result<Attachment>> upload(const QString &path, const QString &name, const QString &mime);

private:
    DeskClient &m_client;
};

} // namespace antiphon
