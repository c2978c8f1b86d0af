#pragma once

#include "core/client/deskapi.h"
#include "ui/models/imagecache.h"

#include <QPromise>

namespace antiphon::test {

/// A moment all scenes are told from: a Monday, 10:05 UTC.
inline constexpr Timestamp kNow = fromUnixMs(1'763'373'900'000);

template <typename T>
QFuture<T> readyFuture(T value)
{
    QPromise<T> promise;
    promise.start();
    promise.addResult(std::move(value));
    promise.finish();
    return promise.future();
}

Message incoming(int id, const QString &text, Timestamp at = kNow);
Message outgoing(int id, const QString &text, Timestamp at = kNow, MessageStatus status = MessageStatus::Sent);
Message echo(int id, const QString &text, Timestamp at = kNow);
Message bot(int id, const QString &text, Timestamp at = kNow);
Message note(int id, const QString &text, Timestamp at = kNow);
Message failed(int id, const QString &text, const QString &code, Timestamp at = kNow);
Message activity(int id, const QJsonObject &what, Timestamp at = kNow);
Attachment attachment(int id, Attachment::Kind kind);

/// A conversation with every kind of row, oldest first.
QList<Message> everyKind();
QList<Message> everyKindArabic();
/// Long names, long words, markup, many attachments, emoji only.
QList<Message> awkward();

/// A PNG of two colours.
QByteArray picture(int width, int height);
/// Gives `picture(640, 480)` for every address.
ImageCache::Download pictures();

/// Writes a grab where the environment names a folder for it (ANTIPHON_GRABS), for the eye; does nothing otherwise.
void keep(const QWidget &widget, const QString &name);

} // namespace antiphon::test
