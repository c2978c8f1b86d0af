#include "core/channels/telegram/telegrammedia.h"

#include "core/base/json.h"
#include "core/channels/calls.h"
#include "core/channels/telegram/botapi.h"
#include "core/channels/telegram/telegramcontent.h"

#include <QJsonArray>

namespace antiphon::telegram {

using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::milliseconds kDownloadTimeout{300'000};
constexpr double kPictureWidth = 160;

/// A server of one's own in its local mode names a file on its own disk.
bool isPathOnDisk(const QString &path)
{
    return path.startsWith(u'/') || path.startsWith(u'\\') || path.mid(1, 1) == ":"_L1;
}

Result<QUrl> readAddress(const BotApi &api, const HttpReply &reply)
{
    const auto answer = api.read(reply, Repeatable::Yes);
    if (!answer) {
        Error error = answer.error();
        if (error.kind == Error::Kind::Invalid)           // "invalid file_id" and its kin: the file is gone for this bot
            error.kind = Error::Kind::NotFound;
        return error;
    }
    const QJsonObject file = answer->toObject();
    if (json::integer(file.value("file_size"_L1)).value_or(0) > kMediaLimit)
        return Error{Error::Kind::ChannelLimit, u"over 20 MB, which no bot can fetch"_s};
    const QString path = json::string(file, "file_path"_L1);
    if (isPathOnDisk(path))
        return Error{Error::Kind::Forbidden, u"the bot's own server runs with --local and names a file on its disk: start it without"_s};
    if (path.isEmpty() || path.contains(".."_L1))
        return Error{Error::Kind::BadPayload, u"no file_path"_s};
    return api.fileUrl(path);
}

/// The smallest that is at least as wide as wanted, else the largest.
QJsonObject fitting(const QJsonArray &sizes)
{
    QJsonObject best;
    for (const QJsonValue &value : sizes) {
        const double width = value.toObject().value("width"_L1).toDouble();
        const double known = best.value("width"_L1).toDouble();
        const bool isBetter = known < kPictureWidth ? width > known : width >= kPictureWidth && width < known;
        if (best.isEmpty() || isBetter)
            best = value.toObject();
    }
    return best;
}

class CustomerPicture final : public Operation<AccountProfile> {
public:
    CustomerPicture(const BotApi &api, const QString &chat) : m_api(api), m_chat(chat) {}

    Step start() override
    {
        return Step(std::in_place_index<0>, m_api.post(u"getUserProfilePhotos"_s, {{"user_id"_L1, m_chat.toLongLong()}, {"limit"_L1, 1}}));
    }

    Step next(const HttpReply &reply) override
    {
        if (m_isListed) {
            const auto url = readAddress(m_api, reply);
            return url ? Step(std::in_place_index<1>, AccountProfile{.picture = *url}) : Step(std::in_place_index<2>, url.error());
        }
        const auto answer = m_api.read(reply, Repeatable::Yes);
        if (!answer) {
            Error error = answer.error();
            if (error.kind == Error::Kind::Invalid)
                error.kind = Error::Kind::NotFound;
            return Step(std::in_place_index<2>, error);
        }
        const QString id = json::string(fitting(answer->toObject().value("photos"_L1).toArray().first().toArray()), "file_id"_L1);
        if (id.isEmpty())
            return Step(std::in_place_index<2>, Error{Error::Kind::NotFound, u"no picture that a bot may see"_s});
        m_isListed = true;
        return Step(std::in_place_index<0>, m_api.post(u"getFile"_s, {{"file_id"_L1, id}}));
    }

private:
    BotApi m_api;
    QString m_chat;
    bool m_isListed = false;
};

} // namespace

OperationPtr<HttpRequest> fetchMedia(const QJsonObject &remote, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    const QString id = json::string(remote, "file_id"_L1);
    if (id.isEmpty())
        return knownAnswer<HttpRequest>(Error{Error::Kind::BadPayload, u"no file"_s});
    if (json::integer(remote.value("size"_L1)).value_or(0) > kMediaLimit)
        return knownAnswer<HttpRequest>(Error{Error::Kind::ChannelLimit, u"over 20 MB, which no bot can fetch"_s});
    const BotApi api(inbox, endpoints);
    return singleCall<HttpRequest>(api.post(u"getFile"_s, {{"file_id"_L1, id}}), [api](const HttpReply &reply) -> Result<HttpRequest> {
        const auto url = readAddress(api, reply);
        if (!url)
            return url.error();
        return HttpRequest{.url = *url, .timeout = kDownloadTimeout, .maxReplyBytes = kMediaLimit};
    });
}

OperationPtr<AccountProfile> customerPicture(const QString &chat, const InboxCredentials &inbox, const ChannelEndpoints &endpoints)
{
    return std::make_unique<CustomerPicture>(BotApi(inbox, endpoints), chat);
}

} // namespace antiphon::telegram
