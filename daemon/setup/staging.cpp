// SPDX-License-Identifier: Apache-2.0
// Write, fsync, rename, fsync of the folder.
#include "daemon/setup/staging.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "crypto/base/time_text.hpp"

namespace stile {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> trouble(const fs::path& path) {
    const int error = errno;
    const Errc code = error == ENOSPC                                       ? Errc::Full
                      : error == EACCES || error == EPERM || error == EROFS ? Errc::Denied
                                                                            : Errc::Io;
    return fail(code, fmt::format("{}: {}", path.native(), std::system_category().message(error)));
}

Result<void> make_folder(const fs::path& folder, mode_t mode) {
    std::error_code error;
    fs::create_directories(folder.parent_path(), error);
    if (::mkdir(folder.c_str(), mode) == 0 || errno == EEXIST) return {};
    return trouble(folder);
}

Result<void> sync_folder(const fs::path& folder) {
    const UniqueFd fd{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!fd || ::fsync(fd.get()) != 0) return trouble(folder);
    return {};
}

bool write_all(int fd, Bytes bytes) {
    while (!bytes.empty()) {
        const ssize_t count = ::write(fd, bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

// "20261122T143000Z": sorts, and needs no quotes in a shell.
std::string compact(std::chrono::sys_seconds now) {
    std::string text = to_rfc3339(now);
    std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
    return text;
}

// A second name for what is at `kept`, which its successor does not touch; empty: nothing is there.
Result<fs::path> keep(const fs::path& kept, std::chrono::sys_seconds now) {
    const std::string stem = fmt::format("{}.before-{}", kept.native(), compact(now));
    for (int again = 1; again < 100; ++again) {
        fs::path name = again == 1 ? stem : fmt::format("{}-{}", stem, again);
        if (::link(kept.c_str(), name.c_str()) == 0) return name;
        if (errno == ENOENT) return fs::path{};
        if (errno != EEXIST) return trouble(name);
    }
    return fail(Errc::Io, stem + ": there are too many of them");
}

// Takes away what a setup left that was killed. What cannot be removed is in nobody's way.
void clear(const fs::path& folder) {
    std::error_code ignored;
    std::vector<fs::path> left;
    for (const auto& file : fs::directory_iterator{folder, ignored}) {
        const std::string name = file.path().filename();
        if (name.starts_with('.') && name.ends_with(".setup")) left.push_back(file.path());
    }
    for (const fs::path& file : left)
        ::unlink(file.c_str());
}

}  // namespace

Staging::Staging(UniqueFd lock, std::optional<Owner> daemon)
    : lock_{std::move(lock)}, daemon_{daemon} {}

Result<Staging> Staging::begin(const std::vector<fs::path>& folders, std::optional<Owner> daemon) {
    const fs::path& folder = folders.front();
    if (auto made = make_folder(folder, 0755); !made)
        return std::unexpected{std::move(made.error())};
    UniqueFd lock{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (!lock) return trouble(folder);
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0)
        return fail(Errc::Closed, folder.native() + ": another setup is at work there");
    for (const fs::path& each : folders)
        clear(each);
    return Staging{std::move(lock), daemon};
}

Staging::~Staging() {
    for (const Staged& staged : staged_)
        ::unlink(staged.young.c_str());
}

Result<void> Staging::write(const PlannedFile& file, const Staged& staged) const {
    const bool secret = file.sort == PlannedFile::Sort::Secret;
    const UniqueFd fd{
        ::open(staged.young.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (!fd) return trouble(staged.young);
    const Bytes content = file.secret ? file.secret->bytes() : as_bytes(file.text);
    if (!write_all(fd.get(), content)) return trouble(staged.young);
    if (::fchmod(fd.get(), secret ? 0600 : 0644) != 0) return trouble(staged.young);
    const bool theirs = daemon_ && file.whose == PlannedFile::Whose::Daemon;
    if (theirs && ::fchown(fd.get(), daemon_->user, daemon_->group) != 0)
        return trouble(staged.young);
    return ::fsync(fd.get()) == 0 ? Result<void>{} : trouble(staged.young);
}

Result<void> Staging::put(const PlannedFile& file) {
    const fs::path folder = file.path.parent_path();
    const bool store = folder.filename().native().starts_with("credstore");
    if (auto made = make_folder(folder, store ? 0700 : 0755); !made) return made;
    const Staged& staged =
        staged_.emplace_back(folder / fmt::format(".{}.setup", file.path.filename().native()),
                             file.path, file.instead_of, file.old);
    return write(file, staged);
}

fs::path Staging::now_at(const fs::path& path) const {
    const auto found = std::ranges::find(staged_, path, &Staged::place);
    return found == staged_.end() ? path : found->young;
}

Result<fs::path> Staging::take_places(const fs::path& kept, std::chrono::sys_seconds now) {
    auto aside = keep(kept, now);
    if (!aside) return aside;
    const auto last = std::ranges::find(staged_, kept, &Staged::place);
    if (last != staged_.end()) std::rotate(last, last + 1, staged_.end());
    while (!staged_.empty()) {
        const Staged next = staged_.front();
        if (next.old == PlannedFile::Old::Stays) {
            for (const fs::path& old : {next.place, next.instead_of}) {
                if (auto also = keep(old, now); !also) return also;
            }
        }
        if (::rename(next.young.c_str(), next.place.c_str()) != 0) return trouble(next.place);
        staged_.erase(staged_.begin());
        if (!next.instead_of.empty()) ::unlink(next.instead_of.c_str());
        if (auto safe = sync_folder(next.place.parent_path()); !safe)
            return std::unexpected{std::move(safe.error())};
    }
    return aside;
}

}  // namespace stile
