#include "core/desk/desksettings.h"

#include "core/desk/params.h"
#include "core/store/settingrepository.h"

#include <algorithm>

namespace antiphon::desk {
using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kLongestName = 100;
constexpr qsizetype kLargestView = 4096;

bool isName(const QJsonValue &value)
{
    const QString text = value.toString().trimmed();
    return !text.isEmpty() && text.size() <= kLongestName;
}

bool isLocale(const QJsonValue &value)
{
    const QString text = value.toString();
    return value.isString() && text.size() <= 35
        && std::all_of(text.begin(), text.end(), [](QChar c) { return c == u'-' || c == u'_' || (c.unicode() < 128 && c.isLetterOrNumber()); });
}

bool isTheme(const QJsonValue &value)
{
    return value == "system"_L1 || value == "light"_L1 || value == "dark"_L1;
}

bool isSendKey(const QJsonValue &value)
{
    return value == "enter"_L1 || value == "ctrl_enter"_L1;
}

bool isFlag(const QJsonValue &value)
{
    return value.isBool();
}

bool isKeepAwake(const QJsonValue &value)
{
    return value == "off"_L1 || value == "always"_L1 || value == "on_mains"_L1;
}

bool isView(const QJsonValue &value)
{
    return value.isObject() && json::toBytes(value.toObject()).size() <= kLargestView;
}

const SettingKey *find(const QString &name)
{
    const auto &keys = settingKeys();
    const auto it = std::find_if(keys.begin(), keys.end(), [&](const SettingKey &key) { return key.name == name; });
    return it == keys.end() ? nullptr : &*it;
}

QString storedName(const SettingKey &key, const Caller &caller)
{
    return key.isPersonal ? u"agent:%1:%2"_s.arg(caller.agent.id.toString(), key.name) : key.name;
}

Error unknownKey(QLatin1StringView list, const QString &name)
{
    return params::invalid(list, u"no such setting: "_s + name.left(64));
}

} // namespace

const QList<SettingKey> &settingKeys()
{
    static const QList<SettingKey> keys{
        {.name = u"workspace.name"_s, .accepts = isName},
        {.name = u"workspace.locale"_s, .accepts = isLocale},
        {.name = u"keep_awake"_s, .accepts = isKeepAwake},
        {.name = u"keep_awake_state"_s},
        {.name = u"ui.theme"_s, .isPersonal = true, .accepts = isTheme},
        {.name = u"ui.language"_s, .isPersonal = true, .accepts = isLocale},
        {.name = u"ui.send_with"_s, .isPersonal = true, .accepts = isSendKey},
        {.name = u"ui.notifications"_s, .isPersonal = true, .accepts = isFlag},
        {.name = u"ui.last_view"_s, .isPersonal = true, .accepts = isView},
    };
    return keys;
}

Result<QJsonObject> getSettings(ReadTransaction &tx, const Caller &caller, const QJsonObject &params)
{
    const auto asked = params::texts(params, "keys"_L1);
    if (!asked)
        return asked.error();
    QStringList names = *asked;
    if (params.value("keys"_L1).isUndefined() || params.value("keys"_L1).isNull()) {
        for (const SettingKey &key : settingKeys())
            names.append(key.name);
    }
    QJsonObject values;
    for (const QString &name : std::as_const(names)) {
        const SettingKey *key = find(name);
        if (!key)
            return unknownKey("keys"_L1, name);
        const auto value = settings::value(tx, storedName(*key, caller));
        if (!value)
            return value.error();
        values.insert(name, value->value_or(QJsonValue(QJsonValue::Null)));
    }
    return QJsonObject{{u"values"_s, values}};
}

Result<QJsonObject> setSettings(WriteTransaction &tx, const Caller &caller, const QJsonObject &params)
{
    if (!params.value("values"_L1).isObject())
        return params::invalid("values"_L1, u"required"_s);
    const QJsonObject values = params.value("values"_L1).toObject();
    for (auto it = values.begin(); it != values.end(); ++it) {
        const SettingKey *key = find(it.key());
        if (!key)
            return unknownKey("values"_L1, it.key());
        if (!key->accepts)
            return Error{Error::Kind::Invalid, u"it can only be read"_s, u"values."_s + it.key()};
        if (!it.value().isNull() && !key->accepts(it.value()))
            return Error{Error::Kind::Invalid, u"not a value of this setting"_s, u"values."_s + it.key()};
        if (!key->isPersonal && caller.agent.role == Agent::Role::Agent)
            return Error{Error::Kind::Forbidden, u"the workspace's settings are its admins'"_s};
        if (const auto done = settings::store(tx, storedName(*key, caller), it.value()); !done)
            return done.error();
    }
    return QJsonObject();
}

} // namespace antiphon::desk
