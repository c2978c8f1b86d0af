#pragma once

#include "core/channels/operation.h"

#include <functional>

namespace antiphon {

/// An operation of one request: sends it and reads the answer.
template <typename T>
class SingleCall final : public Operation<T> {
public:
    using Step = typename Operation<T>::Step;
    using Reader = std::function<Result<T>(const HttpReply &)>;

    SingleCall(HttpRequest request, Reader reader) : m_request(std::move(request)), m_reader(std::move(reader)) {}

    Step start() override { return Step(std::in_place_index<0>, m_request); }

    Step next(const HttpReply &reply) override
    {
        Result<T> value = m_reader(reply);
        return value ? Step(std::in_place_index<1>, *std::move(value)) : Step(std::in_place_index<2>, value.error());
    }

private:
    HttpRequest m_request;
    Reader m_reader;
};

/// An operation that needs no request.
template <typename T>
class KnownAnswer final : public Operation<T> {
public:
    using Step = typename Operation<T>::Step;

    explicit KnownAnswer(Result<T> answer) : m_answer(std::move(answer)) {}

    Step start() override { return m_answer ? Step(std::in_place_index<1>, *m_answer) : Step(std::in_place_index<2>, m_answer.error()); }
    Step next(const HttpReply &) override { return start(); }

private:
    Result<T> m_answer;
};

template <typename T>
OperationPtr<T> singleCall(HttpRequest request, typename SingleCall<T>::Reader reader)
{
    return std::make_unique<SingleCall<T>>(std::move(request), std::move(reader));
}

template <typename T>
OperationPtr<T> knownAnswer(Result<T> answer)
{
    return std::make_unique<KnownAnswer<T>>(std::move(answer));
}

} // namespace antiphon
