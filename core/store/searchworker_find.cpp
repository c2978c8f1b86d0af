// How the search index answers: what it finds is looked up in the database before it is shown, so nothing deleted or hidden ever is.

#include "core/store/searchtext.h"
#include "core/store/searchworker.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

constexpr int kMostHits = 200;

QString jsonOf(const std::optional<QList<InboxId>> &inboxes)
{
    if (!inboxes)
        return {};
    QJsonArray array;
    for (const InboxId id : *inboxes)
        array.append(id.value());
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

bool wants(const SearchIndex::Question &question, SearchIndex::Kind kind)
{
    return question.kinds.isEmpty() || question.kinds.contains(kind);
}

} // namespace

std::optional<SearchWorker::Place> SearchWorker::placeOf(const QString &cursor)
{
    if (cursor.isEmpty())
        return Place();
    bool isNumber = false;
    const qint64 below = cursor.mid(1).toLongLong(&isNumber);
    const QChar stage = cursor.at(0);
    if (!isNumber || below < 0 || (stage != u'c' && stage != u'v' && stage != u'm'))
        return std::nullopt;
    return Place{.stage = stage.toLatin1(), .below = below};
}

Result<SearchIndex::Page> SearchWorker::search(const SearchIndex::Question &question)
{
    const auto place = placeOf(question.cursor);
    if (!place)
        return Error{Error::Kind::Invalid, u"not a cursor"_s, u"cursor"_s};
    if (question.limit < 1 || question.limit > kMostHits)
        return Error{Error::Kind::Invalid, u"not between 1 and 200"_s, u"limit"_s};
    Search search{.question = question, .match = searchtext::matchExpression(question.text), .inboxes = jsonOf(question.inboxes)};
    Result<void> done = begin();
    if (done && !search.match.isEmpty()) {
        const auto from = [&place](char stage) { return place->stage == stage ? place->below : std::numeric_limits<qint64>::max(); };
        if (place->stage == 'c' && wants(question, SearchIndex::Kind::Contact))
            done = findContacts(&search, from('c'));
        if (done && !search.isFull() && place->stage != 'm' && wants(question, SearchIndex::Kind::Conversation))
            done = findConversations(&search, from('v'));
        if (done && !search.isFull() && wants(question, SearchIndex::Kind::Message))
            done = findMessages(&search, from('m'));
    }
    search.page.indexedSeq = m_position.seq;
    search.page.newestSeq = m_newestSeq;
    search.page.isComplete = m_position.isComplete();
    end();
    if (!done)
        return done.error();
    if (!search.isFull())
        search.page.nextCursor.clear();
    return search.page;
}

Result<bool> SearchWorker::contactIsSeen(const Search &search, qint64 id)
{
    if (search.inboxes.isNull())
        return true;
    Query q = m_database->query(u"SELECT 1 FROM contact_inbox WHERE contact_id = :id AND inbox_id IN (SELECT value FROM json_each(:inboxes)) LIMIT 1"_s);
    q.bind(":id"_L1, id).bind(":inboxes"_L1, search.inboxes);
    const bool isSeen = q.next();
    if (!q.ok())
        return q.error();
    return isSeen;
}

Result<void> SearchWorker::findContacts(Search *search, qint64 below)
{
    Query found = m_index->query(u"SELECT rowid FROM contact_fts WHERE contact_fts MATCH :match AND rowid < :below ORDER BY rowid DESC"_s);
    found.bind(":match"_L1, search->match).bind(":below"_L1, below);
    while (!search->isFull() && found.next()) {
        const qint64 id = found.integer(0);
        const auto isSeen = contactIsSeen(*search, id);
        if (!isSeen)
            return isSeen.error();
        Query q = m_database->query(u"SELECT name, created_at FROM contact WHERE id = :id"_s);
        q.bind(":id"_L1, id);
        if (*isSeen && q.next()) {
            search->page.hits.append({.kind = SearchIndex::Kind::Contact, .id = id, .snippet = q.text(0).simplified(), .createdAt = q.time(1)});
            search->page.nextCursor = u"c%1"_s.arg(id);
        }
        if (!q.ok())
            return q.error();
    }
    return found.ok() ? Result<void>() : found.error();
}

Result<void> SearchWorker::findConversations(Search *search, qint64 below)
{
    // Those of the contacts found; a person's conversations are few, so their sorting is too.
    Query found = m_index->query(u"SELECT id FROM contact_fts JOIN conversation_row ON contact_id = contact_fts.rowid"
                                 " WHERE contact_fts MATCH :match AND id < :below AND (:inboxes IS NULL OR inbox_id IN (SELECT value FROM json_each(:inboxes)))"
                                 " ORDER BY id DESC LIMIT :limit"_s);
    found.bind(":match"_L1, search->match).bind(":below"_L1, below).bind(":inboxes"_L1, search->inboxes);
    found.bind(":limit"_L1, 2 * kMostHits);
    while (!search->isFull() && found.next()) {
        const qint64 id = found.integer(0);
        Query q = m_database->query(u"SELECT contact.name, conversation.created_at FROM conversation JOIN contact ON contact.id = conversation.contact_id"
                                    " WHERE conversation.id = :id"_s);
        q.bind(":id"_L1, id);
        if (q.next()) {
            search->page.hits.append({.kind = SearchIndex::Kind::Conversation, .id = id, .conversationId = ConversationId(id),
                                      .snippet = q.text(0).simplified(), .createdAt = q.time(1)});
            search->page.nextCursor = u"v%1"_s.arg(id);
        }
        if (!q.ok())
            return q.error();
    }
    return found.ok() ? Result<void>() : found.error();
}

Result<void> SearchWorker::findMessages(Search *search, qint64 below)
{
    Query found = m_index->query(u"SELECT message_fts.rowid, message_id FROM message_fts JOIN message_row ON row = message_fts.rowid"
                                 " WHERE message_fts MATCH :match AND message_fts.rowid < :below"
                                 " AND (:inboxes IS NULL OR inbox_id IN (SELECT value FROM json_each(:inboxes)))"
                                 " ORDER BY message_fts.rowid DESC"_s);
    found.bind(":match"_L1, search->match).bind(":below"_L1, below).bind(":inboxes"_L1, search->inboxes);
    while (!search->isFull() && found.next()) {
        const qint64 id = found.integer(1);
        Query q = m_database->query(u"SELECT conversation_id, content, created_at, (SELECT group_concat(coalesce(a.name, a.title), ' ') FROM attachment a"
                                    " WHERE a.message_id = message.id) FROM message WHERE id = :id AND NOT deleted"_s);
        q.bind(":id"_L1, id);
        if (q.next()) {
            const QString text = q.text(3).isEmpty() ? q.text(1) : q.text(1) + u' ' + q.text(3);
            search->page.hits.append({.kind = SearchIndex::Kind::Message, .id = id, .conversationId = q.id<ConversationId>(0),
                                      .snippet = searchtext::snippet(text, search->question.text), .createdAt = q.time(2)});
            search->page.nextCursor = u"m%1"_s.arg(found.integer(0));
        }
        if (!q.ok())
            return q.error();
    }
    return found.ok() ? Result<void>() : found.error();
}

} // namespace antiphon
