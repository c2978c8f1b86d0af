// Bytes that are said to be a file: the picture's header and the media type by content; and the forms in which files leave.

#include "core/net/formdata.h"
#include "core/net/imageinfo.h"
#include "tests/fuzz/fuzzinput.h"

using namespace antiphon;
using namespace antiphon::fuzz;
using namespace Qt::StringLiterals;

namespace {

void readPicture(const QByteArray &bytes)
{
    const std::optional<ImageInfo> info = imageInfo(bytes);
    const QString mime = sniffedMime(bytes);
    if (!info) {
        FUZZ_CHECK(!mime.startsWith("image/"_L1));
        return;
    }
    FUZZ_CHECK(mime == imageMime(info->kind));
    FUZZ_CHECK(info->width.has_value() == info->height.has_value());
    FUZZ_CHECK(!info->width || (*info->width > 0 && *info->height > 0));
}

/// Name and file name stay within their header line, whatever they are.
void writeForm(FuzzInput *input)
{
    const QByteArray name = input->section();
    const QString fileName = QString::fromUtf8(input->section());
    const QByteArray bytes = input->rest();
    const QByteArray boundary("5f0c9b6b8e0d4c2fa7d94be1c6d5a3f0");
    if (bytes.contains(boundary) || name.contains(boundary) || fileName.contains(QLatin1StringView(boundary)))
        return;
    FormData form(boundary);
    form.addField(name, "value");
    form.addFile("image", fileName, "image/png", bytes);
    const QByteArray body = form.body();
    const QList<QByteArray> lines = body.first(body.size() - bytes.size()).split('\n');
    FUZZ_CHECK(body.count("--" + boundary) == 3);
    FUZZ_CHECK(body.startsWith("--" + boundary + "\r\nContent-Disposition: form-data; name=\""));
    FUZZ_CHECK(lines.size() >= 4 && lines.at(1).endsWith("\"\r") && lines.at(2) == "\r");
    const qsizetype second = body.indexOf("--" + boundary, 2);
    const QByteArray head = body.mid(second, body.indexOf("\r\n\r\n", second) - second);
    FUZZ_CHECK(head.count('\n') == 2 && head.count('"') == 4);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input(data, size);
    if (input.byte() & 0x80)
        writeForm(&input);
    else
        readPicture(input.rest());
    return 0;
}
