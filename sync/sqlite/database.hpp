// SPDX-License-Identifier: Apache-2.0
// SQLite with owners: a connection, queries that end themselves, and its errors as ours.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace stile::sync {

// One connection. Thread-bound.
class SqliteDatabase {
public:
    enum class Missing : std::uint8_t { Create, Refuse };
    // Errors: NotFound, Denied, Io, Corrupt.
    [[nodiscard]] static Result<SqliteDatabase> open(const std::filesystem::path& file,
                                                     Missing missing);

    // Statements without rows, several at once.
    [[nodiscard]] Result<void> run(const char* sql);
    [[nodiscard]] std::int64_t changes() const;  // rows of the last statement
    [[nodiscard]] std::int64_t last_row() const;

private:
    friend class SqliteQuery;
    struct Close {
        void operator()(sqlite3* database) const;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    SqliteDatabase() = default;
    [[nodiscard]] Error error(int code) const;
    // Prepared once; the text is a literal.
    [[nodiscard]] sqlite3_stmt* prepared(std::string_view sql, int& code);

    std::string file_;
    std::unique_ptr<sqlite3, Close> database_;
    std::map<std::string_view, std::unique_ptr<sqlite3_stmt, Finalize>> statements_;
};

// One run of a statement: values are bound in order. A failure shows in done(); until then there
// are simply no more rows. Two runs of one statement do not overlap.
class SqliteQuery {
public:
    template <class... Values>
    SqliteQuery(SqliteDatabase& database, std::string_view sql, const Values&... values)
        : database_{database}, statement_{database.prepared(sql, code_)} {
        int index = 0;
        (bind(++index, values), ...);
    }
    SqliteQuery(const SqliteQuery&) = delete;
    SqliteQuery& operator=(const SqliteQuery&) = delete;
    ~SqliteQuery();

    // Goes to the next row, if there is one.
    [[nodiscard]] bool next();
    // Errors: why there was no next row, unless it was the end.
    [[nodiscard]] Result<void> done();
    // For statements without rows.
    [[nodiscard]] Result<void> run() {
        while (next()) {
        }
        return done();
    }

    // Of the present row. Views live until the next row.
    [[nodiscard]] std::int64_t number(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] Bytes blob(int column) const;
    [[nodiscard]] bool is_null(int column) const;

private:
    void bind(int index, std::int64_t value);
    void bind(int index, std::string_view value);
    void bind(int index, const char* value) { bind(index, std::string_view{value}); }
    void bind(int index, const std::string& value) { bind(index, std::string_view{value}); }
    void bind(int index, Bytes value);
    template <class T>
    void bind(int index, const std::optional<T>& value) {
        if (value) bind(index, *value);  // unbound is NULL
    }

    SqliteDatabase& database_;
    int code_ = 0;
    sqlite3_stmt* statement_;
};

// Taken back unless it is committed.
class SqliteTransaction {
public:
    explicit SqliteTransaction(SqliteDatabase& database) : database_{database} {}
    SqliteTransaction(const SqliteTransaction&) = delete;
    SqliteTransaction& operator=(const SqliteTransaction&) = delete;
    ~SqliteTransaction();

    [[nodiscard]] Result<void> begin();  // waits for another writer
    [[nodiscard]] Result<void> commit();

private:
    SqliteDatabase& database_;
    bool open_ = false;
};

}  // namespace stile::sync
