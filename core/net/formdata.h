#pragma once

#include <QByteArray>
#include <QList>
#include <QPair>
#include <QString>
#include <QUrl>

namespace antiphon {

using QueryItems = QList<QPair<QString, QString>>;

/// `base` with the documented path after its own prefix and each value percent-encoded by itself (so + is %2B, which QUrlQuery would leave alone).
QUrl platformUrl(const QUrl &base, const QString &path, const QueryItems &query = {});

/// A multipart/form-data body (RFC 7578). Names and file names are quoted; CR, LF and quotes in them are percent-encoded as browsers do.
class FormData {
public:
    /// `boundary` must not occur in any part: 128 random bits, or a hash of the parts.
    explicit FormData(QByteArray boundary);

    void addField(const QByteArray &name, const QByteArray &value);
    void addFile(const QByteArray &name, const QString &fileName, const QByteArray &mime, const QByteArray &bytes);

    QByteArray contentType() const;
    QByteArray body() const &;
    QByteArray body() &&;             ///< without copying it

private:
    QByteArray m_boundary;
    QByteArray m_parts;
};

} // namespace antiphon
