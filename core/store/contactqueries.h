#pragma once

#include "core/domain/contact.h"
#include "core/store/transaction.h"

namespace antiphon {

/// Reading customers.
class ContactQueries {
public:
    /// Where a page ended.
    struct Key {
        QString name{};
        qint64 id = 0;
    };
    struct Page {
        QList<Contact> items{};
        std::optional<Key> next{};
    };

    explicit ContactQueries(ReadTransaction &tx) : m_tx(tx) {}

    Result<Contact> byId(ContactId id);                      ///< NotFound

    /// By name. @param text part of a name, address, number or platform id; empty: everyone. @param blockedOnly only who is blocked here
    Result<Page> list(const QString &text, bool blockedOnly, const std::optional<Key> &after, int limit);

private:
    Result<void> complete(Contact &contact);

    ReadTransaction &m_tx;
};

} // namespace antiphon
