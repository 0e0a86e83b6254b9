// SPDX-License-Identifier: Apache-2.0
// The size check on the meta pages, and the walk in a child that may die of what it finds.
#include "daemon/lmdb/check.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <string>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <lmdb.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "crypto/base/bytes.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile::lmdb {
namespace {

// LMDB 0.9 on 64-bit little-endian machines: a 16-byte page header, then the meta record.
constexpr std::uint32_t kMagic = 0xBEEFC0DE;
constexpr std::uint32_t kDataVersion = 1;

struct Meta {
    std::uint32_t magic;
    std::uint32_t version;
    std::uint64_t address;
    std::uint64_t map_bytes;
    struct Db {
        std::uint32_t pad;  // of the first one: the page size
        std::uint16_t flags;
        std::uint16_t depth;
        std::uint64_t pages[3];
        std::uint64_t entries;
        std::uint64_t root;
    } dbs[2];
    std::uint64_t last_page;
    std::uint64_t transaction;
};

constexpr std::size_t kPageHeaderBytes = 16;

std::optional<Meta> read_meta(int fd, off_t at) {
    Meta meta{};
    const auto wanted = static_cast<ssize_t>(sizeof meta);
    if (::pread(fd, &meta, sizeof meta, at + static_cast<off_t>(kPageHeaderBytes)) != wanted)
        return std::nullopt;
    if (meta.magic != kMagic || meta.version != kDataVersion) return std::nullopt;
    return meta;
}

std::unexpected<Error> damaged(const std::filesystem::path& file, std::string_view what) {
    return fail(Errc::Corrupt, fmt::format("{}: {}. Nothing was changed. Restore a backup, or move "
                                           "the folder away to begin a new one",
                                           file.native(), what));
}

struct Sizes {
    std::uint64_t file = 0;
    std::uint64_t named = 0;  // what the newest meta page counts
};

// A file may be shorter than its pages are counted: LMDB never writes a page that was allocated and
// freed within one transaction. So a short file is truncated only if a page in use is missing.
Result<Sizes> read_sizes(const std::filesystem::path& file) {
    const UniqueFd fd{::open(file.c_str(), O_RDONLY | O_CLOEXEC)};
    if (!fd)
        return fail(errno == EACCES ? Errc::Denied : Errc::Io,
                    file.native() + ": " + std::system_category().message(errno));
    struct stat about{};
    if (::fstat(fd.get(), &about) != 0)
        return fail(Errc::Io, file.native() + ": " + std::system_category().message(errno));
    if (about.st_size == 0) return Sizes{};  // reserved, never used
    const auto first = read_meta(fd.get(), 0);
    if (!first) return damaged(file, "the first page is not one of LMDB's");
    const std::uint64_t page = first->dbs[0].pad;
    if (page < 512 || page > 65'536) return damaged(file, "the page size makes no sense");
    const auto second = read_meta(fd.get(), static_cast<off_t>(page));
    if (!second) return damaged(file, "the second page is not one of LMDB's");
    const Meta& newest = first->transaction > second->transaction ? *first : *second;
    // A count that no file system can hold is not multiplied.
    const std::uint64_t last = std::min(newest.last_page, std::uint64_t{1} << 40U);
    return Sizes{static_cast<std::uint64_t>(about.st_size), (last + 1) * page};
}

// Touches every page of one table. Its own count of pairs bounds the walk, since damaged pages can
// point in circles.
int walk(MDB_txn* txn, MDB_dbi table) {
    MDB_stat stat{};
    MDB_cursor* cursor = nullptr;
    int rc = mdb_stat(txn, table, &stat);
    if (rc == 0) rc = mdb_cursor_open(txn, table, &cursor);
    if (rc != 0) return rc;
    MDB_val key{};
    MDB_val value{};
    std::uint8_t sum = 0;
    std::size_t left = stat.ms_entries;
    while ((rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) == 0) {
        if (left-- == 0) return MDB_CORRUPTED;
        for (const MDB_val& part : {key, value}) {
            const auto* bytes = static_cast<const std::uint8_t*>(part.mv_data);
            if (part.mv_size > 0)
                sum = static_cast<std::uint8_t>(sum ^ bytes[0] ^ bytes[part.mv_size - 1]);
        }
    }
    mdb_cursor_close(cursor);
    [[maybe_unused]] static volatile std::uint8_t seen;  // keeps the reads
    seen = sum;
    if (rc != MDB_NOTFOUND) return rc;
    return left == 0 ? 0 : MDB_CORRUPTED;
}

constexpr MDB_dbi kFreeList = 0;  // LMDB's own table of pages to use again

// Every named table is a key of the main one.
int walk_all(MDB_txn* txn) {
    MDB_dbi main = 0;
    MDB_cursor* names = nullptr;
    int rc = walk(txn, kFreeList);
    if (rc == 0) rc = mdb_dbi_open(txn, nullptr, 0, &main);
    if (rc == 0) rc = mdb_cursor_open(txn, main, &names);
    if (rc != 0) return rc;
    MDB_val name{};
    MDB_val ignored{};
    while ((rc = mdb_cursor_get(names, &name, &ignored, MDB_NEXT)) == 0) {
        const std::string text{static_cast<const char*>(name.mv_data), name.mv_size};
        MDB_dbi table = 0;
        rc = mdb_dbi_open(txn, text.c_str(), 0, &table);
        if (rc == 0) rc = walk(txn, table);
        if (rc != 0) return rc;
    }
    return rc == MDB_NOTFOUND ? 0 : rc;
}

int walk_pages(MDB_env* env) {
    MDB_txn* txn = nullptr;
    int rc = mdb_txn_begin(env, nullptr, MDB_RDONLY, &txn);
    if (rc != 0) return rc;
    rc = walk_all(txn);
    mdb_txn_abort(txn);
    return rc;
}

// Else the pages that a dead reader saw are never used again.
int forget_dead_readers(MDB_env* env) {
    int dead = 0;
    return mdb_reader_check(env, &dead);
}

// Exit codes of the child.
constexpr int kGood = 0;
constexpr int kDamaged = 1;
constexpr int kNotAllowed = 2;
constexpr int kTooManyReaders = 3;
constexpr int kNoMeans = 4;

int exit_code_of(int rc) {
    if (rc == EACCES || rc == EPERM) return kNotAllowed;
    if (rc == MDB_READERS_FULL) return kTooManyReaders;
    if (rc == ENOSPC || rc == EDQUOT || rc == EMFILE || rc == ENFILE) return kNoMeans;
    return rc == 0 ? kGood : kDamaged;
}

// With a lock: a writer uses pages again that no reader it knows of can see.
[[noreturn]] void work_in_child(const char* folder, int (*work)(MDB_env*)) {
    const rlimit no_core{0, 0};
    (void)::setrlimit(RLIMIT_CORE, &no_core);
    const rlimit cpu_seconds{60, 60};  // about 10 GB of pages; damaged ones can point in circles
    (void)::setrlimit(RLIMIT_CPU, &cpu_seconds);
    for (const int fault : {SIGSEGV, SIGBUS, SIGABRT})
        (void)::signal(fault, SIG_DFL);
    MDB_env* env = nullptr;
    int rc = mdb_env_create(&env);
    if (rc == 0) rc = mdb_env_set_maxdbs(env, 32);
    if (rc == 0) rc = mdb_env_open(env, folder, MDB_RDONLY, 0600);
    if (rc == 0) rc = work(env);
    mdb_env_close(env);
    ::_exit(exit_code_of(rc));
}

// How the child ended, as waitpid() tells it.
Result<int> in_child(const std::filesystem::path& folder, int (*work)(MDB_env*)) {
    const pid_t child = ::fork();
    if (child < 0) return fail(Errc::Io, "fork: " + std::system_category().message(errno));
    if (child == 0) work_in_child(folder.c_str(), work);
    int status = 0;
    while (::waitpid(child, &status, 0) < 0) {
        if (errno != EINTR)
            return fail(Errc::Io, "waitpid: " + std::system_category().message(errno));
    }
    return status;
}

Result<void> check_pages(const std::filesystem::path& folder, const Sizes& sizes) {
    const auto status = in_child(folder, walk_pages);
    if (!status) return std::unexpected{status.error()};
    const int code = WIFEXITED(*status) ? WEXITSTATUS(*status) : kDamaged;
    const auto lock = folder / "lock.mdb";
    if (code == kGood) return {};
    if (code == kNotAllowed)
        return fail(Errc::Denied, lock.native() + ": it cannot be opened or made");
    if (code == kTooManyReaders) return fail(Errc::Io, lock.native() + ": too many readers");
    if (code == kNoMeans) return fail(Errc::Io, lock.native() + ": no disk, or no files left");
    if (WIFSIGNALED(*status)) (void)in_child(folder, forget_dead_readers);
    if (sizes.file < sizes.named) {
        return damaged(folder / "data.mdb",
                       fmt::format("the file is truncated: {} bytes where {} were written",
                                   sizes.file, sizes.named));
    }
    return damaged(folder / "data.mdb", "pages inside the file are damaged");
}

}  // namespace

Result<void> check(const std::filesystem::path& folder) {
    const auto file = folder / "data.mdb";
    std::error_code failed;
    if (!std::filesystem::exists(file, failed) && !failed) return {};
    const auto sizes = read_sizes(file);
    if (!sizes) return std::unexpected{sizes.error()};
    if (sizes->file == 0) return {};
    return check_pages(folder, *sizes);
}

}  // namespace stile::lmdb
