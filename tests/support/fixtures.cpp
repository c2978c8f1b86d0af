#include "tests/support/fixtures.h"

#include <QFile>
#include <QTest>

namespace antiphon::test {

QByteArray fixture(const QString &path)
{
    QFile file(QStringLiteral(ANTIPHON_FIXTURES "/") + path);
    if (!file.open(QIODevice::ReadOnly)) {
        QTest::qFail(qPrintable(QStringLiteral("no fixture ") + path), __FILE__, __LINE__);
        return {};
    }
    return file.readAll();
}

} // namespace antiphon::test
