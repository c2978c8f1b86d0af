#include "core/store/labelrepository.h"

namespace antiphon {
using namespace Qt::StringLiterals;

namespace {

constexpr std::array<QStringView, 8> kColors{u"#1f93ff", u"#2e9e5b", u"#c2571a", u"#8a4fd3", u"#c0392b", u"#13807e", u"#a0761b", u"#c23b82"};
constexpr qsizetype kLongestTitle = 60;

} // namespace

Result<QList<Label>> LabelRepository::all()
{
    Query query = m_tx.query(u"SELECT id, title, color FROM label ORDER BY title"_s);
    QList<Label> labels;
    while (query.next())
        labels.append({.id = query.id<LabelId>(0), .title = query.text(1), .color = query.text(2)});
    if (!query.ok())
        return query.error();
    return labels;
}

Result<Label> LabelRepository::byId(LabelId id)
{
    Query query = m_tx.query(u"SELECT id, title, color FROM label WHERE id = :id"_s);
    query.bind(":id"_L1, id);
    if (query.next())
        return Label{.id = query.id<LabelId>(0), .title = query.text(1), .color = query.text(2)};
    if (!query.ok())
        return query.error();
    return Error{Error::Kind::NotFound, u"no such label"_s};
}

Result<QStringList> LabelRepository::titlesOf(ConversationId conversation)
{
    Query query = m_tx.query(u"SELECT l.title FROM conversation_label cl JOIN label l ON l.id = cl.label_id "
                             "WHERE cl.conversation_id = :conversation"_s);
    query.bind(":conversation"_L1, conversation);
    QStringList titles;
    while (query.next())
        titles.append(query.text(0));
    if (!query.ok())
        return query.error();
    titles.sort();
    return titles;
}

Result<LabelId> LabelRepository::ensure(WriteTransaction &tx, const QString &title)
{
    {
        Query query = tx.query(u"SELECT id FROM label WHERE title = :title"_s);
        query.bind(":title"_L1, title);
        if (query.next())
            return query.id<LabelId>(0);
        if (!query.ok())
            return query.error();
    }
    const QString color = kColors.at(qHash(title, 0) % kColors.size()).toString();
    Query insert = tx.query(u"INSERT INTO label (title, color) VALUES (:title, :color)"_s);
    insert.bind(":title"_L1, title).bind(":color"_L1, color);
    if (const auto done = insert.exec(); !done)
        return done.error();
    const LabelId id(insert.lastInsertId());
    tx.changed(u"label.created"_s, id.value());
    return id;
}

Result<void> LabelRepository::replace(WriteTransaction &tx, ConversationId conversation, const QStringList &titles)
{
    {
        Query remove = tx.query(u"DELETE FROM conversation_label WHERE conversation_id = :conversation"_s);
        remove.bind(":conversation"_L1, conversation);
        if (const auto done = remove.exec(); !done)
            return done;
    }
    for (const QString &title : titles) {
        const auto label = ensure(tx, title);
        if (!label)
            return label.error();
        Query insert = tx.query(u"INSERT INTO conversation_label (conversation_id, label_id) VALUES (:conversation, :label) ON CONFLICT DO NOTHING"_s);
        insert.bind(":conversation"_L1, conversation).bind(":label"_L1, *label);
        if (const auto done = insert.exec(); !done)
            return done;
    }
    return {};
}

std::optional<QString> LabelRepository::normalTitle(const QString &title)
{
    QString normal;
    for (const QChar c : title.simplified().toLower()) {
        if (c == u' ')
            normal += u'-';
        else if (c.isLetterOrNumber() || c.isMark() || c.isSurrogate() || c == u'-' || c == u'_')
            normal += c;
        else
            return std::nullopt;
    }
    if (normal.isEmpty() || normal.size() > kLongestTitle)
        return std::nullopt;
    return normal;
}

} // namespace antiphon
