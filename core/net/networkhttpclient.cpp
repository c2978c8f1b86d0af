#include "core/net/networkhttpclient.h"

#include "core/base/logging.h"
#include "core/net/httpexchange.h"

namespace antiphon {

using namespace Qt::StringLiterals;

namespace {

/// A bot's token stands in the path of its calls ("/bot7000000001:AA…/getMe"): of such a part nothing is said.
QString pathForLog(const QUrl &url)
{
    QStringList parts = url.path().split(u'/');
    for (QString &part : parts) {
        if (part.contains(u':'))
            part = u"…"_s;
    }
    return parts.join(u'/');
}

} // namespace

NetworkHttpClient::NetworkHttpClient(QObject *parent) : QObject(parent) {}

void NetworkHttpClient::send(const HttpRequest &request, Done done)
{
    auto body = std::make_shared<QByteArray>();
    // Never the query nor a header, nor all of the path: they carry secrets and customer keys.
    const QString label = QString::fromLatin1(request.method) + u' ' + request.url.host() + pathForLog(request.url);
    HttpExchange::Hooks hooks{
        .piece = [body](const QByteArray &piece) { *body += piece; },
        .done =
            [body, done = std::move(done), label](const HttpExchange::Outcome &outcome) {
                if (outcome.error)
                    qCInfo(lcNet).noquote() << label << describe(*outcome.error) << (outcome.requestWritten ? "written" : "not written");
                done({.status = outcome.status, .headers = outcome.headers, .body = outcome.error ? QByteArray() : *body,
                      .requestWritten = outcome.requestWritten, .transport = outcome.error});
            },
    };
    auto *exchange = new HttpExchange(request, std::chrono::milliseconds(0), std::move(hooks), this);
    exchange->start();
}

} // namespace antiphon
