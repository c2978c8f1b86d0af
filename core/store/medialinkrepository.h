#pragma once

#include "core/store/transaction.h"

/// Rows of `media_link`: addresses under which platforms come for files of sent messages, for as long as their channel needs.
namespace antiphon::medialinks {

struct Row {
    QString token{};
    MessageId messageId{};                   ///< with it the link ends
    QByteArray sha256{};                     ///< of the stored file; empty: `bytes` is all there is
    QByteArray bytes{};
    QString name{};
    QString mime{};
    qint64 size = 0;
    Timestamp until{};
};

Result<void> insert(WriteTransaction &tx, const Row &row);

/// Nothing where the token is unknown, its time is over or its message was deleted.
Result<std::optional<Row>> find(ReadTransaction &tx, const QString &token, Timestamp now);

/// Takes away what is over, at most `limit` rows.
Result<void> prune(WriteTransaction &tx, int limit);

} // namespace antiphon::medialinks
