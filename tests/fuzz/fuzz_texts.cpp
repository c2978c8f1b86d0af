// Texts that become something else: what is typed becomes a query of SQLite's full-text search, a consent's state comes back from a browser, a sealed value
// comes back from a file, times and ranges come as text.

#include "core/accounts/statetoken.h"
#include "core/base/clock.h"
#include "core/secrets/sealedbox.h"
#include "core/server/byterange.h"
#include "core/store/searchtext.h"
#include "tests/fuzz/fuzzinput.h"

#include <sqlite3.h>

using namespace antiphon;
using namespace antiphon::fuzz;
using namespace Qt::StringLiterals;

namespace {

sqlite3 *index()
{
    static sqlite3 *only = [] {
        sqlite3 *opened = nullptr;
        FUZZ_CHECK(sqlite3_open(":memory:", &opened) == SQLITE_OK);
        FUZZ_CHECK(sqlite3_exec(opened, "CREATE VIRTUAL TABLE f USING fts5(body, tokenize = \"unicode61 remove_diacritics 2\")", nullptr,
                                nullptr, nullptr)
                   == SQLITE_OK);
        return opened;
    }();
    return only;
}

void bindAndStep(const char *sql, const QByteArray &text, int expected)
{
    sqlite3_stmt *statement = nullptr;
    FUZZ_CHECK(sqlite3_prepare_v2(index(), sql, -1, &statement, nullptr) == SQLITE_OK);
    sqlite3_bind_text(statement, 1, text.constData(), int(text.size()), SQLITE_STATIC);
    const int got = sqlite3_step(statement);
    FUZZ_CHECK(got == expected || (expected == SQLITE_DONE && got == SQLITE_ROW));
    sqlite3_finalize(statement);
}

/// Nothing typed is ever the index's own syntax.
void search(FuzzInput *input)
{
    const QString typed = QString::fromUtf8(input->section());
    const QString text = QString::fromUtf8(input->rest());
    bindAndStep("INSERT INTO f(body) VALUES (?1)", searchtext::indexed(text).toUtf8(), SQLITE_DONE);
    const QString expression = searchtext::matchExpression(typed);
    if (!expression.isEmpty())
        bindAndStep("SELECT rowid FROM f WHERE f MATCH ?1", expression.toUtf8(), SQLITE_DONE);
    const QString snippet = searchtext::snippet(text, typed);
    FUZZ_CHECK(snippet.size() <= 400 && !snippet.contains(u'\n')
               && snippet.isValidUtf16() == (text.isValidUtf16() || snippet.isValidUtf16()));
    FUZZ_CHECK(sqlite3_exec(index(), "DELETE FROM f", nullptr, nullptr, nullptr) == SQLITE_OK);
}

void state(uchar flip, FuzzInput *input)
{
    const Timestamp now = fromUnixMs(1'732'000'000'000);
    const QByteArray key(32, 'k');
    static const QString right = [&] {
        const StateClaims claims{.workspace = u"w"_s,
                                 .purpose = u"tiktok-connect"_s,
                                 .jti = u"j"_s,
                                 .issuedAt = now,
                                 .expiresAt = now + std::chrono::minutes(10)};
        const Result<QString> made = signState(claims, key);
        FUZZ_CHECK(bool(made));
        return *made;
    }();
    FUZZ_CHECK(!verifyState(QString::fromUtf8(input->rest()), key, u"w"_s, u"tiktok-connect"_s, now));
    // One character of the right one changed: the signature's last carries two bits that mean nothing.
    QString other = right;
    const qsizetype at = flip % (other.size() - 1);
    other[at] = other.at(at) == u'A' ? u'B' : u'A';
    FUZZ_CHECK(!verifyState(other, key, u"w"_s, u"tiktok-connect"_s, now));
}

void smallOnes(uchar which, FuzzInput *input)
{
    const QByteArray bytes = input->rest();
    if (which % 3 == 0) {
        const SealedBox box(QByteArray(SealedBox::kKeyBytes, 'k'));
        FUZZ_CHECK(!box.open(u"name"_s, bytes));
    } else if (which % 3 == 1) {
        const qint64 size = which & 0x40 ? 0 : 1000;
        const ByteRange range = byteRange(bytes, size);
        FUZZ_CHECK(range.kind != ByteRange::Kind::Part || (range.first >= 0 && range.length > 0 && range.first + range.length <= size));
    } else if (const auto time = fromRfc3339(QString::fromUtf8(bytes))) {
        const auto again = fromRfc3339(toRfc3339(*time));
        FUZZ_CHECK(again && *again == *time);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input(data, size);
    const uchar choice = input.byte();
    if (choice < 0x80)
        search(&input);
    else if (choice < 0xc0)
        state(choice, &input);
    else
        smallOnes(choice, &input);
    return 0;
}
