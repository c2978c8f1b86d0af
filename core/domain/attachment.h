#pragma once

#include "core/base/id.h"
#include "core/base/result.h"

#include <QJsonObject>

namespace antiphon {

/// A file, a shared post, a place or a card that belongs to a message.
struct Attachment {
    enum class Kind { Image, Video, Audio, File, Sticker, Embed, Location, Contact };
    enum class State { Pending, Ready, Failed };

    AttachmentId id{};
    Kind kind = Kind::File;
    QString name{};                      ///< as the sender called it: text for eyes, never a path
    QString mime{};
    std::optional<qint64> size{};        ///< bytes
    std::optional<int> width{};          ///< px
    std::optional<int> height{};         ///< px
    std::optional<int> durationMs{};
    State state = State::Pending;
    QString error{};                     ///< why it failed, a word: "too_large", "refused", "unavailable" …
    QString url{};                       ///< "/api/v1/attachments/{id}" of the desk port once ready
    QString embedUrl{};
    std::optional<double> latitude{};
    std::optional<double> longitude{};
    QString title{};
    bool isVoice = false;                ///< of audio: a voice note
};

QString attachmentKindName(Attachment::Kind kind);
std::optional<Attachment::Kind> attachmentKindFromName(QStringView name);
QString attachmentStateName(Attachment::State state);
std::optional<Attachment::State> attachmentStateFromName(QStringView name);

QJsonObject toJson(const Attachment &attachment);
Result<Attachment> attachmentFromJson(const QJsonObject &json);

} // namespace antiphon
