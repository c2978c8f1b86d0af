#pragma once

#include "core/store/query.h"

#include <vector>

struct sqlite3_stmt;

namespace antiphon {

/// A prepared statement as a connection keeps it: in use by at most one Query, reset when that goes out of scope.
struct Query::State {
    State(Connection &owner, const QString &text);
    ~State();
    Q_DISABLE_COPY_MOVE(State)

    void begin();                               ///< prepares where needed
    bool end();                                 ///< false where it can't be used again
    int parameter(QLatin1StringView name);      ///< its number, which counts as bound now; an error and 0 where there is none
    bool execute();                             ///< whether the first step may be taken
    bool step();                                ///< whether there is a row
    void fail(const Error &why);
    void failFromSqlite();

    Connection &connection;
    const QString sql;
    sqlite3_stmt *statement = nullptr;
    std::vector<bool> isBound;                  ///< by the number of the parameter less one
    Error error;
    bool inUse = false;
    bool isExecuted = false;
    bool isAtEnd = false;
    bool hasError = false;

private:
    void prepare();
};

} // namespace antiphon
