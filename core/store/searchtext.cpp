#include "core/store/searchtext.h"

#include <QChar>
#include <QList>

#include <vector>

namespace antiphon::searchtext {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype kMostTyped = 256;
constexpr qsizetype kMostWords = 16;
constexpr qsizetype kBefore = 40;
constexpr qsizetype kSnippetLength = 160;

/// A word, or a run of characters of a script without spaces.
struct Word {
    std::vector<char32_t> characters{};
    bool isRun = false;
};

bool isOfScriptWithoutSpaces(char32_t c)
{
    if (c == 0x30FC || c == 0x3005)        // the long vowel and the repeated character belong to no script
        return true;
    switch (QChar::script(c)) {
    case QChar::Script_Han:
    case QChar::Script_Hiragana:
    case QChar::Script_Katakana:
    case QChar::Script_Hangul:
    case QChar::Script_Bopomofo:
    case QChar::Script_Yi:
    case QChar::Script_Thai:
    case QChar::Script_Lao:
    case QChar::Script_Khmer:
    case QChar::Script_Myanmar:
        return true;
    default:
        return false;
    }
}

/// Scripts whose accents and vowel points people leave out when they type.
bool isOfScriptWithAccents(char32_t c)
{
    switch (QChar::script(c)) {
    case QChar::Script_Latin:
    case QChar::Script_Greek:
    case QChar::Script_Cyrillic:
    case QChar::Script_Armenian:
    case QChar::Script_Hebrew:
    case QChar::Script_Arabic:
    case QChar::Script_Inherited:
        return true;
    default:
        return false;
    }
}

/// One case, one width, no accents. Qt folds a case a character at a time, so the sharp s needs a word of its own.
QString folded(const QString &text)
{
    QString result;
    const QString composed = text.normalized(QString::NormalizationForm_KC).toCaseFolded();
    result.reserve(composed.size());
    for (const QChar c : composed) {
        if (c == u'ß') {
            result += "ss"_L1;
        } else if (c.unicode() < 0x80 || !isOfScriptWithAccents(c.unicode())) {
            result += c;
        } else {
            for (const QChar part : QString(c).normalized(QString::NormalizationForm_D)) {
                if (!part.isMark())
                    result += part;
            }
        }
    }
    return result;
}

/// Vowel signs and tones of the scripts without spaces are left out on both sides: the tokenizer would split there.
std::vector<Word> wordsOf(const QString &text)
{
    std::vector<Word> words;
    bool isOpen = false;
    const QList<uint> characters = folded(text).toUcs4();
    for (const char32_t c : characters) {
        const bool isMark = QChar::isMark(c);
        if (!isMark && !QChar::isLetterOrNumber(c)) {
            isOpen = false;
            continue;
        }
        const bool isRun = isOfScriptWithoutSpaces(c);
        if (isMark && (isRun || !isOpen))
            continue;
        if (!isOpen || (!isMark && words.back().isRun != isRun)) {
            words.push_back({.isRun = isRun});
            isOpen = true;
        }
        words.back().characters.push_back(c);
    }
    return words;
}

QString toText(const std::vector<char32_t> &characters, size_t from, size_t count)
{
    return QString::fromUcs4(characters.data() + from, qsizetype(count));
}

QStringList pairsOf(const Word &run, bool withLast)
{
    QStringList pairs;
    for (size_t i = 0; i + 1 < run.characters.size(); ++i)
        pairs.append(toText(run.characters, i, 2));
    if (withLast || run.characters.size() == 1)
        pairs.append(toText(run.characters, run.characters.size() - 1, 1));
    return pairs;
}

/// The text folded a character at a time, each with the place it came from.
struct FoldedText {
    QString text{};
    QList<qsizetype> origin{};
};

FoldedText foldedWithOrigin(const QString &text)
{
    FoldedText result;
    for (qsizetype i = 0; i < text.size();) {
        const qsizetype length = text.at(i).isHighSurrogate() && i + 1 < text.size() ? 2 : 1;
        for (const QChar c : folded(text.mid(i, length))) {
            result.text += c;
            result.origin.append(i);
        }
        i += length;
    }
    return result;
}

} // namespace

QString indexed(const QString &text)
{
    QStringList tokens;
    for (const Word &word : wordsOf(text)) {
        if (word.isRun)
            tokens += pairsOf(word, true);
        else
            tokens += toText(word.characters, 0, word.characters.size());
    }
    return tokens.join(u' ');
}

QString matchExpression(const QString &typed)
{
    const std::vector<Word> words = wordsOf(typed.left(kMostTyped));
    QStringList phrases;
    for (size_t i = 0; i < words.size() && phrases.size() < kMostWords; ++i) {
        const Word &word = words[i];
        const bool isLast = i + 1 == words.size();
        const size_t length = word.characters.size();
        const QString phrase = word.isRun ? pairsOf(word, false).join(u' ') : toText(word.characters, 0, length);
        // A pair begins with its first character, so one character is the beginning of pairs.
        const bool isPrefix = word.isRun ? length == 1 : isLast && length > 1;
        phrases.append(isPrefix ? u"\"%1\" *"_s.arg(phrase) : u"\"%1\""_s.arg(phrase));
    }
    return phrases.join(u' ');
}

QString snippet(const QString &text, const QString &typed)
{
    const QString line = text.simplified();
    const FoldedText fold = foldedWithOrigin(line);
    qsizetype at = -1;
    for (const Word &word : wordsOf(typed.left(kMostTyped))) {
        const qsizetype found = fold.text.indexOf(toText(word.characters, 0, word.characters.size()));
        if (found >= 0 && (at < 0 || fold.origin.at(found) < at))
            at = fold.origin.at(found);
    }
    qsizetype from = at > kBefore ? at - kBefore : 0;
    if (from > 0) {
        const qsizetype blank = line.indexOf(u' ', from);
        if (blank >= 0 && blank < at)
            from = blank + 1;
        else if (line.at(from).isLowSurrogate())
            ++from;
    }
    qsizetype to = std::min(line.size(), from + kSnippetLength);
    if (to < line.size()) {
        const qsizetype blank = line.lastIndexOf(u' ', to);
        if (blank > from + kSnippetLength / 2)
            to = blank;
        else if (line.at(to).isLowSurrogate())
            --to;
    }
    return (from > 0 ? u"…"_s : QString()) + line.sliced(from, to - from) + (to < line.size() ? u"…"_s : QString());
}

} // namespace antiphon::searchtext
