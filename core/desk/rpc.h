#pragma once

#include "core/base/result.h"

#include <QJsonObject>
#include <QJsonValue>

#include <variant>

/// The frame around the Desk API: JSON-RPC 2.0, one message a text frame.
namespace antiphon::rpc {

constexpr int kParseError = -32700;
constexpr int kInvalidRequest = -32600;
constexpr int kMethodNotFound = -32601;
constexpr int kInvalidParams = -32602;

/// One request. `id` is undefined for a notification, which gets no answer.
struct Request {
    QJsonValue id{QJsonValue::Undefined};
    QString method{};
    QJsonObject params{};

    bool wantsAnswer() const { return !id.isUndefined(); }
};

/// A frame that is no request, or one whose answer is certain already: what is to be sent back.
struct Refusal {
    QByteArray answer{};
};

std::variant<Request, Refusal> parse(const QByteArray &text);

QByteArray resultText(const QJsonValue &id, const QJsonObject &result);
/// By the contract's code; `data` has reason, field, retry_after (s) and code where there are such.
QByteArray errorText(const QJsonValue &id, const Error &error);
QByteArray protocolErrorText(const QJsonValue &id, int code, const QString &message);

/// A numbered event; `data` is left out where it is empty.
QByteArray eventText(qint64 seq, const QString &type, const QJsonObject &data);
/// One that isn't kept: its seq is null.
QByteArray volatileEventText(const QString &type, const QJsonObject &data);

int codeOf(Error::Kind kind);        ///< -32001 … -32008
QString reasonOf(Error::Kind kind);  ///< "unauthorized", …

} // namespace antiphon::rpc
