#pragma once

#include <QByteArray>
#include <QString>

namespace antiphon::test {

/// The bytes of tests/fixtures/`path`, e.g. "tiktok/text_in.json". Fails the running test where there is no such file.
QByteArray fixture(const QString &path);

} // namespace antiphon::test
