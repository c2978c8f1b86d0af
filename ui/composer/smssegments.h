#pragma once

#include <QString>

namespace antiphon {

/// How many SMS a text is (3GPP TS 23.038): 160 characters of the GSM alphabet in one, 153 in each of several; with any other character 70 and 67 UTF-16 units.
struct SmsCount {
    int segments = 0;            ///< 0: an empty text
    int used = 0;                ///< places taken; a character of the extension table takes two
    int left = 0;                ///< places free in the last one
    QString forcing{};           ///< the first character that isn't of the GSM alphabet; empty where all are
};
SmsCount smsCount(const QString &text);

} // namespace antiphon
