#pragma once

#include <QByteArray>
#include <QString>

/// What may be shown to a stranger of a platform's body: its shape, and nothing a person wrote, is called or can be reached by. Pure; any thread.
namespace antiphon::redaction {

/// JSON keeps its structure. Of the values remain: booleans, null, short numbers, times (of keys that say so) and the platform's own words under keys known
/// to hold such ("type": "image"). Every other text becomes "<text, 12>", every other number "<number, 11>"; names of members that don't
/// look like a schema's are replaced too. JSON inside a text is treated the same way. What is no JSON becomes its outline: letters "a", digits "0",
/// everything beyond ASCII "?". At most `longest` bytes.
QByteArray body(const QByteArray &raw, qsizetype longest = 64 * 1024);

/// A reason of ours in which the platform's words may stand: what is quoted and runs of five digits and more are replaced.
QString sentence(const QString &text);

/// A path with its numbers and tokens replaced: "/webhooks/whatsapp/<id>".
QString path(const QString &path);

} // namespace antiphon::redaction
