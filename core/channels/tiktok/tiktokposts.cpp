#include "core/channels/tiktok/tiktokposts.h"

#include "core/base/json.h"
#include "core/channels/calls.h"

#include <algorithm>

namespace antiphon::tiktok {
namespace {
using namespace Qt::StringLiterals;

constexpr auto kHost = "www.tiktok.com"_L1;
constexpr qsizetype kLongestTitle = 500;
constexpr qint64 kMostBytes = 256 * 1024;

/// The post's number is the last part of its path: of the player's address as of the page's.
QString numberOf(const QUrl &post)
{
    const QString last = post.path().section(u'/', -1, -1, QString::SectionSkipEmpty);
    const bool isNumber = !last.isEmpty() && last.size() <= 32 && std::all_of(last.begin(), last.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
    return isNumber ? last : QString();
}

std::optional<HttpRequest> requestFor(const QUrl &post, const QUrl &web)
{
    const bool isTheirs = post.scheme() == "https"_L1 && post.host() == kHost && post.port(443) == 443;
    const bool isOverride = !web.isEmpty() && post.scheme() == web.scheme() && post.host() == web.host() && post.port() == web.port();
    const QString number = numberOf(post);
    if (web.isEmpty() || number.isEmpty() || (!isTheirs && !isOverride))
        return std::nullopt;
    QUrl url = web;
    QString path = web.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    url.setPath(path + u"/oembed"_s);
    // The page's address finds the post whatever name stands in it; the player's isn't known to the call.
    const QByteArray page = QUrl::toPercentEncoding(u"https://www.tiktok.com/@_/video/"_s + number);
    url.setQuery(u"url="_s + QString::fromLatin1(page));
    return HttpRequest{.url = url, .headers = {{"Accept", "application/json"}}, .maxReplyBytes = kMostBytes};
}

Result<PostCard> readCard(const HttpReply &reply)
{
    if (reply.status == 0)
        return reply.transport.value_or(Error{Error::Kind::Network, u"no answer"_s});
    if (reply.status != 200) {
        const auto kind = reply.status >= 500 || reply.status == 429 ? Error::Kind::Unavailable : Error::Kind::NotFound;
        return Error{.kind = kind, .detail = u"oEmbed answered HTTP %1"_s.arg(reply.status), .code = QString::number(reply.status)};
    }
    const auto root = json::parseObject(reply.body);
    if (!root)
        return root.error();
    PostCard card{.title = json::string(*root, "title"_L1).left(kLongestTitle)};
    const QUrl picture(json::string(*root, "thumbnail_url"_L1), QUrl::StrictMode);
    if (picture.isValid() && !picture.host().isEmpty())
        card.picture = picture;
    return card;
}

} // namespace

OperationPtr<PostCard> describePost(const QUrl &post, const QUrl &web)
{
    const auto request = requestFor(post, web);
    return request ? singleCall<PostCard>(*request, readCard) : nullptr;
}

} // namespace antiphon::tiktok
