// SPDX-License-Identifier: Apache-2.0
// LMDB with owners: environments, transactions and cursors that end themselves, errno as our
// errors.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base/bytes.hpp"
#include "crypto/base/result.hpp"

struct MDB_env;
struct MDB_txn;
struct MDB_cursor;

namespace stile::lmdb {

using Table = unsigned int;

enum class TableKind {
    Plain,
    FixedDuplicates
};  // the latter: many sorted values of one size a key

struct TableSpec {
    const char* name;
    TableKind kind = TableKind::Plain;
};

using Pair = std::pair<Bytes, Bytes>;

// Reads one snapshot. Views that it returns live as long as it. Thread-bound; keep it short, since
// old pages cannot be used again while it is open.
class Reader {
public:
    Reader(Reader&&) noexcept = default;
    Reader& operator=(Reader&&) noexcept = default;

    // Nothing when there is no such key. Errors: Corrupt, Io.
    [[nodiscard]] Result<std::optional<Bytes>> get(Table table, Bytes key) const;
    // Cursor::has() for one question.
    [[nodiscard]] Result<bool> has(Table table, Bytes key, Bytes value) const;
    [[nodiscard]] Result<std::uint64_t> size(Table table) const;
    // Grows with every commit: the same number is the same snapshot.
    [[nodiscard]] std::uint64_t snapshot() const;

    // Lets the snapshot go and keeps the place, so that resume() takes the newest one without an
    // allocation. Between the two, only destroy or resume. Not for a Writer.
    void pause();
    // Errors: Corrupt, Io; after one, only destroy the reader.
    [[nodiscard]] Result<void> resume();

private:
    friend class Environment;
    friend class Cursor;
    friend class Writer;
    struct Abort {
        void operator()(MDB_txn* txn) const;
    };
    explicit Reader(MDB_txn* txn) : txn_{txn} {}
    std::unique_ptr<MDB_txn, Abort> txn_;
};

// The one writer of its environment at a time; beginning one waits for the other. Undone unless
// committed. All errors: Full (disk or map), Corrupt, Io; after one, only destroy the writer.
class Writer : public Reader {
public:
    [[nodiscard]] Result<void> put(Table table, Bytes key, Bytes value);
    // `key` is greater than all others of the table: faster, and keeps pages full.
    [[nodiscard]] Result<void> append(Table table, Bytes key, Bytes value);
    // No error when there is no such key.
    [[nodiscard]] Result<void> remove(Table table, Bytes key);
    // Durable when it returns success. Blocks for the disk. Ends the writer in any case.
    [[nodiscard]] Result<void> commit() &&;

private:
    friend class Environment;
    using Reader::Reader;
};

// Walks one table in key order within a transaction, which must outlive it.
class Cursor {
public:
    [[nodiscard]] static Result<Cursor> open(const Reader& reader, Table table);

    // The first pair whose key is not less than `key`; nothing at the end.
    [[nodiscard]] Result<std::optional<Pair>> seek(Bytes key);
    [[nodiscard]] Result<std::optional<Pair>> first();
    [[nodiscard]] Result<std::optional<Pair>> last();
    [[nodiscard]] Result<std::optional<Pair>> next();
    [[nodiscard]] Result<std::optional<Pair>> previous();
    // Removes the pair at the cursor with all duplicates of its key; next() then gives the one
    // after it.
    [[nodiscard]] Result<void> remove_here();
    // Whether `value` is among the duplicates of `key`. Errors: Corrupt (also when the duplicates
    // have another size), Io.
    [[nodiscard]] Result<bool> has(Bytes key, Bytes value);
    // Goes on in `reader` after its resume(), without an allocation.
    [[nodiscard]] Result<void> renew(const Reader& reader);
    // Adds a pair greater than all others (also as duplicate). For a Writer's cursor.
    [[nodiscard]] Result<void> append(Bytes key, Bytes value);

private:
    struct Close {
        void operator()(MDB_cursor* cursor) const;
    };
    explicit Cursor(MDB_cursor* cursor, TableKind kind) : cursor_{cursor}, kind_{kind} {}
    [[nodiscard]] Result<std::optional<Pair>> move(int operation, Bytes key);
    std::unique_ptr<MDB_cursor, Close> cursor_;
    TableKind kind_;
};

enum class Access : std::uint8_t { Write, ReadOnly };
enum class PageCheck : std::uint8_t { First, Skip };  // Skip: this program has just written it

class Environment {
public:
    struct Options {
        std::filesystem::path folder;   // made with mode 0700 when it is missing
        std::size_t map_bytes = 0;      // upper bound of the file
        std::size_t reserve_bytes = 0;  // disk space to allocate when the file is new
        std::vector<TableSpec> tables;
        // ReadOnly: makes at most lock.mdb, also while another one writes; root opens with the
        // rights of the folder's owner.
        Access access = Access::Write;
        PageCheck check = PageCheck::First;
    };

    // Checks the file first (check.hpp), then opens it and makes missing tables. Errors: Denied,
    // Full, Corrupt (damaged, truncated, or a table is missing: nothing was changed), NotFound
    // (nothing to read), Io.
    [[nodiscard]] static Result<Environment> open(const Options& options);

    [[nodiscard]] Result<Reader> read() const;
    [[nodiscard]] Result<Writer> write();
    // Writes what is durable now to FOLDER/data.mdb, without unused pages, and waits for the disk.
    // The folder exists and is empty. Thread-safe, beside a writer; blocks for the whole copy.
    // Errors: Full, Io.
    [[nodiscard]] Result<void> copy_to(const std::filesystem::path& folder) const;
    [[nodiscard]] Table table(std::size_t index) const { return tables_[index]; }
    // Bytes of the file that hold pages.
    [[nodiscard]] std::uint64_t used_bytes() const;
    // Nothing but what is reserved is left of the disk.
    [[nodiscard]] bool disk_is_full() const;

private:
    struct Close {
        void operator()(MDB_env* env) const;
    };
    explicit Environment(MDB_env* env) : env_{env} {}
    [[nodiscard]] Result<void> open_tables(const Options& options);
    std::unique_ptr<MDB_env, Close> env_;
    std::vector<Table> tables_;
};

}  // namespace stile::lmdb
