#include "core/desk/searchmethods.h"

#include "core/desk/params.h"

#include <QJsonArray>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestQuery = 500;
constexpr std::array<QStringView, 3> kKinds{u"message", u"contact", u"conversation"};

Result<SearchIndex::Question> questionOf(const QJsonObject &params)
{
    const auto query = params::text(params, "query"_L1, kLongestQuery);
    if (!query)
        return query.error();
    if (query->trimmed().isEmpty())
        return params::invalid("query"_L1, u"required"_s);
    const auto words = params::texts(params, "kinds"_L1);
    if (!words)
        return words.error();
    QList<SearchIndex::Kind> kinds;
    for (const QString &word : *words) {
        const auto it = std::find(kKinds.begin(), kKinds.end(), word);
        if (it == kKinds.end())
            return params::invalid("kinds"_L1, u"message, contact or conversation"_s);
        kinds.append(SearchIndex::Kind(it - kKinds.begin()));
    }
    const auto limit = params::limit(params);
    if (!limit)
        return limit.error();
    const auto cursor = params::text(params, "cursor"_L1, 1024);
    if (!cursor)
        return cursor.error();
    return SearchIndex::Question{.text = query->trimmed(), .kinds = kinds, .cursor = *cursor, .limit = *limit};
}

/// Search says how far it is: `seq` is the last change that it finds, `complete` is false while older messages are still read in.
QJsonObject answerOf(const SearchIndex::Page &page)
{
    QJsonArray items;
    for (const SearchIndex::Hit &hit : page.hits) {
        items.append(QJsonObject{{u"kind"_s, kKinds.at(size_t(hit.kind)).toString()},
                                 {u"id"_s, QString::number(hit.id)},
                                 {u"conversation_id"_s, json::orNull(hit.conversationId)},
                                 {u"snippet"_s, hit.snippet},
                                 {u"created_at"_s, toRfc3339(hit.createdAt)}});
    }
    return {{u"items"_s, items}, {u"next_cursor"_s, json::orNull(page.nextCursor)}, {u"seq"_s, page.indexedSeq}, {u"complete"_s, page.isComplete}};
}

} // namespace

void addSearchMethods(MethodTable &methods, SearchIndex &search, Mailbox &mailbox)
{
    methods.call(
        u"search"_s, Agent::Role::Agent,
        [&search, &mailbox](const Caller &, const QJsonObject &params, const MethodTable::Finished &finished) {
            const auto question = questionOf(params);
            if (!question)
                return finished(question.error());
            search.search(*question, mailbox, [finished](const Result<SearchIndex::Page> &page) {
                finished(page ? Result<MethodTable::Outcome>(MethodTable::Outcome{.result = answerOf(*page)})
                              : Result<MethodTable::Outcome>(page.error()));
            });
        },
        true);
}

} // namespace antiphon::desk
