// SPDX-License-Identifier: Apache-2.0
// A folder under a name that nobody looks at, until everything in it is good.
#include "daemon/ledger/backup.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/base/time_text.hpp"
#include "crypto/hash.hpp"
#include "daemon/ledger/files.hpp"
#include "daemon/ledger/layout.hpp"
#include "daemon/ledger/ledger.hpp"
#include "daemon/ledger/mark_copy.hpp"
#include "daemon/ledger/scrubber.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kPrefix = "ledger-";
constexpr std::string_view kUnfinished = ".unfinished";

// "ledger-20260501T180000Z-006900000100002a-42": by name is by time.
std::string name_of(const Manifest& manifest) {
    std::string time = to_rfc3339(std::chrono::floor<std::chrono::seconds>(manifest.time));
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    return fmt::format("{}{}-{:016x}-{}", kPrefix, time, manifest.end.epoch, manifest.end.seq);
}

// Everything in it, and what it says of itself.
Result<Manifest> examine(const fs::path& folder, lmdb::PageCheck check) {
    const auto ledger = Ledger::open_read_only(folder, check);
    if (!ledger) return std::unexpected{ledger.error()};
    if (auto good = ledger->verify(); !good) return std::unexpected{std::move(good.error())};
    Manifest manifest{.end = {ledger->head().epoch, ledger->head().seq},
                      .head = to_hex(ledger->head().chain)};
    const auto reader = ledger->environment().read();
    for (std::size_t i = 0; reader && i < layout::kTables.size(); ++i)
        manifest.rows += reader->size(ledger->environment().table(i)).value_or(0);
    return manifest;
}

Result<Manifest> describe(const fs::path& folder, const BackupWish& wish) {
    auto manifest = examine(folder, lmdb::PageCheck::Skip);
    if (!manifest) return manifest;
    auto digest = files::sha256_of(folder / "data.mdb");
    if (!digest) return std::unexpected{std::move(digest.error())};
    manifest->time = wish.now;
    manifest->gate = wish.gate;
    manifest->software = wish.software;
    manifest->bytes = digest->bytes;
    manifest->sha256 = to_hex(digest->sha256);
    return manifest;
}

void remove_old(const fs::path& into, std::size_t keep) {
    const auto all = backups_in(into);
    for (std::size_t i = std::max<std::size_t>(keep, 1); i < all.size(); ++i) {
        std::error_code ignored;  // it is tried again after the next backup
        fs::remove_all(all[i], ignored);
    }
}

Result<BackupMade> make(const lmdb::Environment& ledger, const BackupWish& wish,
                        const fs::path& folder) {
    std::error_code ignored;
    if (auto copied = ledger.copy_to(folder); !copied)
        return std::unexpected{std::move(copied.error())};
    const std::size_t room = fs::file_size(folder / "data.mdb", ignored) + (16U << 20U);
    if (auto marked = mark_as_copy(folder, room); !marked)
        return std::unexpected{std::move(marked.error())};
    auto manifest = describe(folder, wish);
    if (!manifest) return std::unexpected{std::move(manifest.error())};
    fs::remove(folder / "lock.mdb", ignored);
    if (auto put = files::write(folder / "manifest.json", manifest_json(*manifest)); !put)
        return std::unexpected{std::move(put.error())};
    BackupMade made{wish.into / name_of(*manifest), std::move(*manifest)};
    if (::rename(folder.c_str(), made.folder.c_str()) != 0 && !fs::exists(made.folder, ignored))
        return files::error_of(made.folder);
    if (auto synced = files::sync(wish.into); !synced)
        return std::unexpected{std::move(synced.error())};
    return made;
}

}  // namespace

Result<BackupMade> back_up(const lmdb::Environment& ledger, const BackupWish& wish) {
    std::error_code ignored;
    fs::create_directories(wish.into, ignored);
    const fs::path folder = wish.into / kUnfinished;
    fs::remove_all(folder, ignored);
    if (::mkdir(folder.c_str(), 0700) != 0) return files::error_of(folder);
    auto made = make(ledger, wish, folder);
    fs::remove_all(folder, ignored);
    if (made) remove_old(wish.into, wish.keep);
    return made;
}

std::vector<fs::path> backups_in(const fs::path& into) {
    std::vector<fs::path> all;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator{into, ignored}) {
        if (entry.path().filename().native().starts_with(kPrefix)) all.push_back(entry.path());
    }
    std::ranges::sort(all, std::ranges::greater{});
    return all;
}

Result<Manifest> read_manifest(const fs::path& backup) {
    const auto text = files::read(backup / "manifest.json");
    if (!text && text.error().code == Errc::NotFound) {
        return fail(Errc::NotFound,
                    backup.native() + ": no backup: there is no manifest.json in it");
    }
    if (!text) return std::unexpected{text.error()};
    auto manifest = parse_manifest(*text);
    if (!manifest) return fail(backup.native(), std::move(manifest.error()));
    return manifest;
}

Result<Manifest> check_backup(const fs::path& backup) {
    auto manifest = read_manifest(backup);
    if (!manifest) return manifest;
    const auto digest = files::sha256_of(backup / "data.mdb");
    if (!digest) return std::unexpected{digest.error()};
    if (digest->bytes != manifest->bytes || to_hex(digest->sha256) != manifest->sha256)
        return fail(Errc::Corrupt, backup.native() + ": the backup is damaged or was changed");
    const auto found = examine(backup, lmdb::PageCheck::First);
    std::error_code ignored;
    fs::remove(backup / "lock.mdb", ignored);
    if (!found) return fail(backup.native(), found.error());
    if (found->end != manifest->end || found->head != manifest->head)
        return fail(Errc::Corrupt, backup.native() + ": the backup does not fit its manifest");
    return manifest;
}

bool Backup::start(BackupWish wish) {
    if (busy_.exchange(true)) return false;
    thread_ = std::jthread{[this, wish = std::move(wish)] {
        auto made = back_up(ledger_, wish);
        busy_ = false;
        done_(std::move(made));
    }};
    return true;
}

}  // namespace stile
