#include "core/channels/twilio/twiliolists.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/twilio/twilioaddress.h"
#include "core/channels/twilio/twilioapi.h"
#include "core/channels/twilio/twiliocursor.h"
#include "core/channels/twilio/twilioevents.h"
#include "core/channels/twilio/twiliolisted.h"
#include "core/channels/twilio/twiliostatuses.h"

#include <QDateTime>
#include <QHash>
#include <QJsonArray>
#include <QSet>

#include <algorithm>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

using FeedPage = ChannelAdapter::FeedPage;

constexpr int kPageSize = 100;
/// How many pages are looked at for statuses of messages that are older than what is new.
constexpr int kMostPages = 100;
/// What one read gives, and holds in memory: of more the oldest, so that all of it comes in its order.
constexpr qsizetype kMostAtOnce = 1000;
/// A list of so many pages is taken for one without an end.
constexpr int kNoEnd = 50'000;
constexpr qsizetype kMostMarks = 200;

QString dayOf(Timestamp at)
{
    return QDateTime::fromMSecsSinceEpoch(std::max<qint64>(0, toUnixMs(at)), Qt::UTC).toString(u"yyyy-MM-dd"_s);
}

QString codeOf(const QJsonObject &item)
{
    const auto code = json::integer(item.value("error_code"_L1));
    return code && *code > 0 ? QString::number(*code) : QString();
}

/// The list is newest first, events are given oldest first. So a list is walked down to what is known, and of what is new the oldest are given; where there was more,
/// the cursor says at which pages the next reads begin, and the last one begins at the top again. Pages are hints: wherever a read begins, it ends at what is known.
/// Messages of ours are looked at again for a day, the newest thousands of them, and each of their statuses is told once; of very many the oldest first here too.
class ReadFeed final : public Operation<FeedPage> {
public:
    ReadFeed(const ChannelAdapter::FeedQuery &query, InboxCredentials inbox, ChannelEndpoints endpoints)
        : m_inbox(std::move(inbox)), m_endpoints(std::move(endpoints)), m_before(cursorOf(query.cursor, query.since)), m_after(m_before),
          m_service(serviceOf(m_inbox.settings))
    {
        for (const Told &one : std::as_const(m_before.known))
            m_known.insert(one.message);
        for (const Told &one : std::as_const(m_before.watched))
            m_told.insert(one.message, one.words);
    }

    Step start() override
    {
        if (m_service.isEmpty())
            return list(canReceive() ? Stage::Incoming : Stage::Outgoing);
        m_stage = Stage::Numbers;
        return ask(hostUrl(Host::Messaging, m_endpoints, u"/v1/Services/"_s + m_service + u"/PhoneNumbers"_s, {{u"PageSize"_s, u"1000"_s}}));
    }

    Step next(const HttpReply &reply) override
    {
        if (m_stage == Stage::Files) {
            const auto files = readFiles(reply);
            return files ? takeFiles(*files) : failed(files.error());
        }
        const auto answer = readAnswer(reply, Repeatable::Yes);
        if (m_stage == Stage::Numbers)
            return numbers(answer);
        if (!answer && m_isMark && m_pages == 0 && isOfRequest(answer.error())) {      // the platform knows that page no more
            m_before.marks.clear();
            return list(Stage::Incoming);
        }
        if (!answer)
            return failed(answer.error());
        if (!answer->value("messages"_L1).isArray())          // taken for empty, it would say that nothing came
            return failed({Error::Kind::Unavailable, u"an answer without a list of messages"_s});
        return takePage(*answer);
    }

private:
    enum class Stage { Numbers, Incoming, Outgoing, Files };

    Step ask(const QUrl &url) const { return Step(std::in_place_index<0>, get(url, m_inbox)); }
    static Step failed(const Error &error) { return Step(std::in_place_index<2>, error); }

    /// A sender that is a name is one-way.
    bool canReceive() const
    {
        const QString sender = bare(senderOf(m_inbox.settings));
        return std::none_of(sender.begin(), sender.end(), [](QChar c) { return c.isLetter(); });
    }

    static bool isOfRequest(const Error &error)
    {
        using Kind = Error::Kind;
        const bool isOfAll = error.kind == Kind::Unauthorized || error.kind == Kind::Forbidden || error.kind == Kind::RateLimited || error.kind == Kind::Network
            || error.kind == Kind::Unavailable;
        return !isOfAll;
    }

    Timestamp incomingFrom() const { return m_before.incomingFrom(); }
    Timestamp outgoingFrom() const { return m_before.outgoingFrom(); }

    /// A messaging service has many numbers: the account's whole list is read, and both directions are in it.
    Step list(Stage stage)
    {
        m_stage = stage;
        m_pages = 0;
        m_isMark = stage == Stage::Incoming && !m_before.marks.isEmpty();
        if (m_isMark) {
            const QUrl mark = toldUrl(m_before.marks.takeLast(), Host::Api, m_endpoints);
            if (mark.isValid() && !mark.isEmpty())
                return ask(mark);
            m_before.marks.clear();
            m_isMark = false;
        }
        Fields query;
        if (m_service.isEmpty())
            query.append({stage == Stage::Incoming ? u"To"_s : u"From"_s, senderOf(m_inbox.settings)});
        const bool isBoth = !m_service.isEmpty();
        const Timestamp from = stage == Stage::Outgoing || isBoth ? std::min(outgoingFrom(), incomingFrom()) : incomingFrom();
        query += {{u"DateSent>"_s, dayOf(from)}, {u"PageSize"_s, QString::number(kPageSize)}};
        return ask(accountUrl(m_inbox, m_endpoints, u"Messages.json"_s, query));
    }

    Step numbers(const Result<QJsonObject> &answer)
    {
        if (!answer && answer.error().kind != Error::Kind::NotFound)
            return failed(answer.error());
        const QJsonArray listed = answer ? answer->value("phone_numbers"_L1).toArray() : QJsonArray();
        for (const QJsonValue &value : listed) {
            for (const QLatin1StringView key : {"phone_number"_L1, QLatin1StringView("sender")}) {
                if (const QString number = json::string(value.toObject(), key); !number.isEmpty())
                    m_numbers.insert(addressFor(number, isWhatsappInbox(m_inbox.settings)));
            }
        }
        return list(Stage::Incoming);
    }

    bool isOurs(const QJsonObject &item, QLatin1StringView own) const
    {
        const QString address = json::string(item, own);
        if (!m_service.isEmpty())
            return json::string(item, "messaging_service_sid"_L1) == m_service || m_numbers.contains(address);
        return address == senderOf(m_inbox.settings);
    }

    Step takePage(const QJsonObject &answer)
    {
        const QJsonArray messages = answer.value("messages"_L1).toArray();
        std::optional<Timestamp> first;
        std::optional<Timestamp> last;
        for (const QJsonValue &value : messages) {
            const QJsonObject item = value.toObject();
            const auto at = timeOf(item);
            if (json::string(item, "sid"_L1).isEmpty() || !at)
                continue;
            first = first.value_or(*at);
            last = at;
            take(item, *at);
        }
        const QString told = json::string(answer, "next_page_uri"_L1);
        const QUrl more = toldUrl(told, Host::Api, m_endpoints);
        const bool isMore = more.isValid() && !more.isEmpty() && !messages.isEmpty();
        if (isMore && ++m_pages >= kNoEnd)
            return failed({Error::Kind::Unavailable, u"a list of messages without an end"_s});
        // Newest first: what comes now is older than what was asked for.
        if (isMore && !(last && isDone(*last) && *first > *last)) {
            if (last)
                setMark(told, *last);
            return ask(more);
        }
        if (m_stage == Stage::Incoming && m_service.isEmpty() && !hasMore())
            return list(Stage::Outgoing);
        return nextFiles();
    }

    /// What is new is read to its end; how far older messages of ours got is looked at where that is all, and not for ever.
    bool isDone(Timestamp last) const
    {
        const bool isNew = m_stage == Stage::Incoming && last >= incomingFrom();
        const bool isWatched = (m_stage == Stage::Outgoing || !m_service.isEmpty()) && !hasMore() && m_pages < kMostPages && last >= outgoingFrom();
        return !isNew && !isWatched;
    }

    /// Whether something newer is left for the next read.
    bool hasMore() const { return m_isMark || m_cutAt.has_value(); }

    /// The next read of a long list begins where about one read's worth is below.
    void setMark(const QString &page, Timestamp below)
    {
        if (m_stage != Stage::Incoming || m_sinceMark < kMostAtOnce - kPageSize)
            return;
        m_sinceMark = 0;
        m_marks.append({page, below});
        if (m_marks.size() > kMostMarks)
            m_marks.removeFirst();
    }

    void take(const QJsonObject &item, Timestamp at)
    {
        const QString direction = json::string(item, "direction"_L1);
        if (direction == "inbound"_L1 && m_stage == Stage::Incoming && at >= incomingFrom() && isOurs(item, "to"_L1)) {
            m_readUpTo = std::max(m_readUpTo, at);
            const Listed listed{item, at};
            if (!m_known.contains(listed.message()) && note(listed.key())) {
                m_incoming.append(listed);
                makeRoom();
                ++m_sinceMark;
            }
        } else if (direction.startsWith("outbound"_L1) && at >= outgoingFrom() && isOurs(item, "from"_L1)) {
            const bool isNew = m_stage == Stage::Incoming && at >= incomingFrom();
            m_sentUpTo = std::max(m_sentUpTo, at);
            takeStatus(item, at, isNew ? m_statuses : m_older);
            makeRoom();
            m_sinceMark += isNew ? 1 : 0;
        }
    }

    /// The newest go first: they come with the next read. What happened to older messages pushes nothing new out.
    void makeRoom()
    {
        while (m_incoming.size() + m_statuses.size() + m_older.size() > kMostAtOnce) {
            if (!m_older.isEmpty()) {
                m_isOlderLeft = true;
                m_taken.remove(m_older.takeFirst().event.dedupeKey);
            } else if (m_statuses.isEmpty() || (!m_incoming.isEmpty() && m_incoming.first().at >= m_statuses.first().at)) {
                m_cutAt = m_incoming.first().at;
                m_taken.remove(m_incoming.takeFirst().key());
            } else {
                m_cutAt = m_statuses.first().at;
                m_taken.remove(m_statuses.takeFirst().event.dedupeKey);
            }
        }
    }

    struct Status {
        SplitEvent event{};
        Timestamp at{};
        quint64 message = 0;
        quint8 word = 0;              ///< its bit
    };

    void takeStatus(const QJsonObject &item, Timestamp at, QList<Status> &to)
    {
        QJsonObject fields = fieldsOf(item, {});
        fields.remove("Body"_L1);
        fields.insert("MessageStatus"_L1, json::string(item, "status"_L1));
        const quint64 message = messageKey(json::string(item, "sid"_L1));
        const quint8 word = newsBit(fields);
        if (word == 0 || (m_told.value(message) & word) != 0)
            return;
        if (const QString code = codeOf(item); !code.isEmpty())
            fields.insert("ErrorCode"_L1, code);
        if (const QString words = json::string(item, "error_message"_L1); !words.isEmpty())
            fields.insert("ErrorMessage"_L1, words);
        const auto updated = momentOf(json::string(item, "date_updated"_L1));
        SplitEvent event = statusEvent(fields, m_inbox.inbox, updated.value_or(at));
        if (note(event.dedupeKey))
            to.append({event, at, message, word});
    }

    /// @return false where this read has it: pages move while they are read.
    bool note(const QString &key)
    {
        if (m_taken.contains(key))
            return false;
        m_taken.insert(key);
        return true;
    }

    Step nextFiles()
    {
        while (m_filesOf < m_incoming.size()) {
            const QJsonObject &item = m_incoming.at(m_filesOf).item;
            if (json::integer(item.value("num_media"_L1)).value_or(0) > 0) {
                m_stage = Stage::Files;
                return ask(mediaListUrl(json::string(item, "sid"_L1), m_inbox, m_endpoints));
            }
            addIncoming({});
        }
        return done();
    }

    Step takeFiles(const QList<ListedFile> &files)
    {
        addIncoming(files);
        return nextFiles();
    }

    void addIncoming(const QList<ListedFile> &files)
    {
        const Listed &listed = m_incoming.at(m_filesOf++);
        m_page.events.append(messageEvent(fieldsOf(listed.item, files), m_inbox.inbox, listed.at));
    }

    Step done()
    {
        m_statuses += m_older;
        for (const Status &status : std::as_const(m_statuses))
            m_page.events.append(status.event);
        const auto older = [](const SplitEvent &a, const SplitEvent &b) { return a.platformAt < b.platformAt; };
        std::reverse(m_page.events.begin(), m_page.events.end());          // of one second: the list is newest first
        std::stable_sort(m_page.events.begin(), m_page.events.end(), older);
        const Timestamp until = m_cutAt.value_or(Timestamp::max());
        m_after.readUpTo = std::max(m_after.readUpTo, std::min(m_readUpTo, until));
        // Else what is left would be a day old, and watched no more, before its turn came.
        m_page.hasMore = hasMore() || m_isOlderLeft;
        if (!m_page.hasMore)
            m_after.sentUpTo = std::max(m_after.sentUpTo, m_sentUpTo);
        remember();
        m_after.marks = m_before.marks;
        for (const Mark &mark : std::as_const(m_marks)) {
            if (m_cutAt && mark.below >= *m_cutAt)
                m_after.marks.append(mark.page);
        }
        while (m_after.marks.size() > kMostMarks)
            m_after.marks.removeFirst();
        m_page.cursor = textOf(m_after);
        return Step(std::in_place_index<1>, m_page);
    }

    void remember()
    {
        QList<Told> incoming;
        for (const Listed &listed : std::as_const(m_incoming))
            incoming.append({listed.at, listed.message()});
        QList<Told> statuses;
        for (const Status &status : std::as_const(m_statuses))
            statuses.append({status.at, status.message, status.word});
        m_after.remember(incoming, statuses);
    }

    struct Listed {
        QJsonObject item{};
        Timestamp at{};

        QString key() const { return u"m:"_s + json::string(item, "sid"_L1); }
        quint64 message() const { return messageKey(json::string(item, "sid"_L1)); }
    };
    struct Mark {
        QString page{};
        Timestamp below{};            ///< of the last row above it
    };

    InboxCredentials m_inbox;
    ChannelEndpoints m_endpoints;
    Cursor m_before;
    Cursor m_after;
    QSet<quint64> m_known{};                                   ///< what came, told by an earlier read
    QHash<quint64, quint8> m_told{};                           ///< of messages of ours, the statuses that were told
    QSet<QString> m_taken{};                                   ///< to be told by this one
    QString m_service;
    QSet<QString> m_numbers{};
    QList<Listed> m_incoming{};                                ///< newest first
    QList<Status> m_statuses{};                                ///< of new messages, newest first
    QList<Status> m_older{};                                   ///< of older ones, newest first
    QList<Mark> m_marks{};
    std::optional<Timestamp> m_cutAt{};                        ///< of the oldest that is left for the next read
    Timestamp m_readUpTo{};
    Timestamp m_sentUpTo{};
    qsizetype m_sinceMark = 0;
    qsizetype m_filesOf = 0;
    int m_pages = 0;
    bool m_isOlderLeft = false;                                ///< not all of the older statuses are in this read
    bool m_isMark = false;                                     ///< it began within the list
    FeedPage m_page{};
    Stage m_stage = Stage::Incoming;
};

} // namespace

OperationPtr<FeedPage> readFeed(const ChannelAdapter::FeedQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<ReadFeed>(query, inbox, endpoints);
}

} // namespace antiphon::twilio
