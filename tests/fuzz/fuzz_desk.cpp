// What a seat sends: the frame of JSON-RPC, and the parameters that most methods read.

#include "core/base/json.h"
#include "core/desk/params.h"
#include "core/desk/rpc.h"
#include "core/domain/conversationfilter.h"
#include "core/domain/message.h"
#include "tests/fuzz/fuzzinput.h"

using namespace antiphon;
using namespace antiphon::fuzz;
using namespace Qt::StringLiterals;

namespace {

void checkAnswer(const QByteArray &answer)
{
    const Result<QJsonObject> read = json::parseObject(answer);
    FUZZ_CHECK(bool(read));
    FUZZ_CHECK(read->value("jsonrpc"_L1) == "2.0"_L1);
    FUZZ_CHECK(read->value("error"_L1).toObject().value("code"_L1).toInt() <= -32001);
}

void readParameters(const QJsonObject &given)
{
    const auto id = params::requiredId<ConversationId>(given, "id"_L1);
    FUZZ_CHECK(!id || !id->isNull());
    const auto limit = params::limit(given);
    FUZZ_CHECK(!limit || (*limit >= 1 && *limit <= 200));
    const auto text = params::text(given, "content"_L1, 100);
    FUZZ_CHECK(!text || (text->size() <= 100 && text->isValidUtf16() && !text->contains(QChar(u'\0'))));
    const auto flag = params::flag(given, "private"_L1);
    const auto labels = params::texts(given, "labels"_L1);
    const auto filter = params::object(given, "filter"_L1);
    if (filter) {
        const auto read = conversationFilterFromJson(*filter);
        if (read) {
            const auto again = conversationFilterFromJson(toJson(*read));
            FUZZ_CHECK(bool(again));
            FUZZ_CHECK(toJson(*again) == toJson(*read));
        } else {
            FUZZ_CHECK(!read.error().field.isEmpty());
        }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input(data, size);
    const auto parsed = rpc::parse(input.rest());
    if (const auto *refusal = std::get_if<rpc::Refusal>(&parsed)) {
        checkAnswer(refusal->answer);
        return 0;
    }
    const rpc::Request &request = std::get<rpc::Request>(parsed);
    if (request.wantsAnswer()) {
        checkAnswer(rpc::errorText(request.id, {Error::Kind::Invalid, request.method, u"id"_s}));
        FUZZ_CHECK(bool(json::parseObject(rpc::resultText(request.id, request.params))));
    }
    readParameters(request.params);
    return 0;
}
