#pragma once

#include "core/channels/operation.h"
#include "core/net/httpclient.h"

#include <functional>
#include <memory>

namespace antiphon {

/// Sends an operation's requests one after the other until it is done; `done` is called exactly once, in the client's thread.
/// Steps are told apart by their index (request, value, error), since the value of a media operation is a request itself.
template <typename T>
void runOperation(HttpClient &client, OperationPtr<T> operation, std::function<void(Result<T>)> done)
{
    struct Run : std::enable_shared_from_this<Run> {
        Run(HttpClient &http, OperationPtr<T> steps, std::function<void(Result<T>)> finished)
            : client(http), operation(std::move(steps)), done(std::move(finished)) {}

        void take(typename Operation<T>::Step step)
        {
            if (step.index() == 0)
                client.send(std::get<0>(step), [self = this->shared_from_this()](const HttpReply &reply) { self->take(self->operation->next(reply)); });
            else if (step.index() == 1)
                done(std::get<1>(std::move(step)));
            else
                done(std::get<2>(step));
        }

        HttpClient &client;
        OperationPtr<T> operation;
        std::function<void(Result<T>)> done;
    };
    const auto run = std::make_shared<Run>(client, std::move(operation), std::move(done));
    run->take(run->operation->start());
}

} // namespace antiphon
