#pragma once

#include "core/store/query.h"

#include <QSqlQuery>

#include <vector>

namespace antiphon {

/// A prepared statement as a connection keeps it: in use by at most one Query, finished when that goes out of scope.
struct Query::State {
    struct Parameter {
        QString name{};        ///< with its colon
        bool isBound = false;
        bool isLarge = false;  ///< its value is dropped after use
    };

    State(Connection &owner, const QString &text);

    void begin();                               ///< prepares where needed
    bool end();                                 ///< false where it can't be used again
    void bind(QLatin1StringView name, const QVariant &value, bool isLarge = false);
    bool execute();
    void fail(const Error &why);
    void failFromQuery();

    Connection &connection;
    const QString sql;
    QSqlQuery query;
    std::vector<Parameter> parameters;
    Error error;
    bool inUse = false;
    bool isPrepared = false;
    bool isExecuted = false;
    bool isAtEnd = false;
    bool hasError = false;
};

} // namespace antiphon
