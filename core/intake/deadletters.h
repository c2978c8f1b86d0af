#pragma once

#include "core/store/transaction.h"

#include <QJsonObject>

/// What could not be read or applied, set aside with its reason until a person decides. Whole deliveries and single events are one list:
/// the id is twice the row's, plus one for a delivery, so it is a decimal string that says which of the two it is.
namespace antiphon::deadletters {

struct DeadLetter {
    qint64 id = 0;
    InboxId inboxId{};                   ///< null for a whole delivery
    QString kind{};                      ///< "message", "echo" …; "delivery" for a whole body
    QString channel{};                   ///< of a delivery
    Timestamp receivedAt{};
    QString errorClass{};                ///< "shape", "deterministic", "transient", "crash"
    QString reason{};
    int attempts = 0;
    QString lane{};                      ///< empty for a whole delivery
};

QJsonObject toJson(const DeadLetter &letter);

/// Whose it is, as far as that is known here.
struct Origin {
    ContactId contactId{};
    QString contactName{};
    ConversationId conversationId{};
};
Result<Origin> originOf(ReadTransaction &tx, const DeadLetter &letter);

/// Dead letters that failed alike.
struct Group {
    InboxId inboxId{};                   ///< null for whole deliveries
    QString channel{};
    QString kind{};
    QString errorClass{};
    QString reason{};
    qint64 count = 0;
    Timestamp oldest{};
    Timestamp newest{};
};
/// The largest first.
Result<QList<Group>> groups(ReadTransaction &tx, int limit);
QJsonObject toJson(const Group &group);

/// Newest first, behind `before` (nothing: from the newest).
struct Cursor {
    Timestamp receivedAt{};
    qint64 id = 0;
};
QString toText(const Cursor &cursor);
std::optional<Cursor> cursorFromText(const QString &text);

struct Page {
    QList<DeadLetter> items{};
    std::optional<Cursor> next{};
};
Result<Page> list(ReadTransaction &tx, const std::optional<Cursor> &before, int limit);
/// NotFound.
Result<DeadLetter> find(ReadTransaction &tx, qint64 id);

/// Another chance. The intake must be told to rescan() after the commit. NotFound where it isn't dead (any more), Conflict where its body is gone.
Result<void> retry(WriteTransaction &tx, qint64 id);
/// Given up for ever: the platform's repeats don't bring it back. NotFound.
Result<void> discard(WriteTransaction &tx, qint64 id);

} // namespace antiphon::deadletters
