#include "core/store/templaterepository.h"

#include <QJsonDocument>

#include <algorithm>

namespace antiphon::templates {
namespace {
using namespace Qt::StringLiterals;

QString orNull(const QString &text)
{
    return text.isEmpty() ? QString() : text;
}

MessageTemplate readRow(const Query &q)
{
    return {.inboxId = q.id<InboxId>(0),
            .name = q.text(1),
            .language = q.text(2),
            .templateId = q.text(3),
            .status = q.text(4),
            .category = q.text(5),
            .parameterFormat = q.text(6),
            .components = QJsonDocument::fromJson(q.text(7).toUtf8()).array(),
            .rejectedReason = q.text(8),
            .syncedAt = q.time(9)};
}

bool isSame(const MessageTemplate &a, const MessageTemplate &b)
{
    return a.templateId == b.templateId && a.status == b.status && a.category == b.category && a.parameterFormat == b.parameterFormat
        && a.components == b.components && a.rejectedReason == b.rejectedReason;
}

Result<void> store(WriteTransaction &tx, InboxId inbox, const MessageTemplate &one)
{
    Query q = tx.query(u"INSERT INTO message_template (inbox_id, name, language, template_id, status, category, parameter_format, components,"
                       " rejected_reason, synced_at)"
                       " VALUES (:inbox, :name, :language, :id, :status, :category, :format, :components, :reason, :now)"
                       " ON CONFLICT (inbox_id, name, language) DO UPDATE SET template_id = excluded.template_id, status = excluded.status,"
                       " category = excluded.category, parameter_format = excluded.parameter_format, components = excluded.components,"
                       " rejected_reason = excluded.rejected_reason, synced_at = excluded.synced_at"_s);
    q.bind(":inbox"_L1, inbox)
        .bind(":name"_L1, one.name)
        .bind(":language"_L1, one.language)
        .bind(":id"_L1, orNull(one.templateId))
        .bind(":status"_L1, one.status)
        .bind(":category"_L1, orNull(one.category))
        .bind(":format"_L1, orNull(one.parameterFormat))
        .bind(":components"_L1, QString::fromUtf8(QJsonDocument(one.components).toJson(QJsonDocument::Compact)))
        .bind(":reason"_L1, orNull(one.rejectedReason))
        .bind(":now"_L1, tx.now());
    return q.exec();
}

} // namespace

Result<bool> replaceAll(WriteTransaction &tx, InboxId inbox, const QList<MessageTemplate> &all)
{
    const auto before = list(tx, inbox);
    if (!before)
        return before.error();
    QList<MessageTemplate> left = *before;
    bool isChanged = false;
    for (const MessageTemplate &one : all) {
        const auto known = std::find_if(left.begin(), left.end(),
                                        [&one](const MessageTemplate &row) { return row.name == one.name && row.language == one.language; });
        isChanged = isChanged || known == left.end() || !isSame(*known, one);
        if (known != left.end())
            left.erase(known);
        if (const auto done = store(tx, inbox, one); !done)
            return done.error();
    }
    for (const MessageTemplate &gone : std::as_const(left)) {
        Query q = tx.query(u"DELETE FROM message_template WHERE inbox_id = :inbox AND name = :name AND language = :language"_s);
        q.bind(":inbox"_L1, inbox).bind(":name"_L1, gone.name).bind(":language"_L1, gone.language);
        if (const auto done = q.exec(); !done)
            return done.error();
        isChanged = true;
    }
    return isChanged;
}

Result<bool> setStatus(WriteTransaction &tx, InboxId inbox, const QString &name, const QString &language, const QString &status,
                       const QString &rejectedReason)
{
    Query q = tx.query(u"UPDATE message_template SET status = :status, rejected_reason = :reason"
                       " WHERE inbox_id = :inbox AND name = :name AND language = :language AND status <> :status"_s);
    q.bind(":status"_L1, status)
        .bind(":reason"_L1, orNull(rejectedReason))
        .bind(":inbox"_L1, inbox)
        .bind(":name"_L1, name)
        .bind(":language"_L1, language);
    if (const auto done = q.exec(); !done)
        return done.error();
    return q.rowsAffected() > 0;
}

Result<QList<MessageTemplate>> list(ReadTransaction &tx, InboxId inbox)
{
    Query q = tx.query(u"SELECT inbox_id, name, language, template_id, status, category, parameter_format, components, rejected_reason, synced_at"
                       " FROM message_template WHERE inbox_id = :inbox ORDER BY name, language"_s);
    q.bind(":inbox"_L1, inbox);
    QList<MessageTemplate> rows;
    while (q.next())
        rows.append(readRow(q));
    if (!q.ok())
        return q.error();
    return rows;
}

Result<std::optional<MessageTemplate>> find(ReadTransaction &tx, InboxId inbox, const QString &name, const QString &language)
{
    Query q = tx.query(u"SELECT inbox_id, name, language, template_id, status, category, parameter_format, components, rejected_reason, synced_at"
                       " FROM message_template WHERE inbox_id = :inbox AND name = :name AND language = :language"_s);
    q.bind(":inbox"_L1, inbox).bind(":name"_L1, name).bind(":language"_L1, language);
    if (q.next())
        return std::optional(readRow(q));
    if (!q.ok())
        return q.error();
    return std::optional<MessageTemplate>();
}

} // namespace antiphon::templates
