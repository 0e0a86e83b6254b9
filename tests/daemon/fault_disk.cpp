// SPDX-License-Identifier: Apache-2.0
// Defines the calls that LMDB and our own files make, before the C library's.
#include "tests/daemon/fault_disk.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <map>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace stile::test {
namespace {

// Of a file, whatever its name is at the moment.
using FileId = std::pair<dev_t, ino_t>;

FileId file_of(int fd) {
    struct stat about{};
    ::fstat(fd, &about);
    return {about.st_dev, about.st_ino};
}

// What a place held before a write that is not synced.
struct Undo {
    FileId file;
    off_t at;
    std::vector<char> before;
};

// Its folder is not synced.
struct Renamed {
    std::string from;
    std::string to;
};

class Disk {
public:
    explicit Disk(DiskPlan plan) : plan_{std::move(plan)}, random_{plan_.seed} {}

    // 0, or the error of this call.
    int before_write(int fd, off_t at, std::size_t bytes) {
        const auto path = path_of(fd);
        if (!path) return 0;
        const bool synced = (::fcntl(fd, F_GETFL) & O_DSYNC) != 0;
        const bool ledger = path->ends_with("/ledger/data.mdb");
        const std::scoped_lock lock{mutex_};
        const int failed = count(!ledger  ? DiskStep::CopyWrite
                                 : synced ? DiskStep::MetaWrite
                                          : DiskStep::PageWrite,
                                 true);
        if (failed == 0 && !synced) remember(fd, at, bytes);
        return failed;
    }
    int before_sync(int fd) {
        const auto path = path_of(fd);
        if (!path) return 0;
        const bool ledger = path->ends_with("/ledger/data.mdb");
        const std::scoped_lock lock{mutex_};
        const int failed = count(ledger ? DiskStep::PageSync : DiskStep::CopySync, false);
        if (failed == 0) keep(fd, *path);
        return failed;
    }
    int before_rename(const std::string& from, const std::string& to) {
        if (!to.starts_with(plan_.folder.native())) return 0;
        const std::scoped_lock lock{mutex_};
        const int failed = count(DiskStep::Rename, false);
        if (failed == 0 && ::access(to.c_str(), F_OK) != 0) renamed_.push_back({from, to});
        return failed;
    }

private:
    static std::string link_of(int fd) { return "/proc/self/fd/" + std::to_string(fd); }
    [[nodiscard]] std::optional<std::string> path_of(int fd) const {
        std::array<char, 4096> text{};
        const ssize_t size = ::readlink(link_of(fd).c_str(), text.data(), text.size());
        if (size <= 0) return std::nullopt;
        std::string path{text.data(), static_cast<std::size_t>(size)};
        if (!path.starts_with(plan_.folder.native()) || path.ends_with("lock.mdb"))
            return std::nullopt;
        return path;
    }

    // By a descriptor of our own: the program may close its one, and it may only write.
    int own_fd(int fd) {
        const auto [at, is_new] = own_.try_emplace(file_of(fd), -1);
        if (is_new) at->second = ::open(link_of(fd).c_str(), O_RDWR | O_CLOEXEC);
        return at->second;
    }

    void remember(int fd, off_t at, std::size_t bytes) {
        Undo undo{file_of(fd), at, std::vector<char>(bytes)};
        (void)::pread(own_fd(fd), undo.before.data(), bytes, at);  // zeros where nothing was
        undo_.push_back(std::move(undo));
    }

    void keep(int fd, const std::filesystem::path& path) {
        std::erase_if(undo_, [file = file_of(fd)](const Undo& undo) { return undo.file == file; });
        std::erase_if(renamed_, [&path](const Renamed& renamed) {
            return std::filesystem::path{renamed.to}.parent_path() == path;
        });
    }

    // The disk may have written any of them, in any order.
    void lose_some() {
        const unsigned kept = std::uniform_int_distribution<unsigned>{0, 3}(random_);
        for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) {
            if (std::uniform_int_distribution<unsigned>{1, 4}(random_) <= kept) continue;
            (void)::syscall(SYS_pwrite64, own_[undo->file], undo->before.data(),
                            undo->before.size(), undo->at);
        }
        for (auto renamed = renamed_.rbegin(); renamed != renamed_.rend(); ++renamed) {
            if (std::uniform_int_distribution<unsigned>{1, 4}(random_) <= kept) continue;
            (void)::syscall(SYS_rename, renamed->to.c_str(), renamed->from.c_str());
        }
    }

    int count(DiskStep step, bool writes) {
        if (full_ > 0 && writes) {
            --full_;
            return ENOSPC;
        }
        if (++calls_ != plan_.at) return 0;
        plan_.on_fault(step);
        switch (plan_.fault) {
            case DiskFault::PowerCut:
                lose_some();
                [[fallthrough]];
            case DiskFault::Kill:
                (void)::kill(::getpid(), SIGKILL);
                ::pause();
                break;
            case DiskFault::InputOutput:
                return EIO;
            case DiskFault::Full:
                full_ = 3;
                return writes ? ENOSPC : 0;
        }
        return 0;
    }

    std::mutex mutex_;  // a backup copies on a thread of LMDB's
    DiskPlan plan_;
    std::minstd_rand random_;
    std::vector<Undo> undo_;
    std::vector<Renamed> renamed_;
    std::map<FileId, int> own_;  // kept open: a number is not used again for another file
    int calls_ = 0;
    int full_ = 0;
};

Disk* disk = nullptr;  // lives as long as the process

// -1 with errno, or what the call itself says.
template <class Call>
ssize_t unless(int failed, Call call) {
    if (failed == 0) return call();
    errno = failed;
    return -1;
}

std::size_t bytes_of(const iovec* parts, int count) {
    std::size_t bytes = 0;
    for (int i = 0; i < count; ++i)
        bytes += parts[i].iov_len;
    return bytes;
}

}  // namespace

void arm_disk(DiskPlan plan) {
    disk = new Disk{std::move(plan)};  // NOLINT(cppcoreguidelines-owning-memory): see above
}

}  // namespace stile::test

// NOLINTBEGIN(readability-identifier-naming,readability-inconsistent-declaration-parameter-name)
using stile::test::bytes_of;
using stile::test::disk;
using stile::test::unless;

extern "C" ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
    const int failed = disk != nullptr ? disk->before_write(fd, at, size) : 0;
    return unless(failed, [&] { return ::syscall(SYS_pwrite64, fd, data, size, at); });
}

extern "C" ssize_t writev(int fd, const iovec* parts, int count) {
    const int failed =
        disk != nullptr ? disk->before_write(fd, ::lseek(fd, 0, SEEK_CUR), bytes_of(parts, count))
                        : 0;
    return unless(failed, [&] { return ::syscall(SYS_writev, fd, parts, count); });
}

extern "C" ssize_t write(int fd, const void* data, size_t size) {
    const int failed = disk != nullptr ? disk->before_write(fd, ::lseek(fd, 0, SEEK_CUR), size) : 0;
    return unless(failed, [&] { return ::syscall(SYS_write, fd, data, size); });
}

extern "C" int fdatasync(int fd) {
    const int failed = disk != nullptr ? disk->before_sync(fd) : 0;
    return static_cast<int>(unless(failed, [&] { return ::syscall(SYS_fdatasync, fd); }));
}

extern "C" int fsync(int fd) {
    const int failed = disk != nullptr ? disk->before_sync(fd) : 0;
    return static_cast<int>(unless(failed, [&] { return ::syscall(SYS_fsync, fd); }));
}

extern "C" int rename(const char* from, const char* to) noexcept {
    const int failed = disk != nullptr ? disk->before_rename(from, to) : 0;
    return static_cast<int>(unless(failed, [&] { return ::syscall(SYS_rename, from, to); }));
}
// NOLINTEND(readability-identifier-naming,readability-inconsistent-declaration-parameter-name)
