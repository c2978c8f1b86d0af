#pragma once

#include "core/domain/contact.h"

namespace antiphon {

/// How the platform calls a customer, for the eye: "@mira.solv", else the phone number, else the e-mail address; empty for none.
QString contactHandle(const Contact &contact);

/// The name, or the handle, or "Customer": never empty.
QString contactTitle(const Contact &contact);

/// A phone number as people write it, left to right in every language; empty for none.
QString phoneText(const QString &e164);

/// An address of a customer at a platform as people would write it: a number formatted, of a thread through somebody's own account the customer's id alone.
QString addressText(const QString &sourceId);

} // namespace antiphon
