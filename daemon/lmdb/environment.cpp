// SPDX-License-Identifier: Apache-2.0
// The only file that calls LMDB on behalf of the daemon.
#include "daemon/lmdb/environment.hpp"

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <lmdb.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "daemon/lmdb/check.hpp"
#include "daemon/runtime/other_rights.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile::lmdb {
namespace {

constexpr std::size_t kLockBytes = 8'192;  // of LMDB's 126 readers

Errc code_of(int rc) {
    switch (rc) {
        case MDB_MAP_FULL:
        case ENOSPC:
        case EDQUOT:
            return Errc::Full;
        case EACCES:
        case EPERM:
        case EROFS:
            return Errc::Denied;
        case MDB_CORRUPTED:
        case MDB_PAGE_NOTFOUND:
        case MDB_INVALID:
        case MDB_VERSION_MISMATCH:
        case MDB_PANIC:
        case MDB_BAD_TXN:
            return Errc::Corrupt;
        default:
            return Errc::Io;
    }
}

std::unexpected<Error> error(std::string_view what, int rc) {
    return fail(code_of(rc), fmt::format("{}: {}", what, mdb_strerror(rc)));
}

MDB_val value_of(Bytes bytes) {
    // LMDB takes pointers to mutable data and does not write through these.
    return {bytes.size(), const_cast<std::uint8_t*>(bytes.data())};
}

Bytes bytes_of(const MDB_val& value) {
    return {static_cast<const std::uint8_t*>(value.mv_data), value.mv_size};
}

Result<void> done(std::string_view what, int rc) {
    if (rc != 0) return error(what, rc);
    return {};
}

// Takes disk space without changing the file's size.
Result<void> reserve(const std::filesystem::path& file, std::size_t bytes) {
    const UniqueFd fd{::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)};
    if (!fd) return error(file.native(), errno);
    if (bytes == 0 || ::fallocate(fd.get(), FALLOC_FL_KEEP_SIZE, 0, static_cast<off_t>(bytes)) == 0)
        return {};
    if (errno == EOPNOTSUPP) return {};  // a file system that cannot reserve: go on without
    return error(fmt::format("{}: cannot reserve {} KiB of disk", file.native(), bytes >> 10U),
                 errno);
}

// LMDB writes its lock file by a mapping: without room on the disk that is the end of the program,
// and of the check it looks like damage. What else is wrong with it, LMDB says itself.
Result<void> reserve_lock(const Environment::Options& options) {
    auto room = reserve(options.folder / "lock.mdb", kLockBytes);
    if (!room && room.error().code == Errc::Full) return room;
    return {};
}

// Root reads as the daemon: a lock file of its own would keep the daemon from its ledger.
std::optional<Owner> reader_of(const std::filesystem::path& folder) {
    struct stat about{};
    const auto owner = owner_of(folder);
    const bool writes =
        owner && ::stat((folder / "data.mdb").c_str(), &about) == 0 && about.st_uid == owner->user;
    return writes ? owner : std::nullopt;
}

Result<void> prepare(const Environment::Options& options) {
    std::error_code failed;
    std::filesystem::create_directories(options.folder.parent_path(), failed);
    if (::mkdir(options.folder.c_str(), 0700) != 0 && errno != EEXIST) {
        return error(options.folder.native(), errno);
    }
    const auto file = options.folder / "data.mdb";
    const bool exists = std::filesystem::exists(file, failed);
    if (failed) return fail(Errc::Denied, options.folder.native() + ": " + failed.message());
    if (auto room = reserve_lock(options); !room) return room;
    // An empty file: the power went between making it and reserving its space.
    if (!exists || std::filesystem::is_empty(file, failed))
        return reserve(file, options.reserve_bytes);
    if (options.check == PageCheck::Skip) return {};
    if (auto checked = check(options.folder); !checked) return checked;
    (void)reserve(file, options.reserve_bytes);  // a restored file has none; not worth a failure
    return {};
}

// Before reading only.
Result<void> examine(const Environment::Options& options) {
    std::error_code failed;
    const auto file = options.folder / "data.mdb";
    if (!std::filesystem::exists(file, failed) || std::filesystem::is_empty(file, failed))
        return fail(failed ? Errc::Denied : Errc::NotFound, file.native() + ": there is none");
    if (auto room = reserve_lock(options); !room) return room;
    return options.check == PageCheck::Skip ? Result<void>{} : check(options.folder);
}

bool disk_is_full(MDB_env* env) {
    int fd = -1;
    struct statvfs about{};
    return mdb_env_get_fd(env, &fd) == 0 && ::fstatvfs(fd, &about) == 0 && about.f_bavail == 0;
}

unsigned int flags_of(TableKind kind) {
    return kind == TableKind::FixedDuplicates ? MDB_DUPSORT | MDB_DUPFIXED : 0U;
}

}  // namespace

void Reader::Abort::operator()(MDB_txn* txn) const {
    mdb_txn_abort(txn);
}

Result<std::optional<Bytes>> Reader::get(Table table, Bytes key) const {
    MDB_val wanted = value_of(key);
    MDB_val found{};
    const int rc = mdb_get(txn_.get(), table, &wanted, &found);
    if (rc == MDB_NOTFOUND) return std::optional<Bytes>{};
    if (rc != 0) return error("get", rc);
    return std::optional{bytes_of(found)};
}

Result<bool> Reader::has(Table table, Bytes key, Bytes value) const {
    auto cursor = Cursor::open(*this, table);
    if (!cursor) return std::unexpected{std::move(cursor.error())};
    return cursor->has(key, value);
}

Result<std::uint64_t> Reader::size(Table table) const {
    MDB_stat stat{};
    if (const int rc = mdb_stat(txn_.get(), table, &stat); rc != 0) return error("stat", rc);
    return std::uint64_t{stat.ms_entries};
}

std::uint64_t Reader::snapshot() const {
    return mdb_txn_id(txn_.get());
}

void Reader::pause() {
    mdb_txn_reset(txn_.get());
}

Result<void> Reader::resume() {
    return done("read", mdb_txn_renew(txn_.get()));
}

Result<void> Writer::put(Table table, Bytes key, Bytes value) {
    MDB_val at = value_of(key);
    MDB_val data = value_of(value);
    return done("put", mdb_put(txn_.get(), table, &at, &data, 0));
}

Result<void> Writer::append(Table table, Bytes key, Bytes value) {
    MDB_val at = value_of(key);
    MDB_val data = value_of(value);
    return done("append", mdb_put(txn_.get(), table, &at, &data, MDB_APPEND));
}

Result<void> Writer::remove(Table table, Bytes key) {
    MDB_val at = value_of(key);
    const int rc = mdb_del(txn_.get(), table, &at, nullptr);
    return done("remove", rc == MDB_NOTFOUND ? 0 : rc);
}

Result<void> Writer::commit() && {
    MDB_env* env = mdb_txn_env(txn_.get());
    const int rc = mdb_txn_commit(txn_.release());
    // LMDB calls it an input/output error when the disk takes only a part of a page.
    return done("commit", rc == EIO && disk_is_full(env) ? ENOSPC : rc);
}

void Cursor::Close::operator()(MDB_cursor* cursor) const {
    mdb_cursor_close(cursor);
}

Result<Cursor> Cursor::open(const Reader& reader, Table table) {
    MDB_cursor* cursor = nullptr;
    unsigned int flags = 0;
    if (const int rc = mdb_dbi_flags(reader.txn_.get(), table, &flags); rc != 0)
        return error("cursor", rc);
    if (const int rc = mdb_cursor_open(reader.txn_.get(), table, &cursor); rc != 0)
        return error("cursor", rc);
    const bool duplicates = (flags & static_cast<unsigned int>(MDB_DUPSORT)) != 0;
    return Cursor{cursor, duplicates ? TableKind::FixedDuplicates : TableKind::Plain};
}

Result<std::optional<Pair>> Cursor::move(int operation, Bytes key) {
    MDB_val at = value_of(key);
    MDB_val data{};
    const int rc = mdb_cursor_get(cursor_.get(), &at, &data, static_cast<MDB_cursor_op>(operation));
    if (rc == MDB_NOTFOUND) return std::optional<Pair>{};
    if (rc != 0) return error("cursor", rc);
    return std::optional{Pair{bytes_of(at), bytes_of(data)}};
}

Result<std::optional<Pair>> Cursor::seek(Bytes key) {
    return move(MDB_SET_RANGE, key);
}

Result<std::optional<Pair>> Cursor::first() {
    return move(MDB_FIRST, {});
}

Result<std::optional<Pair>> Cursor::last() {
    return move(MDB_LAST, {});
}

Result<std::optional<Pair>> Cursor::next() {
    return move(MDB_NEXT, {});
}

Result<std::optional<Pair>> Cursor::previous() {
    return move(MDB_PREV, {});
}

Result<void> Cursor::remove_here() {
    return done("remove", mdb_cursor_del(cursor_.get(),
                                         kind_ == TableKind::FixedDuplicates ? MDB_NODUPDATA : 0));
}

Result<bool> Cursor::has(Bytes key, Bytes value) {
    MDB_val at = value_of(key);
    MDB_val data{};
    int rc = mdb_cursor_get(cursor_.get(), &at, &data, MDB_SET);
    if (rc == 0) {
        if (data.mv_size != value.size())
            return fail(Errc::Corrupt, "get: duplicates of another size");
        data = value_of(value);
        rc = mdb_cursor_get(cursor_.get(), &at, &data, MDB_GET_BOTH);
    }
    if (rc == MDB_NOTFOUND) return false;
    if (rc != 0) return error("get", rc);
    return true;
}

Result<void> Cursor::renew(const Reader& reader) {
    return done("cursor", mdb_cursor_renew(reader.txn_.get(), cursor_.get()));
}

Result<void> Cursor::append(Bytes key, Bytes value) {
    MDB_val at = value_of(key);
    MDB_val data = value_of(value);
    const auto flag =
        static_cast<unsigned int>(kind_ == TableKind::FixedDuplicates ? MDB_APPENDDUP : MDB_APPEND);
    return done("append", mdb_cursor_put(cursor_.get(), &at, &data, flag));
}

void Environment::Close::operator()(MDB_env* env) const {
    mdb_env_close(env);
}

Result<Environment> Environment::open(const Options& options) {
    const bool writes = options.access == Access::Write;
    const OtherRights rights{writes ? std::nullopt : reader_of(options.folder)};
    if (!rights.good()) return fail(Errc::Denied, options.folder.native() + ": not as its owner");
    if (auto prepared = writes ? prepare(options) : examine(options); !prepared)
        return std::unexpected{std::move(prepared.error())};
    MDB_env* raw = nullptr;
    if (const int rc = mdb_env_create(&raw); rc != 0) return error("environment", rc);
    Environment out{raw};
    mdb_env_set_maxdbs(raw, static_cast<MDB_dbi>(options.tables.size()));
    if (writes) mdb_env_set_mapsize(raw, options.map_bytes);
    // NOTLS: a read transaction belongs to its object, so a thread may hold one beside a writer.
    const unsigned int flags = MDB_NOTLS | (writes ? 0U : MDB_RDONLY);
    if (const int rc = mdb_env_open(raw, options.folder.c_str(), flags, 0600); rc != 0) {
        return error(options.folder.native(), rc);
    }
    if (auto opened = out.open_tables(options); !opened)
        return fail(options.folder.native(), std::move(opened.error()));
    return out;
}

Result<void> Environment::open_tables(const Options& options) {
    const bool writes = options.access == Access::Write;
    MDB_txn* raw = nullptr;
    if (const int rc = mdb_txn_begin(env_.get(), nullptr, writes ? 0U : MDB_RDONLY, &raw); rc != 0)
        return error(writes ? "write" : "read", rc);
    Writer txn{raw};
    for (const TableSpec& spec : options.tables) {
        Table table = 0;
        const unsigned int create = writes ? MDB_CREATE : 0U;
        const int rc = mdb_dbi_open(raw, spec.name, create | flags_of(spec.kind), &table);
        if (rc == MDB_NOTFOUND)
            return fail(Errc::Corrupt, fmt::format("table {} is missing", spec.name));
        if (rc != 0) return error(spec.name, rc);
        tables_.push_back(table);
    }
    return std::move(txn).commit();  // also after reading, or the tables are closed again
}

Result<void> Environment::copy_to(const std::filesystem::path& folder) const {
    if (const int rc = mdb_env_copy2(env_.get(), folder.c_str(), MDB_CP_COMPACT); rc != 0)
        return error(folder.native(), rc);
    for (const auto& path : {folder / "data.mdb", folder}) {
        const UniqueFd fd{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
        if (!fd || ::fsync(fd.get()) != 0) return error(path.native(), errno);
    }
    return {};
}

Result<Reader> Environment::read() const {
    MDB_txn* txn = nullptr;
    if (const int rc = mdb_txn_begin(env_.get(), nullptr, MDB_RDONLY, &txn); rc != 0)
        return error("read", rc);
    return Reader{txn};
}

Result<Writer> Environment::write() {
    MDB_txn* txn = nullptr;
    if (const int rc = mdb_txn_begin(env_.get(), nullptr, 0, &txn); rc != 0)
        return error("write", rc);
    return Writer{txn};
}

bool Environment::disk_is_full() const {
    return lmdb::disk_is_full(env_.get());
}

std::uint64_t Environment::used_bytes() const {
    MDB_envinfo info{};
    MDB_stat stat{};
    if (mdb_env_info(env_.get(), &info) != 0 || mdb_env_stat(env_.get(), &stat) != 0) return 0;
    return (std::uint64_t{info.me_last_pgno} + 1) * stat.ms_psize;
}

}  // namespace stile::lmdb
