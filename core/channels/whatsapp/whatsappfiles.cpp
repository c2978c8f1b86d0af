#include "core/channels/whatsapp/whatsappfiles.h"

namespace antiphon::whatsapp {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kKib = 1024;
constexpr qint64 kMib = 1024 * kKib;
constexpr qint64 kStillSticker = 100 * kKib;

const QList<FileRule> &rules()
{
    static const QList<FileRule> list{
        {u"image/jpeg"_s, u"image"_s, {u"jpg"_s, u"jpeg"_s}, 5 * kMib},
        {u"image/png"_s, u"image"_s, {u"png"_s}, 5 * kMib},
        {u"video/mp4"_s, u"video"_s, {u"mp4"_s}, 16 * kMib},
        {u"video/3gpp"_s, u"video"_s, {u"3gp"_s, u"3gpp"_s}, 16 * kMib},
        {u"audio/aac"_s, u"audio"_s, {u"aac"_s}, 16 * kMib},
        {u"audio/amr"_s, u"audio"_s, {u"amr"_s}, 16 * kMib},
        {u"audio/mpeg"_s, u"audio"_s, {u"mp3"_s}, 16 * kMib},
        {u"audio/mp4"_s, u"audio"_s, {u"m4a"_s, u"mp4"_s}, 16 * kMib},
        {u"audio/ogg; codecs=opus"_s, u"audio"_s, {u"ogg"_s, u"oga"_s, u"opus"_s}, 16 * kMib},
        {u"image/webp"_s, u"sticker"_s, {u"webp"_s}, 500 * kKib},
        {u"text/plain"_s, u"document"_s, {u"txt"_s}, 100 * kMib},
        {u"application/pdf"_s, u"document"_s, {u"pdf"_s}, 100 * kMib},
        {u"application/msword"_s, u"document"_s, {u"doc"_s}, 100 * kMib},
        {u"application/vnd.ms-excel"_s, u"document"_s, {u"xls"_s}, 100 * kMib},
        {u"application/vnd.ms-powerpoint"_s, u"document"_s, {u"ppt"_s}, 100 * kMib},
        {u"application/vnd.openxmlformats-officedocument.wordprocessingml.document"_s, u"document"_s, {u"docx"_s}, 100 * kMib},
        {u"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"_s, u"document"_s, {u"xlsx"_s}, 100 * kMib},
        {u"application/vnd.openxmlformats-officedocument.presentationml.presentation"_s, u"document"_s, {u"pptx"_s}, 100 * kMib},
    };
    return list;
}

QString essence(const QString &mime)
{
    return mime.section(u';', 0, 0).trimmed().toLower();
}

/// Other names of the same types.
QString known(const QString &mime)
{
    static const QHash<QString, QString> others{
        {u"image/jpg"_s, u"image/jpeg"_s},       {u"video/3gp"_s, u"video/3gpp"_s},   {u"audio/mp3"_s, u"audio/mpeg"_s},
        {u"audio/x-m4a"_s, u"audio/mp4"_s},      {u"audio/m4a"_s, u"audio/mp4"_s},    {u"audio/aacp"_s, u"audio/aac"_s},
        {u"audio/x-aac"_s, u"audio/aac"_s},      {u"audio/opus"_s, u"audio/ogg"_s},   {u"audio/x-opus+ogg"_s, u"audio/ogg"_s},
        {u"application/ogg"_s, u"audio/ogg"_s},
    };
    const QString type = essence(mime);
    return others.value(type, type);
}

QString amountOf(qint64 bytes)
{
    return bytes >= kMib ? u"%1 MB"_s.arg(bytes / kMib) : u"%1 KB"_s.arg(bytes / kKib);
}

bool isAnimated(const QByteArray &webp)
{
    constexpr qsizetype kFlags = 20;
    return webp.size() > kFlags && webp.sliced(12, 4) == "VP8X" && (webp[kFlags] & 0x02);
}

} // namespace

std::optional<FileRule> fileRule(const QString &mime, Attachment::Kind kind)
{
    const QString type = known(mime);
    for (const FileRule &rule : rules()) {
        if (essence(rule.mime) == type)
            return rule.type == "sticker"_L1 && kind != Attachment::Kind::Sticker ? std::nullopt : std::optional(rule);
    }
    return std::nullopt;
}

QString uploadName(const OutboundAttachment &file, const FileRule &rule)
{
    const QString name = file.name.isEmpty() ? rule.type : file.name;
    const QString suffix = name.contains(u'.') ? name.section(u'.', -1).toLower() : QString();
    return rule.suffixes.contains(suffix) ? name : name + u'.' + rule.suffixes.first();
}

Result<void> checkFile(const OutboundAttachment &file)
{
    const auto refusal = [](const QString &detail) { return Error{Error::Kind::ChannelLimit, detail, u"attachment_ids"_s}; };
    const auto rule = fileRule(file.mime, file.kind);
    if (!rule) {
        return refusal(known(file.mime) == "image/webp"_L1 ? u"WhatsApp takes WebP as a sticker only: send JPEG or PNG"_s
                                                           : u"WhatsApp takes no files of the type %1"_s.arg(essence(file.mime).left(80)));
    }
    const qint64 size = qMax<qint64>(file.size, file.bytes.size());
    if (size > rule->limit)
        return refusal(u"over %1, WhatsApp's limit for this type"_s.arg(amountOf(rule->limit)));
    if (file.bytes.isEmpty())
        return {};
    constexpr qsizetype kFirstPage = 512;
    if (rule->mime.startsWith("audio/ogg"_L1) && !file.bytes.first(qMin(kFirstPage, file.bytes.size())).contains("OpusHead"))
        return refusal(u"WhatsApp takes sound in Ogg as Opus only"_s);
    if (rule->type == "sticker"_L1 && size > kStillSticker && !isAnimated(file.bytes))
        return refusal(u"over 100 KB, WhatsApp's limit for a sticker that doesn't move"_s);
    return {};
}

QStringList fileMimes()
{
    QStringList mimes;
    for (const FileRule &rule : rules())
        mimes.append(essence(rule.mime));
    return mimes;
}

QHash<QString, qint64> fileLimits()
{
    QHash<QString, qint64> limits;
    for (const FileRule &rule : rules())
        limits.insert(essence(rule.mime), rule.limit);
    return limits;
}

} // namespace antiphon::whatsapp
