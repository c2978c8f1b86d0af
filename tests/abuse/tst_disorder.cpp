#include "tests/abuse/abuseworld.h"
#include "tests/support/testmain.h"

#include <QTest>

#include <random>

using namespace antiphon;
using namespace antiphon::test;
using namespace Qt::StringLiterals;

/// Two accounts with the same history under the same ids: one is told in order, the other all mixed up. In the end nobody can tell which was which.
class Disorder : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        demo::TikTokOptions options = TiktokWorld::defaultOptions();
        options.accounts = {{.businessId = u"biz-ordered"_s, .username = u"shop"_s, .displayName = u"Shop"_s},
                            {.businessId = u"biz-mixed"_s, .username = u"shop"_s, .displayName = u"Shop"_s}};
        m_world = std::make_unique<AbuseWorld>(options);
        QCOMPARE(m_world->startWithAccounts(), QString());
    }

    void cleanupTestCase() { m_world.reset(); }

    void anyOrderEndsInTheSameState()
    {
        const int threads = figure(20, 200);
        const int each = figure(100, 500);
        std::vector<QByteArray> ordered;
        std::vector<QByteArray> mixed;
        std::mt19937 random(4711);
        for (int thread = 0; thread < threads; ++thread) {
            const QList<Told> story = tell(u"cnv-%1"_s.arg(thread), each, random);
            for (const Told &one : story) {
                ordered.push_back(m_world->request(one.body(u"biz-ordered"_s)));
                mixed.push_back(m_world->request(one.body(u"biz-mixed"_s)));
            }
        }
        std::shuffle(mixed.begin(), mixed.end(), random);

        QCOMPARE(m_world->post(ordered, 1).acknowledged, qint64(ordered.size()));
        QVERIFY(m_world->settle(300'000));
        QCOMPARE(m_world->post(mixed, 16).acknowledged, qint64(mixed.size()));
        QVERIFY(m_world->settle(300'000));
        QCOMPARE(m_world->number(u"SELECT count(*) FROM event WHERE state IN ('parked', 'dead')"_s), 0);

        const QStringList expected = digest(u"biz-ordered"_s);
        const QStringList actual = digest(u"biz-mixed"_s);
        QVERIFY(expected.size() > threads * each / 3);
        QCOMPARE(actual.size(), expected.size());
        for (qsizetype i = 0; i < expected.size(); ++i)
            QCOMPARE(actual.at(i), expected.at(i));
    }

private:
    struct Told {
        QString event{};
        QJsonObject content{};

        QByteArray body(const QString &account) const
        {
            QJsonObject own = content;
            for (const QString &side : {u"from_user"_s, u"to_user"_s}) {
                QJsonObject party = own.value(side).toObject();
                if (party.value(u"id"_s) == "shop"_L1)
                    party.insert(u"id"_s, account);
                own.insert(side, party);
            }
            return AbuseWorld::envelope(event, account, own);
        }
    };

    static QJsonObject fromShop(QJsonObject content, const QString &source)
    {
        const QJsonValue customer = content.value(u"from_user"_s);
        content.insert(u"from_user"_s, content.value(u"to_user"_s));
        content.insert(u"to_user"_s, customer);
        const QJsonValue name = content.value(u"from"_s);
        content.insert(u"from"_s, content.value(u"to"_s));
        content.insert(u"to"_s, name);
        content.insert(u"message_tag"_s, QJsonObject{{u"source"_s, source}});
        return content;
    }

    /// What happens in one thread within an hour, in order.
    static QList<Told> tell(const QString &thread, int count, std::mt19937 &random)
    {
        QList<Told> story;
        QStringList ids;
        QHash<QString, QStringList> reacted;
        qint64 at = QDateTime::currentMSecsSinceEpoch() - 3'600'000;
        const int step = 3'500'000 / count;
        for (int i = 0; i < count; ++i) {
            at += 1 + qint64(random() % quint32(step));
            QJsonObject content = AbuseWorld::textContent(u"shop"_s, thread, u"%1-m%2"_s.arg(thread).arg(i), at, u"Number %1"_s.arg(i));
            const quint32 kind = random() % 100;
            const QString any = ids.isEmpty() ? QString() : ids.at(qsizetype(random() % quint32(ids.size())));
            if (kind < 45 || ids.isEmpty()) {
                story.append({u"im_receive_msg"_s, content});
            } else if (kind < 60) {
                story.append({u"im_send_msg"_s, fromShop(content, u"APP"_s)});
            } else if (kind < 70) {
                content.insert(u"referenced_message_info"_s, QJsonObject{{u"referenced_message_id"_s, any}});
                story.append({u"im_receive_msg"_s, content});
            } else if (kind < 85) {
                // A heart comes and goes on one message.
                QStringList &on = reacted[any];
                const bool added = on.isEmpty();
                added ? on.append(u"x"_s) : on.clear();
                content.remove(u"text"_s);
                content.insert(u"type"_s, u"reaction"_s);
                content.insert(u"reaction"_s,
                               QJsonArray{QJsonObject{{u"operation"_s, added ? u"ADD"_s : u"REMOVE"_s},
                                                      {u"type"_s, u"EMOJI"_s},
                                                      {u"emoji"_s, u"❤"_s},
                                                      {u"unique_identifier"_s, u"usr-"_s + thread},
                                                      {u"timestamp"_s, at},
                                                      {u"original_msg_id"_s, any}}});
                story.append({u"im_receive_msg"_s, content});
                continue;
            } else {
                for (const QString &gone : {u"text"_s, u"type"_s, u"message_id"_s})
                    content.remove(gone);
                content.insert(u"read"_s, QJsonObject{{u"last_read_timestamp"_s, at - 1}});
                story.append({u"im_mark_read_msg"_s, content});
                continue;
            }
            ids.append(content.value(u"message_id"_s).toString());
        }
        return story;
    }

    /// What a person sees of an account, a line a conversation and a message.
    QStringList digest(const QString &account)
    {
        const auto inboxes = waitFor(m_world->api().inboxes());
        if (!inboxes)
            return {};
        ConversationFilter filter;
        for (const Inbox &inbox : inboxes->items) {
            if (inbox.externalId == account)
                filter.inboxId = inbox.id;
        }
        QStringList lines;
        QString cursor;
        do {
            const auto page = waitFor(m_world->api().conversations(filter, ConversationSort::LastActivity, cursor, 100));
            if (!page)
                return {};
            for (const Conversation &conversation : page->items)
                lines += digest(conversation);
            cursor = page->nextCursor;
        } while (!cursor.isEmpty());
        lines.sort();
        return lines;
    }

    QStringList digest(const Conversation &conversation)
    {
        const QString thread = conversation.contact.identifiers.isEmpty() ? QString() : conversation.contact.identifiers.first().sourceId;
        const auto time = [](const std::optional<Timestamp> &at) { return at ? toRfc3339(*at) : u"-"_s; };
        QHash<MessageId, QString> sources;
        QList<Message> all;
        MessageAnchor anchor;
        for (bool more = true; more;) {
            const auto page = waitFor(m_world->api().messages(conversation.id, anchor, 200));
            if (!page || page->items.isEmpty())
                break;
            all = page->items + all;
            anchor = {MessageAnchor::Kind::Before, page->items.first().id};
            more = page->hasMoreBefore;
        }
        for (const Message &message : all)
            sources.insert(message.id, message.sourceId);
        QStringList lines{
            u"%1 %2 unread %3 last %4 activity %5 waiting %6 closes %7 name %8"_s.arg(thread, conversationStatusName(conversation.status))
                .arg(conversation.unreadCount)
                .arg(conversation.lastMessage ? conversation.lastMessage->sourceId : u"-"_s, toRfc3339(conversation.lastActivityAt),
                     time(conversation.waitingSince), conversation.replyWindow ? time(conversation.replyWindow->closesAt) : u"none"_s,
                     conversation.contact.name)};
        for (const Message &message : all) {
            QStringList reactions;
            for (const Reaction &reaction : message.reactions)
                reactions.append(reaction.emoji + senderTypeName(reaction.sender.type));
            reactions.sort();
            lines.append(u"%1 %2 %3 '%4' %5 status %6 reply to %7 echo %8 by %9 %10"_s
                             .arg(thread, toRfc3339(message.createdAt),
                                  message.sourceId.isEmpty() ? directionName(message.direction) : message.sourceId, message.content,
                                  directionName(message.direction), message.status ? messageStatusName(*message.status) : u"-"_s,
                                  sources.value(message.inReplyTo, u"-"_s), message.externalEcho ? u"yes"_s : u"no"_s,
                                  senderTypeName(message.sender.type))
                             .arg(reactions.join(u' ')));
        }
        return lines;
    }

    std::unique_ptr<AbuseWorld> m_world;
};

ANTIPHON_TEST(Disorder)
#include "tst_disorder.moc"
