#include "ui/composer/smssegments.h"

#include <QTextBoundaryFinder>

#include <algorithm>

namespace antiphon {
namespace {

// 3GPP TS 23.038, 6.2.1 and 6.2.1.1
constexpr QStringView kAlphabet = u"@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
                                  u"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
constexpr QStringView kExtension = u"\f^{}\\[~]|€";

constexpr int kAlone7 = 160;
constexpr int kJoined7 = 153;
constexpr int kAlone16 = 70;
constexpr int kJoined16 = 67;

/// Places a character takes in the GSM alphabet; 0 where it isn't in it.
int placesOf(QChar c)
{
    return kAlphabet.contains(c) ? 1 : kExtension.contains(c) ? 2 : 0;
}

/// The character, whole, that stands at a place: a pair or what is joined to one sign.
QString characterAt(const QString &text, qsizetype at)
{
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, text);
    finder.setPosition(at);
    if (!finder.isAtBoundary())
        at = finder.toPreviousBoundary();
    finder.setPosition(at);
    const qsizetype end = finder.toNextBoundary();
    return text.mid(at, (end < 0 ? text.size() : end) - at);
}

/// Fills SMS of `size` places with units of one or two that may not be torn apart.
template <typename Weight>
SmsCount fill(const QString &text, int alone, int joined, Weight weight)
{
    SmsCount count;
    for (qsizetype i = 0; i < text.size(); i += weight(i).second)
        count.used += weight(i).first;
    if (count.used <= alone) {
        count.segments = text.isEmpty() ? 0 : 1;
        count.left = alone - count.used;
        return count;
    }
    int inLast = joined;
    for (qsizetype i = 0; i < text.size(); i += weight(i).second) {
        const int places = weight(i).first;
        if (inLast + places > joined) {
            ++count.segments;
            inLast = 0;
        }
        inLast += places;
    }
    count.left = joined - inLast;
    return count;
}

} // namespace

SmsCount smsCount(const QString &text)
{
    const auto foreign = std::find_if(text.begin(), text.end(), [](QChar c) { return placesOf(c) == 0; });
    if (foreign == text.end())
        return fill(text, kAlone7, kJoined7, [&text](qsizetype i) { return std::pair(placesOf(text.at(i)), qsizetype(1)); });
    SmsCount count = fill(text, kAlone16, kJoined16, [&text](qsizetype i) {
        const bool isPair = text.at(i).isHighSurrogate() && i + 1 < text.size() && text.at(i + 1).isLowSurrogate();
        return isPair ? std::pair(2, qsizetype(2)) : std::pair(1, qsizetype(1));
    });
    count.forcing = characterAt(text, foreign - text.begin());
    return count;
}

} // namespace antiphon
