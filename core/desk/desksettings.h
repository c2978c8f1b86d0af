#pragma once

#include "core/desk/methodtable.h"

namespace antiphon::desk {

/// One setting that clients may read and write. Any other name is Invalid.
struct SettingKey {
    QString name{};
    bool isPersonal = false;              ///< each agent's own; the others are the workspace's, written by owner and admins
    bool (*accepts)(const QJsonValue &value) = nullptr;      ///< null: clients only read it
};

/// workspace.name (1-100 characters), workspace.locale ("de", "pt-BR"), keep_awake ("off", "always", "on_mains": whether the computer may fall asleep while
/// inboxes are connected), keep_awake_state ("off", "active", "on_battery", "not_available": how that stands; only to be read), and of each agent: ui.theme ("system", "light", "dark"), ui.language (a locale,
/// empty for the system's), ui.send_with ("enter", "ctrl_enter"), ui.notifications (boolean), ui.last_view (an object of at most 4 KiB).
const QList<SettingKey> &settingKeys();

/// {keys:[…]}, absent: all → {values:{name: value or null}}.
Result<QJsonObject> getSettings(ReadTransaction &tx, const Caller &caller, const QJsonObject &params);
/// {values:{name: value}}; a null takes the value away. All or none.
Result<QJsonObject> setSettings(WriteTransaction &tx, const Caller &caller, const QJsonObject &params);

} // namespace antiphon::desk
