#include "core/channels/line/lineobjects.h"

#include "core/base/json.h"
#include "core/channels/textmarks.h"

#include <QTextBoundaryFinder>

namespace antiphon::line {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 kMib = 1024 * 1024;
constexpr qsizetype kMostQuickReplies = 13;
constexpr qsizetype kMostItems = 50;
constexpr qsizetype kLongestLabel = 20;          // what a person sees as characters
constexpr qsizetype kLongestAnswer = 300;

struct FileRule {
    QLatin1StringView mime;
    QLatin1StringView type;
    qint64 limit;
};
constexpr FileRule kRules[]{
    {"image/jpeg"_L1, "image"_L1, 10 * kMib}, {"image/png"_L1, "image"_L1, 10 * kMib},   {"video/mp4"_L1, "video"_L1, 200 * kMib},
    {"audio/mpeg"_L1, "audio"_L1, 200 * kMib}, {"audio/mp4"_L1, "audio"_L1, 200 * kMib},
};

const FileRule *ruleOf(const QString &mime)
{
    static const QHash<QString, QString> others{{u"image/jpg"_s, u"image/jpeg"_s},
                                                {u"audio/mp3"_s, u"audio/mpeg"_s},
                                                {u"audio/m4a"_s, u"audio/mp4"_s},
                                                {u"audio/x-m4a"_s, u"audio/mp4"_s}};
    const QString essence = mime.section(u';', 0, 0).trimmed().toLower();
    const QString type = others.value(essence, essence);
    for (const FileRule &rule : kRules) {
        if (type == rule.mime)
            return &rule;
    }
    return nullptr;
}

Error limit(const QString &field, const QString &detail)
{
    return {Error::Kind::ChannelLimit, detail, field};
}

QString label(const QString &title)
{
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, title);
    for (qsizetype i = 0; i < kLongestLabel; ++i) {
        if (finder.toNextBoundary() < 0)
            return title;
    }
    return title.first(finder.position());
}

bool isQuick(const OutboundChoice &choice)
{
    return choice.items.size() <= kMostQuickReplies;
}

QJsonObject quickReply(const OutboundChoice &choice)
{
    QJsonArray items;
    for (const OutboundChoice::Item &item : choice.items) {
        const QJsonObject action{{"type"_L1, u"message"_s}, {"label"_L1, label(item.title)}, {"text"_L1, item.title.left(kLongestAnswer)}};
        items.append(QJsonObject{{"type"_L1, u"action"_s}, {"action"_L1, action}});
    }
    return {{"items"_L1, items}};
}

/// More than can be tapped: a list to answer by its numbers.
QString numbered(const OutboundMessage &message)
{
    QStringList lines{rendered(message.content)};
    for (qsizetype i = 0; i < message.choice->items.size(); ++i) {
        const OutboundChoice::Item &item = message.choice->items.at(i);
        const QString more = item.description.isEmpty() ? QString() : u" – "_s + item.description;
        lines.append(u"%1. %2"_s.arg(i + 1).arg(item.title + more));
    }
    return lines.join(u'\n');
}

QString wordsOf(const OutboundMessage &message)
{
    return message.choice && !isQuick(*message.choice) ? numbered(message) : rendered(message.content);
}

QJsonObject fileObject(const OutboundAttachment &file)
{
    const FileRule *rule = ruleOf(file.mime);
    const QString link = file.link.toString(QUrl::FullyEncoded);
    QJsonObject object{{"type"_L1, rule ? QString(rule->type) : u"image"_s}, {"originalContentUrl"_L1, link}};
    if (rule && rule->type == "audio"_L1)
        object.insert("duration"_L1, std::max(1, file.durationMs.value_or(1000)));
    else
        object.insert("previewImageUrl"_L1, file.previewLink.isEmpty() ? link : file.previewLink.toString(QUrl::FullyEncoded));
    return object;
}

} // namespace

QString rendered(const QString &markdown)
{
    return renderMarkdown(markdown, {.keepsQuotes = false, .namesLinks = true});
}

QJsonArray objectsOf(const OutboundMessage &message)
{
    QJsonArray objects;
    if (const QString words = wordsOf(message); !words.isEmpty()) {
        QJsonObject text{{"type"_L1, u"text"_s}, {"text"_L1, words}};
        if (const QString quote = json::string(message.quotedTokens, "quote"_L1); !quote.isEmpty())
            text.insert("quoteToken"_L1, quote);
        if (message.choice && isQuick(*message.choice))
            text.insert("quickReply"_L1, quickReply(*message.choice));
        objects.append(text);
    }
    for (const OutboundAttachment &file : message.attachments)
        objects.append(fileObject(file));
    return objects;
}

Result<void> checkFile(const OutboundAttachment &file)
{
    constexpr auto kField = "attachment_ids"_L1;
    const FileRule *rule = ruleOf(file.mime);
    if (!rule) {
        const bool isMedia = file.mime.startsWith("image/"_L1) || file.mime.startsWith("video/"_L1) || file.mime.startsWith("audio/"_L1);
        return limit(kField, isMedia ? u"LINE takes pictures as JPEG or PNG, videos as MP4 and sound as MP3 or M4A"_s
                                     : u"LINE takes pictures, videos and sound, but no other files: send a link instead"_s);
    }
    const qint64 size = std::max<qint64>(file.size, file.bytes.size());
    if (size > rule->limit)
        return limit(kField, u"over %1 MB, LINE's limit for this type"_s.arg(rule->limit / kMib));
    return {};
}

Result<void> checkChoice(const OutboundMessage &message)
{
    const OutboundChoice &choice = *message.choice;
    if (!message.attachments.isEmpty())
        return limit(u"attachment_ids"_s, u"a choice or files, not both"_s);
    if (rendered(message.content).isEmpty())
        return limit(u"content"_s, u"a choice needs a text"_s);
    if (choice.items.isEmpty() || choice.items.size() > kMostItems)
        return limit(u"choice"_s, u"one to %1 items"_s.arg(kMostItems));
    for (const OutboundChoice::Item &item : choice.items) {
        if (item.title.trimmed().isEmpty())
            return limit(u"choice"_s, u"an item without title"_s);
    }
    if (wordsOf(message).size() > kTextLimit)
        return limit(u"content"_s, u"over %1 characters"_s.arg(kTextLimit));
    return {};
}

QStringList fileMimes()
{
    QStringList mimes;
    for (const FileRule &rule : kRules)
        mimes.append(rule.mime);
    mimes.append(u"audio/x-m4a"_s);
    return mimes;
}

QHash<QString, qint64> fileLimits()
{
    QHash<QString, qint64> limits;
    for (const FileRule &rule : kRules)
        limits.insert(rule.mime, rule.limit);
    return limits;
}

} // namespace antiphon::line
