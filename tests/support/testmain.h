#pragma once

#include <QObject>
#include <QTest>

#include <functional>
#include <memory>

// Qt's five seconds are too short on a machine that runs four tests on two processors; a test that passes doesn't wait.
// Include this in every file and header that uses one of them.
#undef QTRY_VERIFY
#undef QTRY_VERIFY2
#undef QTRY_COMPARE
#define QTRY_VERIFY(expr) QTRY_VERIFY_WITH_TIMEOUT(expr, 30'000)
#define QTRY_VERIFY2(expr, messageExpression) QTRY_VERIFY2_WITH_TIMEOUT(expr, messageExpression, 30'000)
#define QTRY_COMPARE(expr, expected) QTRY_COMPARE_WITH_TIMEOUT(expr, expected, 30'000)

namespace antiphon::test {

/// Adds a test class to this program; use through ANTIPHON_TEST.
int registerTest(const char *file, std::function<std::unique_ptr<QObject>()> make);

} // namespace antiphon::test

/// Stands once at the end of a tst_*.cpp: the class runs as the ctest entry named after the file.
#define ANTIPHON_TEST(Class) \
    static const int registered_##Class = antiphon::test::registerTest(__FILE__, [] { return std::make_unique<Class>(); });
