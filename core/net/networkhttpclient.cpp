#include "core/net/networkhttpclient.h"

#include "core/base/logging.h"
#include "core/net/httpexchange.h"

namespace antiphon {

using namespace Qt::StringLiterals;

NetworkHttpClient::NetworkHttpClient(QObject *parent) : QObject(parent) {}

void NetworkHttpClient::send(const HttpRequest &request, Done done)
{
    auto body = std::make_shared<QByteArray>();
    // Never the query nor a header: they carry secrets and customer keys.
    const QString label = QString::fromLatin1(request.method) + u' ' + request.url.host() + request.url.path();
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
