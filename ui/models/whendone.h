#pragma once

#include <QCoreApplication>
#include <QFuture>
#include <QPointer>

#include <utility>

namespace antiphon {

/// Calls `function` with the future's value while `context` lives; a gone context is fine. `QFuture::then(context, …)` of Qt 6.4 asserts that its
/// context still lives when the value comes, so a pane that closes with a question under way would end a debug build. Gui thread only.
template <typename T, typename Function>
void whenDone(QFuture<T> future, QObject *context, Function function)
{
    future.then(QCoreApplication::instance(), [guard = QPointer<QObject>(context), function = std::move(function)](const T &value) mutable {
        if (guard)
            function(value);
    });
}

} // namespace antiphon
