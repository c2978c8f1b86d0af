#include "core/domain/attachment.h"

#include "core/domain/names.h"
#include "core/domain/wire.h"

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;

constexpr std::array<QStringView, 8> kKinds{u"image", u"video", u"audio", u"file", u"sticker", u"embed", u"location", u"contact"};
constexpr std::array<QStringView, 3> kStates{u"pending", u"ready", u"failed"};

QJsonValue orNull(const std::optional<double> &number)
{
    return number ? QJsonValue(*number) : QJsonValue(QJsonValue::Null);
}

std::optional<double> real(const QJsonObject &json, QLatin1StringView key)
{
    const QJsonValue value = json.value(key);
    return value.isDouble() ? std::optional(value.toDouble()) : std::nullopt;
}
} // namespace

QString attachmentKindName(Attachment::Kind kind) { return names::of(kKinds, kind); }
std::optional<Attachment::Kind> attachmentKindFromName(QStringView name) { return names::find<Attachment::Kind>(kKinds, name); }
QString attachmentStateName(Attachment::State state) { return names::of(kStates, state); }
std::optional<Attachment::State> attachmentStateFromName(QStringView name) { return names::find<Attachment::State>(kStates, name); }

QJsonObject toJson(const Attachment &attachment)
{
    return {{u"id"_s, attachment.id.toString()},
            {u"kind"_s, attachmentKindName(attachment.kind)},
            {u"name"_s, json::orNull(attachment.name)},
            {u"mime"_s, json::orNull(attachment.mime)},
            {u"size"_s, attachment.size ? QJsonValue(*attachment.size) : QJsonValue(QJsonValue::Null)},
            {u"width"_s, json::orNull(attachment.width)},
            {u"height"_s, json::orNull(attachment.height)},
            {u"duration_ms"_s, json::orNull(attachment.durationMs)},
            {u"state"_s, attachmentStateName(attachment.state)},
            {u"error"_s, json::orNull(attachment.error)},
            {u"url"_s, json::orNull(attachment.url)},
            {u"embed_url"_s, json::orNull(attachment.embedUrl)},
            {u"latitude"_s, orNull(attachment.latitude)},
            {u"longitude"_s, orNull(attachment.longitude)},
            {u"title"_s, json::orNull(attachment.title)},
            {u"voice"_s, attachment.isVoice}};
}

Result<Attachment> attachmentFromJson(const QJsonObject &json)
{
    const auto id = wire::ownId<AttachmentId>(json);
    if (!id)
        return id.error();
    const auto kind = attachmentKindFromName(json.value("kind"_L1).toString());
    if (!kind)
        return wire::unknownWord("kind"_L1);
    const auto state = attachmentStateFromName(json.value("state"_L1).toString());
    if (!state)
        return wire::unknownWord("state"_L1);
    return Attachment{.id = *id,
                      .kind = *kind,
                      .name = json::string(json, "name"_L1),
                      .mime = json::string(json, "mime"_L1),
                      .size = json::integer(json.value("size"_L1)),
                      .width = wire::number(json, "width"_L1),
                      .height = wire::number(json, "height"_L1),
                      .durationMs = wire::number(json, "duration_ms"_L1),
                      .state = *state,
                      .error = json::string(json, "error"_L1),
                      .url = json::string(json, "url"_L1),
                      .embedUrl = json::string(json, "embed_url"_L1),
                      .latitude = real(json, "latitude"_L1),
                      .longitude = real(json, "longitude"_L1),
                      .title = json::string(json, "title"_L1),
                      .isVoice = json.value("voice"_L1).toBool()};
}

} // namespace antiphon
