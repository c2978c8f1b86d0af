#pragma once

#include <QHashFunctions>
#include <QString>

#include <compare>
#include <optional>

namespace antiphon {

/// A 64-bit row id that can't be passed for another table's. 0 is no row; towards clients ids are decimal strings.
template <typename Tag>
class Id {
public:
    constexpr Id() = default;
    constexpr explicit Id(qint64 value) : m_value(value) {}

    constexpr qint64 value() const { return m_value; }
    constexpr bool isNull() const { return m_value == 0; }
    constexpr explicit operator bool() const { return m_value != 0; }
    QString toString() const { return QString::number(m_value); }

    /// Reads decimal digits only: no sign, no blanks, at most 19 digits, not 0.
    static std::optional<Id> fromString(QStringView text)
    {
        if (text.isEmpty() || text.size() > 19)
            return std::nullopt;
        for (const QChar c : text) {
            if (c < u'0' || c > u'9')
                return std::nullopt;
        }
        bool ok = false;
        const qint64 value = text.toLongLong(&ok);
        if (!ok || value == 0)
            return std::nullopt;
        return Id(value);
    }

    friend constexpr auto operator<=>(Id, Id) = default;
    friend size_t qHash(Id id, size_t seed = 0) noexcept { return ::qHash(id.m_value, seed); }

private:
    qint64 m_value = 0;
};

using AgentId = Id<struct AgentTag>;
using AttachmentId = Id<struct AttachmentTag>;
using ContactId = Id<struct ContactTag>;
using ContactInboxId = Id<struct ContactInboxTag>;
using ConversationId = Id<struct ConversationTag>;
using DeliveryId = Id<struct DeliveryTag>;
using EventId = Id<struct EventTag>;
using GapId = Id<struct GapTag>;
using InboxId = Id<struct InboxTag>;
using JobId = Id<struct JobTag>;
using LabelId = Id<struct LabelTag>;
using MessageId = Id<struct MessageTag>;
using OutboxId = Id<struct OutboxTag>;

} // namespace antiphon
