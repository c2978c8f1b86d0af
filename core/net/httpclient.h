#pragma once

#include "core/net/http.h"

#include <functional>

namespace antiphon {

/// Sends requests to platforms. `done` is called exactly once, in the thread of the client.
class HttpClient {
public:
    using Done = std::function<void(HttpReply)>;

    virtual ~HttpClient() = default;
    virtual void send(const HttpRequest &request, Done done) = 0;
};

} // namespace antiphon
