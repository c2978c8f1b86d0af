#pragma once

#include "core/desk/deskparts.h"

namespace antiphon {

/// Turns changes into event frames for one agent, as things stand in one snapshot. Made for one batch of a session: what
/// several changes speak of is read once.
class EventRenderer {
public:
    EventRenderer(ReadTransaction &tx, const Caller &caller, const DeskView &view) : m_tx(tx), m_caller(caller), m_view(view) {}

    /// One frame. What the agent may not see, or what is gone since, is of type "none".
    Result<QByteArray> frame(const NumberedChange &change);

private:
    Result<QJsonObject> data(const Change &change);
    Result<QJsonObject> read(const Change &change);
    Result<QJsonObject> conversation(ConversationId id);

    ReadTransaction &m_tx;
    const Caller &m_caller;
    const DeskView &m_view;
    QHash<QString, QJsonObject> m_known;      ///< by "entity:id"
};

} // namespace antiphon
