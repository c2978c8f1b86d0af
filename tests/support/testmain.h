#pragma once

#include <QObject>

#include <functional>
#include <memory>

namespace antiphon::test {

/// Adds a test class to this program; use through ANTIPHON_TEST.
int registerTest(const char *file, std::function<std::unique_ptr<QObject>()> make);

} // namespace antiphon::test

/// Stands once at the end of a tst_*.cpp: the class runs as the ctest entry named after the file.
#define ANTIPHON_TEST(Class) \
    static const int registered_##Class = antiphon::test::registerTest(__FILE__, [] { return std::make_unique<Class>(); });
