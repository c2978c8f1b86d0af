#include "core/store/templaterepository.h"

#include <QHash>
#include <QJsonDocument>
#include <QSet>

#include <utility>

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

QString componentsText(const MessageTemplate &one)
{
    return QString::fromUtf8(QJsonDocument(one.components).toJson(QJsonDocument::Compact));
}

using Key = std::pair<QString, QString>;      // name and language

/// All that is stored of one but its time, as it is stored.
using Stored = QStringList;

Stored storedOf(const MessageTemplate &one)
{
    return {one.templateId, one.status, one.category, one.parameterFormat, componentsText(one), one.rejectedReason};
}

/// Not read as templates: an account may have thousands, and most lists bring nothing new.
Result<QHash<Key, Stored>> storedAll(ReadTransaction &tx, InboxId inbox)
{
    Query q = tx.query(u"SELECT name, language, template_id, status, category, parameter_format, components, rejected_reason"
                       " FROM message_template WHERE inbox_id = :inbox"_s);
    q.bind(":inbox"_L1, inbox);
    QHash<Key, Stored> rows;
    while (q.next())
        rows.insert({q.text(0), q.text(1)}, {q.text(2), q.text(3), q.text(4), q.text(5), q.text(6), q.text(7)});
    if (!q.ok())
        return q.error();
    return rows;
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
        .bind(":components"_L1, componentsText(one))
        .bind(":reason"_L1, orNull(one.rejectedReason))
        .bind(":now"_L1, tx.now());
    return q.exec();
}

} // namespace

Result<bool> replaceAll(WriteTransaction &tx, InboxId inbox, const QList<MessageTemplate> &all)
{
    const auto before = storedAll(tx, inbox);
    if (!before)
        return before.error();
    QHash<Key, Stored> known = *before;
    QSet<Key> gone(known.keyBegin(), known.keyEnd());
    bool isChanged = false;
    for (const MessageTemplate &one : all) {
        const Key key{one.name, one.language};
        gone.remove(key);
        const Stored now = storedOf(one);
        if (const auto row = known.constFind(key); row != known.cend() && *row == now)
            continue;
        known.insert(key, now);
        isChanged = true;
        if (const auto done = store(tx, inbox, one); !done)
            return done.error();
    }
    for (const auto &[name, language] : std::as_const(gone)) {
        Query q = tx.query(u"DELETE FROM message_template WHERE inbox_id = :inbox AND name = :name AND language = :language"_s);
        q.bind(":inbox"_L1, inbox).bind(":name"_L1, name).bind(":language"_L1, language);
        if (const auto done = q.exec(); !done)
            return done.error();
        isChanged = true;
    }
    Query synced = tx.query(u"UPDATE message_template SET synced_at = :now WHERE inbox_id = :inbox"_s);
    synced.bind(":now"_L1, tx.now()).bind(":inbox"_L1, inbox);
    if (const auto done = synced.exec(); !done)
        return done.error();
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
