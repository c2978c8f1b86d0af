#pragma once

#include "core/base/result.h"
#include "core/channels/outbound.h"

namespace antiphon::whatsapp {

/// How a file goes: its `type` in a message, the media type it is uploaded as, and what it may weigh.
struct FileRule {
    QString mime{};                      ///< "audio/ogg; codecs=opus"
    QString type{};                      ///< "image", "video", "audio", "document", "sticker"
    QStringList suffixes{};              ///< a name must end in one of them; the first is put there
    qint64 limit = 0;                    ///< bytes

    bool takesCaption() const { return type != QLatin1StringView("audio") && type != QLatin1StringView("sticker"); }
};

/// Nothing where WhatsApp takes no such file. WebP goes as a sticker only, where `kind` says that it is one.
/// @see https://developers.facebook.com/documentation/business-messaging/whatsapp/business-phone-numbers/media#supported-media-types
std::optional<FileRule> fileRule(const QString &mime, Attachment::Kind kind);

/// What a file is called at WhatsApp: as the agent's, ended as its type wants it.
QString uploadName(const OutboundAttachment &file, const FileRule &rule);

/// ChannelLimit with `field` "attachment_ids": a type that isn't taken, or too heavy. Where its bytes are there: sound in Ogg that is not Opus, a still
/// sticker over 100 KB.
Result<void> checkFile(const OutboundAttachment &file);

QStringList fileMimes();
QHash<QString, qint64> fileLimits();

} // namespace antiphon::whatsapp
