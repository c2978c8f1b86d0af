#include "tests/abuse/malformedbodies.h"

namespace antiphon::test {

std::vector<MalformedBody> malformedBodies(const QByteArray &account)
{
    const QByteArray open = R"({"client_key":"7000000000000000001","event":"im_receive_msg","create_time":1700000001,"user_openid":")"
        + account + '"';
    const auto content = [&open](const QByteArray &inner) { return open + ",\"content\":" + inner + '}'; };
    const QByteArray start = R"({"from":"a","to":"b","conversation_id":"odd","type":"text",)";
    const auto message = [&](const QByteArray &id, const QByteArray &text) {
        return content(start + R"("timestamp":1790000000000,"message_id":")" + id + R"(","text":{"body":")" + text + "\"}}");
    };
    const auto timed = [&](const QByteArray &id, const QByteArray &time) {
        return content(start + R"("message_id":")" + id + R"(","timestamp":)" + time + R"(,"text":{"body":"x"}})");
    };
    QByteArray keys = "{";
    for (int i = 0; i < 80'000; ++i)
        keys += "\"k" + QByteArray::number(i) + "\":1,";
    const QByteArray deep = QByteArray(10'000, '[') + QByteArray(10'000, ']');
    return {
        {"no JSON", "hello"},
        {"empty", ""},
        {"an array", "[]"},
        {"a word", "null"},
        {"cut short", open},
        {"two documents", "{}{}"},
        {"depth 10,000 of arrays", deep},
        {"depth 10,000 of objects", QByteArray("{\"a\":").repeated(10'000) + '1' + QByteArray(10'000, '}')},
        {"depth 10,000 inside", content(deep)},
        {"depth 10,000 inside the text", content('"' + deep + '"')},
        {"80,000 keys", content(keys + "\"z\":1}")},
        {"130,000 times the same key", content('{' + QByteArray("\"kk\":1,").repeated(130'000) + "\"z\":1}")},
        {"a string of nearly a MiB", content('"' + QByteArray(1'000'000, 'a') + '"')},
        {"a message of nearly a MiB", message("big-1", QByteArray(1'000'000, 'a')), 200, false},
        {"duplicate keys",
         content(
             R"({"from":"a","conversation_id":"odd","type":"text","timestamp":1,"timestamp":1790000000000,"message_id":"dup-1","message_id":"dup-2","text":{"body":"x","body":"y"}})"),
         200, false},
        {"NaN", content("NaN")},
        {"infinite", content("1e999")},
        {"2^63 as time", timed("t63", "9223372036854775808"), 200, false},
        {"time below zero", timed("tneg", "-9223372036854775808"), 200, false},
        {"lone surrogates", message("sur-1", R"(\ud800 \udc00 \ud800)"), 200, false},
        {"NUL escaped", message("nul-1", R"(a\u0000b)"), 200, false},
        {"NUL bare", message("nul-2", QByteArray("a\0b", 3)), 200, false},
        {"not UTF-8", message("utf-1", "\xff\xfe\xc0\x80")},
        {"overlong UTF-8", message("utf-2", "\xc0\xaf")},
        {"numbers for words", R"({"event":1,"user_openid":2,"content":3})"},
        {"objects for words", R"({"event":{},"user_openid":[],"content":true})"},
        {"event without account", R"({"event":"im_receive_msg","content":"{}"})"},
        {"ids that are objects", content(R"({"conversation_id":{},"message_id":[],"timestamp":"soon","type":5})")},
        {"byte order mark", "\xef\xbb\xbf{}"},
        {"a MiB and a byte", QByteArray(1024 * 1024 + 1, ' '), 413, false},
        {"10 MB of string", content('"' + QByteArray(10'000'000, 'a') + '"'), 413, false},
        {"1,000,000 keys", '{' + QByteArray("\"k\":1,").repeated(1'000'000) + "\"z\":1}", 413, false},
    };
}

} // namespace antiphon::test
