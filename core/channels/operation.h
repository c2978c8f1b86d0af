#pragma once

#include "core/base/result.h"
#include "core/net/http.h"

#include <memory>
#include <variant>

namespace antiphon {

/// A sequence of calls to a platform as a pure step machine: the room that owns the operation sends the requests, so every sequence
/// is tested by replies in, requests out. Not reusable; one thread at a time.
///
///     auto step = operation.start();
///     while (auto *request = std::get_if<HttpRequest>(&step)) step = operation.next(reply of *request);
template <typename T>
class Operation {
public:
    using Step = std::variant<HttpRequest, T, Error>;

    virtual ~Operation() = default;
    virtual Step start() = 0;
    virtual Step next(const HttpReply &reply) = 0;
};

template <typename T>
using OperationPtr = std::unique_ptr<Operation<T>>;

} // namespace antiphon
