#pragma once

#include "core/channels/inbound.h"

namespace antiphon::whatsapp {

/// What all events of one change share.
struct Source {
    QString group{};                     ///< WhatsApp Business Account id
    QString account{};                   ///< phone number id; empty: of the whole group
    QString display{};                   ///< digits of the business's number
    QString field{};
    QString stamp{};                     ///< the entry's own time, as it stood there
    std::optional<Timestamp> at{};       ///< the entry's own time, else when it came

    /// Whom an event without a customer is spread by; never empty.
    QString owner() const;

    /// The key of what has none of its own: the same bytes again are the same event.
    QString hashKey(const QJsonObject &content) const;

    /// `content` stands in the payload under "content".
    SplitEvent make(QLatin1StringView kind, const QString &key, const QJsonObject &content) const;
    SplitEvent broken(QLatin1StringView kind, const QJsonObject &content, const QString &why) const;
    SplitEvent ignored(const QJsonObject &content, const QString &why) const;
};

} // namespace antiphon::whatsapp
