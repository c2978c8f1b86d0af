#include "core/desk/pagemarks.h"

#include "core/base/json.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace antiphon::pagemarks {
using namespace Qt::StringLiterals;

namespace {

Error notOurs()
{
    return {Error::Kind::Invalid, u"not a cursor of this list"_s, u"cursor"_s};
}

QString encode(const QJsonArray &parts)
{
    return QString::fromLatin1(QJsonDocument(parts).toJson(QJsonDocument::Compact).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

/// Numbers travel as text, since a double holds only 53 bits of them.
std::optional<QJsonArray> decode(const QString &text, const QString &kind, qsizetype size)
{
    const auto bytes = QByteArray::fromBase64Encoding(text.toLatin1(),
                                                      QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals | QByteArray::AbortOnBase64DecodingErrors);
    if (!bytes)
        return std::nullopt;
    const QJsonDocument document = QJsonDocument::fromJson(*bytes);
    if (!document.isArray() || document.array().size() != size || document.array().at(0) != QJsonValue(kind))
        return std::nullopt;
    return document.array();
}

} // namespace

QString write(ConversationSort sort, const ConversationQueries::Key &key)
{
    return encode({u"v"_s, conversationSortName(sort), QString::number(key.phase), QString::number(key.rank), QString::number(key.at),
                   QString::number(key.id), QString::number(key.now)});
}

Result<std::optional<ConversationQueries::Key>> readConversation(const QString &text, ConversationSort sort)
{
    if (text.isEmpty())
        return std::optional<ConversationQueries::Key>();
    const auto parts = decode(text, u"v"_s, 7);
    if (!parts || parts->at(1) != QJsonValue(conversationSortName(sort)))
        return notOurs();
    std::array<qint64, 5> numbers{};
    for (size_t i = 0; i < numbers.size(); ++i) {
        const auto number = json::integer(parts->at(qsizetype(i) + 2));
        if (!number)
            return notOurs();
        numbers.at(i) = *number;
    }
    if (numbers[0] < 0 || numbers[0] > 1)
        return notOurs();
    return std::optional(ConversationQueries::Key{.phase = int(numbers[0]), .rank = numbers[1], .at = numbers[2], .id = numbers[3], .now = numbers[4]});
}

QString write(const ContactQueries::Key &key)
{
    return encode({u"c"_s, key.name, QString::number(key.id)});
}

Result<std::optional<ContactQueries::Key>> readContact(const QString &text)
{
    if (text.isEmpty())
        return std::optional<ContactQueries::Key>();
    const auto parts = decode(text, u"c"_s, 3);
    const auto id = parts ? json::integer(parts->at(2)) : std::nullopt;
    if (!id || !parts->at(1).isString())
        return notOurs();
    return std::optional(ContactQueries::Key{.name = parts->at(1).toString(), .id = *id});
}

} // namespace antiphon::pagemarks
