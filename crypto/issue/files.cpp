// SPDX-License-Identifier: Apache-2.0
// POSIX files, with every write and close checked.
#include "crypto/issue/files.hpp"

#include <cerrno>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace stile::crypto {
namespace {

std::unexpected<Error> os_error(const std::filesystem::path& path) {
    const int error = errno;
    const Errc code = error == ENOENT   ? Errc::NotFound
                      : error == EACCES ? Errc::Denied
                      : error == EEXIST ? Errc::Invalid
                                        : Errc::Io;
    return fail(code, fmt::format("{}: {}", path.string(), std::generic_category().message(error)));
}

class File {
public:
    explicit File(int descriptor) : descriptor_{descriptor} {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    [[nodiscard]] int get() const { return descriptor_; }
    // Whether everything reached the disk.
    [[nodiscard]] bool finish() {
        const bool synced = ::fsync(descriptor_) == 0 || errno == EINVAL;  // a pipe has no disk
        return close() && synced;
    }
    [[nodiscard]] bool close() { return ::close(std::exchange(descriptor_, -1)) == 0; }

private:
    int descriptor_;
};

bool write_all(int descriptor, Bytes content) {
    while (!content.empty()) {
        const ssize_t count = ::write(descriptor, content.data(), content.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return false;
        content = content.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

Result<void> write_new_file(const std::filesystem::path& path, Bytes content, Access access) {
    const mode_t mode = access == Access::OwnerOnly ? 0600 : 0644;
    File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)};
    if (file.get() < 0) return os_error(path);
    if (!write_all(file.get(), content) || !file.finish()) {
        auto error = os_error(path);
        ::unlink(path.c_str());
        return error;
    }
    return {};
}

Result<void> write_file(const std::filesystem::path& path, Bytes content, Durability durability) {
    File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
    if (file.get() < 0) return os_error(path);
    if (!write_all(file.get(), content)) return os_error(path);
    if (!(durability == Durability::Now ? file.finish() : file.close())) return os_error(path);
    return {};
}

Result<void> replace_file(const std::filesystem::path& path, Bytes content, Access access) {
    auto young = path;
    young += ".new";
    ::unlink(young.c_str());
    if (auto written = write_new_file(young, content, access); !written) return written;
    if (::rename(young.c_str(), path.c_str()) != 0) return os_error(path);
    File folder{::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (folder.get() < 0 || !folder.finish()) return os_error(folder_of(path));
    return {};
}

Result<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
    FolderLock lock{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (lock.descriptor_ < 0) return os_error(folder);
    int locked = -1;
    do
        locked = ::flock(lock.descriptor_, LOCK_EX);
    while (locked != 0 && errno == EINTR);
    if (locked != 0) return os_error(folder);
    return lock;
}

FolderLock::FolderLock(FolderLock&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)} {}

FolderLock::~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

std::filesystem::path folder_of(const std::filesystem::path& file) {
    return file.has_parent_path() ? file.parent_path() : std::filesystem::path{"."};
}

Result<void> append_to_file(const std::filesystem::path& path, Bytes content) {
    File file{::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)};
    if (file.get() < 0) return os_error(path);
    if (!write_all(file.get(), content) || !file.finish()) return os_error(path);
    return {};
}

Result<void> sync_files(const std::filesystem::path& folder) {
    const File file{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
    if (file.get() < 0 || ::syncfs(file.get()) != 0) return os_error(folder);
    return {};
}

Result<LockedBytes> read_secret_file(const std::filesystem::path& path, std::size_t limit_bytes) {
    const File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.get() < 0) return os_error(path);
    LockedBytes content{limit_bytes + 1};
    std::size_t size = 0;
    while (size <= limit_bytes) {
        const auto room = content.span().subspan(size);
        const ssize_t count = ::read(file.get(), room.data(), room.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return os_error(path);
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    if (size > limit_bytes)
        return fail(Errc::Invalid,
                    fmt::format("{}: longer than {} bytes", path.string(), limit_bytes));
    content.shrink(size);
    return content;
}

Result<void> require_owner_only(const std::filesystem::path& path) {
    struct stat status{};
    if (::stat(path.c_str(), &status) != 0) return os_error(path);
    if ((status.st_mode & 077U) != 0) {
        return fail(Errc::Denied,
                    fmt::format("{}: others may read this private key: chmod 600 it, and "
                                "ask who has read it",
                                path.string()));
    }
    return {};
}

}  // namespace stile::crypto
