#include "core/channels/twilio/twiliolisted.h"

#include "core/base/json.h"
#include "core/channels/twilio/twilioapi.h"
#include "core/channels/twilio/twilioevents.h"

#include <QJsonArray>

#include <algorithm>

namespace antiphon::twilio {

using namespace Qt::StringLiterals;

std::optional<Timestamp> timeOf(const QJsonObject &item)
{
    const auto sent = momentOf(json::string(item, "date_sent"_L1));
    return sent ? sent : momentOf(json::string(item, "date_created"_L1));
}

QJsonObject fieldsOf(const QJsonObject &item, const QList<ListedFile> &files)
{
    QJsonObject fields{{"MessageSid"_L1, json::string(item, "sid"_L1)}, {"AccountSid"_L1, json::string(item, "account_sid"_L1)}};
    const auto add = [&](QLatin1StringView name, const QString &value) {
        if (!value.isEmpty())
            fields.insert(name, value);
    };
    add("From"_L1, json::string(item, "from"_L1));
    add("To"_L1, json::string(item, "to"_L1));
    add("MessagingServiceSid"_L1, json::string(item, "messaging_service_sid"_L1));
    QString body = item.value("body"_L1).toString();
    add("Body"_L1, json::cleanText(body.remove(QChar(0))));
    const qint64 told = json::integer(item.value("num_media"_L1)).value_or(0);
    fields.insert("NumMedia"_L1, QString::number(std::max<qint64>(told, files.size())));
    for (qsizetype i = 0; i < files.size(); ++i) {
        fields.insert(u"MediaUrl%1"_s.arg(i), files.at(i).address);
        fields.insert(u"MediaContentType%1"_s.arg(i), files.at(i).mime);
    }
    return fields;
}

Result<QList<ListedFile>> readFiles(const HttpReply &reply)
{
    const auto answer = readAnswer(reply, Repeatable::Yes);
    if (answer)
        return listedFiles(*answer);
    const Error::Kind kind = answer.error().kind;
    const bool isOfAll = kind == Error::Kind::Unauthorized || kind == Error::Kind::Forbidden || kind == Error::Kind::RateLimited || kind == Error::Kind::Network;
    return isOfAll ? Result<QList<ListedFile>>(answer.error()) : Result<QList<ListedFile>>(QList<ListedFile>());
}

QUrl mediaListUrl(const QString &messageSid, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return accountUrl(inbox, endpoints, u"Messages/%1/Media.json"_s.arg(QString::fromLatin1(QUrl::toPercentEncoding(messageSid))));
}

QList<ListedFile> listedFiles(const QJsonObject &answer)
{
    QList<ListedFile> files;
    const QJsonArray listed = answer.value("media_list"_L1).toArray();
    for (const QJsonValue &value : listed) {
        QString address = json::string(value.toObject(), "uri"_L1);
        if (address.endsWith(".json"_L1))
            address.chop(5);
        if (address.startsWith(u'/'))
            address = u"https://api.twilio.com"_s + address;
        if (!address.isEmpty())
            files.append({address, json::string(value.toObject(), "content_type"_L1)});
    }
    return files;
}

} // namespace antiphon::twilio
