#include "core/channels/twilio/twiliofiles.h"

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMib = 1024 * 1024;
constexpr qint64 kWhatsappPicture = 5 * kMib;
constexpr qint64 kWhatsappFile = 16 * kMib;

const QStringList &whatsappMimes()
{
    static const QStringList mimes{
        u"image/jpeg"_s, u"image/png"_s, u"image/webp"_s, u"audio/ogg"_s, u"audio/amr"_s, u"audio/3gpp"_s, u"audio/aac"_s, u"audio/mpeg"_s, u"video/mp4"_s,
        u"application/pdf"_s, u"application/msword"_s, u"application/vnd.openxmlformats-officedocument.wordprocessingml.document"_s,
        u"application/vnd.openxmlformats-officedocument.presentationml.presentation"_s, u"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"_s,
        u"text/vcard"_s, u"text/x-vcard"_s,
    };
    return mimes;
}

const QStringList &mmsMimes()
{
    static const QStringList mimes{
        u"image/jpeg"_s, u"image/png"_s, u"image/gif"_s, u"image/bmp"_s, u"image/tiff"_s, u"image/webp"_s, u"audio/basic"_s, u"audio/mp4"_s, u"audio/mpeg"_s,
        u"audio/ogg"_s, u"audio/3gpp"_s, u"audio/amr"_s, u"audio/amr-nb"_s, u"audio/webm"_s, u"audio/wav"_s, u"audio/aac"_s, u"video/mpeg"_s, u"video/mp4"_s,
        u"video/quicktime"_s, u"video/webm"_s, u"video/3gpp"_s, u"video/3gpp2"_s, u"video/h264"_s, u"text/vcard"_s, u"text/x-vcard"_s, u"text/csv"_s, u"text/rtf"_s,
        u"text/plain"_s, u"text/calendar"_s, u"text/directory"_s, u"application/pdf"_s, u"application/vcard"_s,
    };
    return mimes;
}

QString known(const QString &mime)
{
    static const QHash<QString, QString> others{{u"image/jpg"_s, u"image/jpeg"_s}, {u"audio/mp3"_s, u"audio/mpeg"_s}, {u"audio/x-m4a"_s, u"audio/mp4"_s},
                                                {u"audio/m4a"_s, u"audio/mp4"_s},  {u"audio/x-wav"_s, u"audio/wav"_s}, {u"audio/opus"_s, u"audio/ogg"_s}};
    const QString type = mime.section(u';', 0, 0).trimmed().toLower();
    return others.value(type, type);
}

qint64 limitOf(const QString &mime, bool whatsapp)
{
    if (!whatsapp)
        return kMmsLimit;
    return mime.startsWith("image/"_L1) ? kWhatsappPicture : kWhatsappFile;
}

} // namespace

bool takesCaption(const OutboundAttachment &file)
{
    const QString mime = known(file.mime);
    return (mime.startsWith("image/"_L1) && mime != "image/webp"_L1) || mime.startsWith("video/"_L1);
}

Result<void> checkFile(const OutboundAttachment &file, bool whatsapp)
{
    const auto refusal = [](const QString &detail) { return Error{Error::Kind::ChannelLimit, detail, u"attachment_ids"_s}; };
    const QString mime = known(file.mime);
    if (!(whatsapp ? whatsappMimes() : mmsMimes()).contains(mime))
        return refusal((whatsapp ? u"WhatsApp takes no files of the type %1"_s : u"text messages take no files of the type %1"_s).arg(mime.left(80)));
    const qint64 limit = limitOf(mime, whatsapp);
    if (std::max<qint64>(file.size, file.bytes.size()) > limit)
        return refusal(u"over %1 MB, the limit for this type"_s.arg(limit / kMib));
    return {};
}

QStringList fileMimes(bool whatsapp)
{
    return whatsapp ? whatsappMimes() : mmsMimes();
}

QHash<QString, qint64> fileLimits(bool whatsapp)
{
    QHash<QString, qint64> limits;
    const QStringList mimes = fileMimes(whatsapp);
    for (const QString &mime : mimes)
        limits.insert(mime, limitOf(mime, whatsapp));
    return limits;
}

} // namespace antiphon::twilio
