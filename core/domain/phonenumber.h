#pragma once

#include <QString>
#include <QStringList>

namespace antiphon {

/// What a person typed as "+" and digits (E.164), e.g. "+15550100001" of "+1 (555) 010-0001", "001 555…" or "1 555 010 0001"; empty where that is no
/// number with its country. @param region "BR": the country of a number written without one; empty: its country must stand in it.
QString phoneToE164(const QString &typed, const QString &region = {});

/// How people write it: "+55 11 98765-4321"; `e164` as it stands where the library knows no such number.
QString phoneForPeople(const QString &e164);

/// Only the digits: how WhatsApp names a number. Empty where there are none.
QString phoneDigits(const QString &text);

/// One spelling for all of a number that is written in several: Brazil with the ninth digit, Argentina without the 9 behind its country, Mexico without the 1.
/// For comparing only: what an account is called at a platform is not for us to change.
QString phoneCanonical(const QString &digits);

/// The other spellings of a number, in the order they are looked up; without the number itself.
QStringList phoneVariants(const QString &digits);

} // namespace antiphon
