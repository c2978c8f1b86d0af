#include "app/demo/formparts.h"

namespace antiphon::demo {

namespace {

QByteArray parameter(const QByteArray &header, const QByteArray &name)
{
    const auto start = header.indexOf(name + "=\"");
    if (start < 0)
        return {};
    const auto from = start + name.size() + 2;
    return header.mid(from, header.indexOf('"', from) - from);
}

} // namespace

std::optional<QList<FormPart>> formParts(const QByteArray &contentType, const QByteArray &body)
{
    if (!contentType.startsWith("multipart/form-data"))
        return std::nullopt;
    const auto at = contentType.indexOf("boundary=");
    const QByteArray boundary = at < 0 ? QByteArray() : contentType.mid(at + 9).split(';').first().trimmed().replace('"', "");
    const QByteArray line = "--" + boundary;
    if (boundary.isEmpty() || !body.startsWith(line + "\r\n") || !body.trimmed().endsWith(line + "--"))
        return std::nullopt;
    QList<FormPart> parts;
    qsizetype position = line.size() + 2;
    while (position < body.size()) {
        const auto end = body.indexOf("\r\n" + line, position);
        const auto headEnd = body.indexOf("\r\n\r\n", position);
        if (end < 0 || headEnd < 0 || headEnd > end)
            return std::nullopt;
        FormPart part;
        const QList<QByteArray> head = body.mid(position, headEnd - position).split('\n');
        for (const QByteArray &header : head) {
            const QByteArray lower = header.toLower();
            if (lower.startsWith("content-disposition:")) {
                // " name=" with its blank, since filename= ends alike.
                part.name = parameter(header, " name");
                part.fileName = parameter(header, "filename");
            } else if (lower.startsWith("content-type:")) {
                part.contentType = header.mid(13).trimmed();
            }
        }
        part.bytes = body.mid(headEnd + 4, end - headEnd - 4);
        parts.append(part);
        position = end + 2 + line.size();
        if (body.mid(position, 2) == "--")
            break;
        position += 2;
    }
    return parts;
}

} // namespace antiphon::demo
