#include "core/channels/typedvalue.h"

#include <QRegularExpression>

#include <algorithm>

namespace antiphon::typedvalue {
namespace {
using namespace Qt::StringLiterals;

constexpr qsizetype kLongestId = 32;
constexpr qsizetype kShortestNumber = 7;    // E.164
constexpr qsizetype kLongestNumber = 15;

bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

Error invalid(const QString &field, const QString &why)
{
    return {Error::Kind::Invalid, why, field};
}

} // namespace

QString e164(const QString &text)
{
    QString found;
    for (const QChar c : text) {
        if (isDigit(c))
            found.append(c);
        else if (!u"+-(). /\u00a0"_s.contains(c))
            return {};
    }
    if (found.size() < kShortestNumber || found.size() > kLongestNumber || found.startsWith(u'0'))
        return {};
    return u'+' + found;
}

Result<QString> phoneNumber(const QString &field, const QString &text)
{
    const QString number = e164(text);
    return number.isEmpty() ? Result<QString>(invalid(field, u"not a phone number with its country's code"_s)) : number;
}

Result<QString> digits(const QString &field, const QString &text)
{
    const bool isId = text.size() <= kLongestId && std::all_of(text.begin(), text.end(), isDigit);
    return isId ? Result<QString>(text) : invalid(field, u"an id of digits is expected"_s);
}

Result<QString> matching(const QString &field, const QString &text, const QString &pattern, const QString &why)
{
    const bool isRight = QRegularExpression(QRegularExpression::anchoredPattern(pattern)).match(text).hasMatch();
    return isRight ? Result<QString>(text) : invalid(field, why);
}

} // namespace antiphon::typedvalue
