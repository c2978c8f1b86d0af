#pragma once

#include <QSslConfiguration>

namespace antiphon::test {

/// A configuration with a fresh self-signed certificate for `localhost`.
QSslConfiguration selfSigned();

} // namespace antiphon::test
