#include "tests/server/rawclient.h"

#include <QFile>

#if defined(__SANITIZE_ADDRESS__)
#define ANTIPHON_KEEPS_FREED_MEMORY
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ANTIPHON_KEEPS_FREED_MEMORY
#endif
#endif

namespace antiphon::test {

qint64 residentBytes()
{
#ifdef ANTIPHON_KEEPS_FREED_MEMORY
    return 0;
#else
    QFile status(QStringLiteral("/proc/self/status"));
    if (!status.open(QIODevice::ReadOnly))
        return -1;
    const QByteArray text = status.readAll();
    const qsizetype at = text.indexOf("VmRSS:");
    return text.mid(at + 6, text.indexOf("kB", at) - at - 6).trimmed().toLongLong() * 1024;
#endif
}

} // namespace antiphon::test
