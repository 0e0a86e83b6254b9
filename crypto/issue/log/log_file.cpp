// SPDX-License-Identifier: Apache-2.0
// A POSIX file with an advisory lock; every line is checked against the chain as it is read.
#include "crypto/issue/log/log_file.hpp"

#include <array>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stile::crypto {
namespace {

constexpr std::size_t kChunk = std::size_t{256} * 1024;
constexpr std::size_t kMaxLine = 1024;
constexpr std::size_t kChainText = 1 + 64;  // a space and the chain value
constexpr std::string_view kHeader = "stile-issue-log 1 ";

// Follows the chain from line to line.
class Follower {
public:
    explicit Follower(const OnEntry& each) : each_{each} {}

    [[nodiscard]] Result<void> take(std::string_view line) {
        auto taken = check(line);
        if (!taken) return fail(fmt::format("line {}", end_.lines + 1), std::move(taken.error()));
        ++end_.lines;
        end_.size += line.size() + 1;
        return {};
    }
    [[nodiscard]] LogEnd end(std::uint64_t torn) && {
        end_.torn = torn;
        return std::move(end_);
    }

private:
    [[nodiscard]] Result<void> check(std::string_view line) {
        if (line.size() <= kChainText || line[line.size() - kChainText] != ' ')
            return fail(Errc::Corrupt, "not a line of an issue log");
        const std::string_view text = line.substr(0, line.size() - kChainText);
        const Digest chain = chain_of(end_.head, text);
        if (to_hex(chain) != line.substr(line.size() - 64))
            return fail(
                Errc::Corrupt,
                "the chain breaks here: this line was altered, or lines before it are gone");
        end_.head = chain;
        if (end_.lines == 0) return check_header(text);
        const auto entry = parse_entry(text, end_.lines);
        if (!entry) return fail(Errc::Corrupt, entry.error().context);
        return each_(*entry, chain);
    }
    [[nodiscard]] Result<void> check_header(std::string_view text) {
        if (!text.starts_with(kHeader)) return fail(Errc::Corrupt, "not an issue log of version 1");
        end_.issuer = text.substr(kHeader.size());
        return {};
    }

    const OnEntry& each_;
    LogEnd end_;
};

// Hands over what stands before the last line feed of `text`, and keeps the rest in it.
Result<void> take_lines(Follower& follower, std::string& text) {
    std::size_t at = 0;
    for (std::size_t feed = text.find('\n'); feed != std::string::npos;
         feed = text.find('\n', at)) {
        if (auto taken = follower.take(std::string_view{text}.substr(at, feed - at)); !taken)
            return taken;
        at = feed + 1;
    }
    text.erase(0, at);
    return {};
}

// The name of a new file must be on the disk too.
bool sync_folder(const std::filesystem::path& path) {
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return false;
    const bool synced = ::fsync(descriptor) == 0;
    return ::close(descriptor) == 0 && synced;
}

bool lock(int descriptor, const std::filesystem::path& path) {
    if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return true;
    if (errno != EWOULDBLOCK) return false;
    fmt::print(stderr, "stile-issue: waiting for another stile-issue that writes {}\n",
               path.string());
    while (::flock(descriptor, LOCK_EX) != 0)
        if (errno != EINTR) return false;
    return true;
}

}  // namespace

LogFile::LogFile(std::filesystem::path path, int descriptor)
    : path_{std::move(path)}, descriptor_{descriptor} {}
LogFile::LogFile(LogFile&& other) noexcept
    : path_{std::move(other.path_)}, descriptor_{std::exchange(other.descriptor_, -1)} {}
LogFile& LogFile::operator=(LogFile&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(descriptor_, other.descriptor_);
    return *this;
}
LogFile::~LogFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::unexpected<Error> LogFile::os_error() const {
    const int error = errno;
    const Errc code = error == ENOENT                      ? Errc::NotFound
                      : error == EACCES || error == EROFS  ? Errc::Denied
                      : error == ENOSPC || error == EDQUOT ? Errc::Full
                                                           : Errc::Io;
    return fail(code, fmt::format("issue log {}: {}", path_.string(),
                                  std::generic_category().message(error)));
}

Result<LogFile> LogFile::open(const std::filesystem::path& path) {
    LogFile file{path, ::open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600)};
    if (file.descriptor_ < 0) return file.os_error();
    struct stat status{};
    if (::fstat(file.descriptor_, &status) != 0) return file.os_error();
    if (!S_ISREG(status.st_mode))
        return fail(Errc::Invalid, fmt::format("issue log {}: no regular file", path.string()));
    if (!lock(file.descriptor_, path) || !sync_folder(path)) return file.os_error();
    return file;
}

Result<LogFile> LogFile::view(const std::filesystem::path& path) {
    LogFile file{path, ::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.descriptor_ < 0) return file.os_error();
    return file;
}

Result<LogEnd> LogFile::read(const OnEntry& each) const {
    Follower follower{each};
    std::string text;
    std::string chunk(kChunk, '\0');
    for (off_t at = 0;;) {
        const ssize_t count = ::pread(descriptor_, chunk.data(), chunk.size(), at);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return os_error();
        if (count == 0) break;
        at += count;
        text.append(chunk, 0, static_cast<std::size_t>(count));
        auto taken = take_lines(follower, text);
        if (taken && text.size() > kMaxLine) taken = follower.take(text);
        if (!taken) return fail("issue log " + path_.string(), std::move(taken.error()));
    }
    return std::move(follower).end(text.size());
}

Result<void> LogFile::append(std::uint64_t size, std::string_view lines) const {
    auto at = static_cast<off_t>(size);
    for (std::string_view rest = lines; !rest.empty();) {
        const ssize_t count = ::pwrite(descriptor_, rest.data(), rest.size(), at);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) {
            auto error = os_error();
            (void)cut(size);  // the failure that is reported is the one before
            return error;
        }
        rest.remove_prefix(static_cast<std::size_t>(count));
        at += count;
    }
    if (::fsync(descriptor_) != 0) return os_error();
    return {};
}

Result<void> LogFile::cut(std::uint64_t size) const {
    if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0) return os_error();
    return {};
}

}  // namespace stile::crypto
