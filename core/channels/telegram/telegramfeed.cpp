#include "core/channels/telegram/telegramfeed.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/telegram/botapi.h"
#include "core/channels/telegram/telegramupdates.h"

#include <QLocale>

namespace antiphon::telegram {

using namespace Qt::StringLiterals;

namespace {

constexpr int kLimit = 100;
constexpr std::chrono::milliseconds kPatience{15'000};          // beyond the time that Telegram waits
constexpr qint64 kLargestPage = 16 * 1024 * 1024;

/// The platform's own clock, for updates without a time.
std::optional<Timestamp> dateOf(const HttpReply &reply)
{
    const QDateTime date = QLocale::c().toDateTime(QString::fromLatin1(reply.header("date")), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
    if (!date.isValid())
        return std::nullopt;
    return fromUnixMs(QDateTime(date.date(), date.time(), Qt::UTC).toMSecsSinceEpoch());
}

Result<ChannelAdapter::FeedPage> readPage(const QJsonValue &result, const QString &cursor, const UpdateSource &source)
{
    if (!result.isArray())
        return Error{Error::Kind::Unavailable, u"no list of updates"_s};
    const QJsonArray updates = result.toArray();
    ChannelAdapter::FeedPage page{.cursor = cursor, .hasMore = updates.size() >= kLimit};
    std::optional<qint64> highest;
    for (const QJsonValue &value : updates) {
        const QJsonObject update = value.toObject();
        page.events += splitUpdate(update, source);
        if (const auto id = json::integer(update.value("update_id"_L1)))
            highest = qMax(*id, highest.value_or(*id));
    }
    if (highest)
        page.cursor = QString::number(*highest + 1);
    return page;
}

} // namespace

OperationPtr<ChannelAdapter::FeedPage> readFeed(const ChannelAdapter::FeedQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    const BotApi api(inbox, endpoints);
    const qint64 waits = query.waits ? kLongPoll.count() : 0;
    QJsonObject parameters{{"limit"_L1, kLimit}, {"timeout"_L1, waits}, {"allowed_updates"_L1, allowedUpdates()}};
    bool isNumber = false;
    const qint64 offset = query.cursor.toLongLong(&isNumber);
    if (isNumber)
        parameters.insert("offset"_L1, offset);
    HttpRequest request = api.post(u"getUpdates"_s, parameters);
    request.timeout = std::chrono::seconds(waits) + kPatience;
    request.maxReplyBytes = kLargestPage;
    return singleCall<ChannelAdapter::FeedPage>(request, [api, cursor = query.cursor, source = UpdateSource{.inbox = query.inbox, .account = inbox.account}](
                                                             const HttpReply &reply) -> Result<ChannelAdapter::FeedPage> {
        const auto answer = api.read(reply, Repeatable::Yes);
        if (!answer)
            return answer.error();
        UpdateSource dated = source;
        dated.at = dateOf(reply);
        return readPage(*answer, cursor, dated);
    });
}

} // namespace antiphon::telegram
