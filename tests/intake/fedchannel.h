#pragma once

#include "tests/support/fakechannel.h"

#include <QJsonArray>
#include <QTimer>
#include <QUrlQuery>

#include <algorithm>

namespace antiphon::test {

/// A platform whose accounts have a feed: GET /feed?cursor=…&since=…&wait=1 answers {"items": [{id, at}], "cursor", "more"}.
class FedChannel final : public FakeChannel {
public:
    explicit FedChannel(Channel channel, CatchUpDepth depth)
        : FakeChannel(channel)
        , m_depth(depth)
    {
        hasFeed = true;
    }

    OperationPtr<FeedPage> readFeed(const FeedQuery &query, const InboxCredentials &inbox, const ChannelEndpoints &) const override
    {
        HttpRequest request{.url = QUrl(QStringLiteral("https://feed.example/feed"))};
        QUrlQuery parameters{{QStringLiteral("cursor"), query.cursor}, {QStringLiteral("since"), QString::number(toUnixMs(query.since))}};
        if (query.waits)
            parameters.addQueryItem(QStringLiteral("wait"), QStringLiteral("1"));
        request.url.setQuery(parameters);
        return singleCall<FeedPage>(request, [account = inbox.account](const HttpReply &reply) { return readPage(account, reply); });
    }
    Result<InboundEvent> read(const SplitEvent &event) const override
    {
        const QString id = event.payload.value(QStringLiteral("id")).toString();
        return InboundEvent(InboundMessage{.customer = {.contactSourceId = QStringLiteral("customer-of-") + id.left(1)},
                                           .sourceId = id,
                                           .content = QStringLiteral("hello"),
                                           .platformAt = event.platformAt.value_or(Timestamp{})});
    }
    CatchUpDepth catchUpDepth() const override { return m_depth; }

    static SplitEvent event(const QString &account, const QString &id, qint64 at)
    {
        return {.account = account,
                .lane = QStringLiteral("fed:") + id.left(1),
                .dedupeKey = QStringLiteral("m:") + id,
                .kind = QStringLiteral("message"),
                .platformAt = fromUnixMs(at),
                .payload = {{QStringLiteral("id"), id}}};
    }

private:
    static Result<FeedPage> readPage(const QString &account, const HttpReply &reply)
    {
        if (reply.transport)
            return *reply.transport;
        if (reply.status == 409)
            return Error{Error::Kind::Conflict, QStringLiteral("terminated by other request")};
        if (reply.status == 401)
            return Error{Error::Kind::Unauthorized, QStringLiteral("no such token")};
        if (reply.status != 200)
            return Error{Error::Kind::Unavailable, QStringLiteral("not now")};
        const auto body = json::parseObject(reply.body);
        FeedPage page{.cursor = body->value(QStringLiteral("cursor")).toString(), .hasMore = body->value(QStringLiteral("more")).toBool()};
        const QJsonArray items = body->value(QStringLiteral("items")).toArray();
        for (const QJsonValue &item : items)
            page.events.append(event(account, item.toObject().value(QStringLiteral("id")).toString(), item.toObject().value(QStringLiteral("at")).toInteger()));
        return page;
    }

    const CatchUpDepth m_depth;
};

/// Such a platform's server: keeps what is not confirmed, holds its answer back while there is nothing.
class FeedServer final : public HttpClient {
public:
    struct Item {
        QString id{};
        qint64 at = 0;
    };

    void send(const HttpRequest &request, Done done) override
    {
        requests.append(request);
        if (request.method == "DELETE") {
            calls.append(QStringLiteral("unsubscribe"));
            return answer(done, {.status = 200, .body = "{}", .requestWritten = true});
        }
        const QUrlQuery query(request.url);
        const QString cursor = query.queryItemValue(QStringLiteral("cursor"));
        cursors.append(cursor);
        calls.append(QStringLiteral("read"));
        if (status != 200)
            return answer(done, {.status = status, .body = "{}", .requestWritten = true});
        const qsizetype from = cursor.toInt();
        if (from >= items.size() && query.hasQueryItem(QStringLiteral("wait"))) {
            held.append([this, cursor, done] { answer(done, page(cursor)); });
            return;
        }
        answer(done, page(cursor));
    }
    void add(const QString &id, qint64 at)
    {
        items.append({id, at});
        const auto waiting = std::exchange(held, {});
        for (const auto &reply : waiting)
            reply();
    }
    int reads() const { return int(cursors.size()); }

    QList<Item> items{};
    int pageSize = 100;
    int status = 200;
    QList<HttpRequest> requests{};
    QStringList cursors{};
    QStringList calls{};
    QList<std::function<void()>> held{};       ///< long polls that wait

private:
    static void answer(const Done &done, const HttpReply &reply)
    {
        QTimer::singleShot(0, [done, reply] { done(reply); });
    }
    /// Where nothing is new the position stays as it was.
    HttpReply page(const QString &cursor) const
    {
        const qsizetype from = cursor.toInt();
        QJsonArray listed;
        const qsizetype end = std::min<qsizetype>(from + pageSize, items.size());
        for (qsizetype i = from; i < end; ++i)
            listed.append(QJsonObject{{QStringLiteral("id"), items.at(i).id}, {QStringLiteral("at"), items.at(i).at}});
        return {.status = 200,
                .body = json::toBytes({{QStringLiteral("items"), listed}, {QStringLiteral("cursor"), end > from ? QString::number(end) : cursor},
                                       {QStringLiteral("more"), end < items.size()}}),
                .requestWritten = true};
    }
};

} // namespace antiphon::test
