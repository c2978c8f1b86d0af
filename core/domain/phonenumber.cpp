#include "core/domain/phonenumber.h"

#include <phonenumbers/phonenumberutil.h>

namespace antiphon {
namespace {
using namespace Qt::StringLiterals;
using i18n::phonenumbers::PhoneNumber;
using i18n::phonenumbers::PhoneNumberUtil;

constexpr qsizetype kFewest = 7;
constexpr qsizetype kMost = 15;

std::optional<PhoneNumber> parsed(const QString &text, const QString &region)
{
    PhoneNumber number;
    const std::string country = region.isEmpty() ? std::string("ZZ") : region.toUpper().toStdString();
    const auto outcome = PhoneNumberUtil::GetInstance()->Parse(text.toStdString(), country, &number);
    return outcome == PhoneNumberUtil::NO_PARSING_ERROR ? std::optional(number) : std::nullopt;
}

QString formatted(const PhoneNumber &number, PhoneNumberUtil::PhoneNumberFormat format)
{
    std::string text;
    PhoneNumberUtil::GetInstance()->Format(number, format, &text);
    return QString::fromStdString(text);
}

/// Brazil: area code of two digits, then eight or, of mobiles, a 9 before them.
QString otherBrazilian(const QString &digits)
{
    constexpr qsizetype kBehindArea = 4;
    const auto isMobile = [&digits](qsizetype at) { return digits.at(at) >= u'6'; };          // landlines begin with 2 to 5, and never get a 9
    if (digits.size() == 12 && isMobile(kBehindArea))
        return digits.first(kBehindArea) + u'9' + digits.sliced(kBehindArea);
    if (digits.size() == 13 && digits.at(kBehindArea) == u'9' && isMobile(kBehindArea + 1))
        return digits.first(kBehindArea) + digits.sliced(kBehindArea + 1);
    return {};
}

QString otherArgentine(const QString &digits)
{
    if (digits.size() == 13 && digits.startsWith("549"_L1))
        return "54"_L1 + digits.sliced(3);
    if (digits.size() == 12)
        return "549"_L1 + digits.sliced(2);
    return {};
}

QString otherMexican(const QString &digits)
{
    if (digits.size() == 13 && digits.startsWith("521"_L1))
        return "52"_L1 + digits.sliced(3);
    if (digits.size() == 12)
        return "521"_L1 + digits.sliced(2);
    return {};
}

QString otherSpelling(const QString &digits)
{
    if (digits.startsWith("55"_L1))
        return otherBrazilian(digits);
    if (digits.startsWith("54"_L1))
        return otherArgentine(digits);
    if (digits.startsWith("52"_L1))
        return otherMexican(digits);
    return {};
}

} // namespace

QString phoneDigits(const QString &text)
{
    QString digits;
    for (const QChar c : text) {
        if (c.isDigit() && c.digitValue() >= 0)
            digits += QChar(u'0' + c.digitValue());
    }
    return digits;
}

QString phoneToE164(const QString &typed, const QString &region)
{
    QString text = typed.trimmed();
    if (region.isEmpty() && text.startsWith("00"_L1))
        text.replace(0, 2, u'+');
    for (const QChar c : text) {
        if (!c.isDigit() && !u"+()-./ \u00a0\u2009\u202f\u2010\u2011\u2012\u2013"_s.contains(c))
            return {};
    }
    const bool hasCountry = text.startsWith(u'+') || region.isEmpty();
    const auto number = parsed(hasCountry && !text.startsWith(u'+') ? u'+' + text : text, region);
    if (number && PhoneNumberUtil::GetInstance()->IsPossibleNumber(*number))
        return formatted(*number, PhoneNumberUtil::E164);
    // Numbers of tests and of new plans are unknown to the library, and still somebody's.
    const QString digits = phoneDigits(text);
    const bool isPlausible = hasCountry && digits.size() >= kFewest && digits.size() <= kMost && !digits.startsWith(u'0');
    return isPlausible ? u'+' + digits : QString();
}

QString phoneForPeople(const QString &e164)
{
    const QString text = e164.startsWith(u'+') ? e164 : u'+' + e164;
    const auto number = parsed(text, {});
    if (!number || !PhoneNumberUtil::GetInstance()->IsPossibleNumber(*number))
        return e164;
    return formatted(*number, PhoneNumberUtil::INTERNATIONAL);
}

QString phoneCanonical(const QString &digits)
{
    const bool isShortened = digits.startsWith("55"_L1) ? digits.size() == 12 : digits.startsWith("549"_L1) || digits.startsWith("521"_L1);
    const QString other = isShortened ? otherSpelling(digits) : QString();
    return other.isEmpty() ? digits : other;
}

QStringList phoneVariants(const QString &digits)
{
    const QString other = otherSpelling(digits);
    return other.isEmpty() ? QStringList() : QStringList{other};
}

} // namespace antiphon
