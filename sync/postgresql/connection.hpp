// SPDX-License-Identifier: Apache-2.0
// PostgreSQL with owners: a connection, the rows of an answer, and its errors as ours.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"

struct pg_conn;
struct pg_result;

namespace stile::sync {

// The values of $1, $2 and so on, in order.
class PgValues {
public:
    PgValues() = default;
    template <class... Values>
    explicit PgValues(const Values&... values) {
        (add(values), ...);
    }
    void add(std::int64_t value) { values_.emplace_back(std::to_string(value)); }
    void add(std::string_view value) { values_.emplace_back(value); }
    void add(Bytes value) { values_.emplace_back("\\x" + to_hex(value)); }
    template <class T>
    void add(const std::optional<T>& value) {
        if (!value) return (void)values_.emplace_back();
        add(*value);
    }

    [[nodiscard]] const std::vector<std::optional<std::string>>& all() const { return values_; }

private:
    std::vector<std::optional<std::string>> values_;
};

// An answer; row by row.
class PgRows {
public:
    [[nodiscard]] int count() const;
    [[nodiscard]] std::int64_t number(int row, int column) const;
    [[nodiscard]] std::string_view text(int row, int column) const;
    [[nodiscard]] Buffer blob(int row, int column) const;
    [[nodiscard]] bool is_null(int row, int column) const;

private:
    friend class PgConnection;
    struct Clear {
        void operator()(pg_result* result) const;
    };
    explicit PgRows(pg_result* result) : result_{result} {}
    std::unique_ptr<pg_result, Clear> result_;
};

// Thread-bound; every function blocks, for 15 s at most when the server's machine is gone.
class PgConnection {
public:
    // `where` as libpq takes it: "host=... dbname=...". Errors: Closed (nobody there), Denied.
    [[nodiscard]] static Result<PgConnection> open(const std::string& where);

    // One statement. Errors: Closed (the connection is gone), Denied, Full, Timeout, Corrupt, Io.
    [[nodiscard]] Result<PgRows> ask(const std::string& sql, const PgValues& values = {});
    // The same, when the answer has nothing to say.
    [[nodiscard]] Result<void> run(const std::string& sql, const PgValues& values = {});
    // Several statements without values.
    [[nodiscard]] Result<void> run_all(const char* sql);
    // False once the connection is gone.
    [[nodiscard]] bool works() const;

private:
    struct Finish {
        void operator()(pg_conn* connection) const;
    };
    [[nodiscard]] Error error(const pg_result* result);
    [[nodiscard]] Result<PgRows> checked(pg_result* result);
    std::unique_ptr<pg_conn, Finish> connection_;
    bool ended_ = false;
};

// Taken back unless it is committed.
class PgTransaction {
public:
    explicit PgTransaction(PgConnection& connection) : connection_{connection} {}
    PgTransaction(const PgTransaction&) = delete;
    PgTransaction& operator=(const PgTransaction&) = delete;
    ~PgTransaction();

    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> commit();

private:
    PgConnection& connection_;
    bool open_ = false;
};

}  // namespace stile::sync
