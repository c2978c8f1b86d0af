#pragma once

#include "core/base/result.h"

#include <QString>

/// What people type to connect an account, judged without asking anybody. Invalid with `field` for what can't be right.
namespace antiphon::typedvalue {

/// "+15550100001" of whatever way a person writes it (E.164: 7 to 15 digits); empty where it is none.
QString e164(const QString &text);

/// The same as a value that must be one.
Result<QString> phoneNumber(const QString &field, const QString &text);

/// The platform's own ids: at most 32 digits.
Result<QString> digits(const QString &field, const QString &text);

/// @param pattern a regular expression of the whole value @param why said of what doesn't match, in English
Result<QString> matching(const QString &field, const QString &text, const QString &pattern, const QString &why);

} // namespace antiphon::typedvalue
