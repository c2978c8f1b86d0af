#pragma once

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/base/result.h"

#include <QJsonObject>
#include <QList>

namespace antiphon {

/// A customer, with the ids under which the platforms know them.
struct Contact {
    struct Identifier {
        InboxId inboxId{};
        QString sourceId{};
    };

    ContactId id{};
    QString name{};
    QString avatarUrl{};                 ///< "/api/v1/attachments/…" of the desk port; empty where there is no picture
    QString phoneNumber{};               ///< E.164
    QString email{};
    QList<Identifier> identifiers{};
    QJsonObject customAttributes{};
    bool isBlocked = false;              ///< an agent wants nobody to be told of what they write; it is kept all the same
    Timestamp createdAt{};
};

QJsonObject toJson(const Contact &contact);
Result<Contact> contactFromJson(const QJsonObject &json);

} // namespace antiphon
