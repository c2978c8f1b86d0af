#pragma once

#include <QByteArray>
#include <QList>

#include <optional>

namespace antiphon::demo {

struct FormPart {
    QByteArray name{};
    QByteArray fileName{};
    QByteArray contentType{};
    QByteArray bytes{};
};

/// The parts of a multipart/form-data body; nothing where it is not well formed.
std::optional<QList<FormPart>> formParts(const QByteArray &contentType, const QByteArray &body);

} // namespace antiphon::demo
