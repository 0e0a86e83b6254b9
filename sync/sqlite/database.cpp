// SPDX-License-Identifier: Apache-2.0
// The calls into SQLite.
#include "sync/sqlite/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace stile::sync {
namespace {

constexpr int kPatienceMs = 10'000;  // for another writer of the same file

Errc errc_of(int code) {
    switch (code & 0xFF) {
        case SQLITE_FULL:
            return Errc::Full;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_FORMAT:
            return Errc::Corrupt;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Errc::Timeout;
        case SQLITE_PERM:
        case SQLITE_READONLY:
        case SQLITE_CANTOPEN:
        case SQLITE_AUTH:
            return Errc::Denied;
        default:
            return Errc::Io;
    }
}

}  // namespace

void SqliteDatabase::Close::operator()(sqlite3* database) const {
    sqlite3_close_v2(database);  // in the end, whatever order the statements go in
}

void SqliteDatabase::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Result<SqliteDatabase> SqliteDatabase::open(const std::filesystem::path& file, Missing missing) {
    SqliteDatabase out;
    out.file_ = file.native();
    std::error_code ignored;
    if (missing == Missing::Refuse && !std::filesystem::exists(file, ignored))
        return fail(Errc::NotFound, fmt::format("the store {} is not there", out.file_));
    sqlite3* opened = nullptr;
    const int flags =
        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    const int code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
    out.database_.reset(opened);
    if (code != SQLITE_OK) return std::unexpected{out.error(code)};
    sqlite3_busy_timeout(opened, kPatienceMs);
    return out;
}

Error SqliteDatabase::error(int code) const {
    const char* const what = database_ ? sqlite3_errmsg(database_.get()) : sqlite3_errstr(code);
    return {errc_of(code), fmt::format("the store {}: {}", file_, what)};
}

Result<void> SqliteDatabase::run(const char* sql) {
    const int code = sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return std::unexpected{error(code)};
    return {};
}

std::int64_t SqliteDatabase::changes() const {
    return sqlite3_changes64(database_.get());
}

std::int64_t SqliteDatabase::last_row() const {
    return sqlite3_last_insert_rowid(database_.get());
}

sqlite3_stmt* SqliteDatabase::prepared(std::string_view sql, int& code) {
    const auto found = statements_.find(sql);
    if (found != statements_.end()) return found->second.get();
    sqlite3_stmt* made = nullptr;
    code = sqlite3_prepare_v3(database_.get(), sql.data(), static_cast<int>(sql.size()),
                              SQLITE_PREPARE_PERSISTENT, &made, nullptr);
    if (code == SQLITE_OK) statements_.emplace(sql, made);
    return made;
}

SqliteQuery::~SqliteQuery() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

bool SqliteQuery::next() {
    if (code_ != SQLITE_OK && code_ != SQLITE_ROW) return false;
    code_ = sqlite3_step(statement_);
    return code_ == SQLITE_ROW;
}

Result<void> SqliteQuery::done() {
    if (code_ == SQLITE_OK || code_ == SQLITE_ROW || code_ == SQLITE_DONE) return {};
    return std::unexpected{database_.error(code_)};
}

std::int64_t SqliteQuery::number(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view SqliteQuery::text(int column) const {
    return as_text(blob(column));
}

Bytes SqliteQuery::blob(int column) const {
    const auto* const at =
        static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    return {at, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

bool SqliteQuery::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

void SqliteQuery::bind(int index, std::int64_t value) {
    if (code_ == SQLITE_OK) code_ = sqlite3_bind_int64(statement_, index, value);
}

void SqliteQuery::bind(int index, std::string_view value) {
    if (code_ == SQLITE_OK) {
        code_ = sqlite3_bind_text64(statement_, index, value.data() != nullptr ? value.data() : "",
                                    value.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    }
}

void SqliteQuery::bind(int index, Bytes value) {
    if (code_ == SQLITE_OK) {
        code_ =
            sqlite3_bind_blob64(statement_, index, value.data(), value.size(), SQLITE_TRANSIENT);
    }
}

SqliteTransaction::~SqliteTransaction() {
    if (open_) (void)database_.run("ROLLBACK");
}

Result<void> SqliteTransaction::begin() {
    auto begun = database_.run("BEGIN IMMEDIATE");
    open_ = begun.has_value();
    return begun;
}

Result<void> SqliteTransaction::commit() {
    auto committed = database_.run("COMMIT");
    open_ = !committed.has_value();
    return committed;
}

}  // namespace stile::sync
