// SPDX-License-Identifier: Apache-2.0
// Defines the calls that LMDB and our own files make, before the C library's.
#include "tests/daemon/fault_disk.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

namespace stile::test {
namespace {

// What a page held before a write that is not synced.
struct Undo {
    int fd;
    off_t at;
    std::vector<char> before;
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
        if (failed == 0 && ledger && !synced) remember(fd, at, bytes);
        return failed;
    }
    int before_sync(int fd) {
        const auto path = path_of(fd);
        if (!path) return 0;
        const bool ledger = path->ends_with("/ledger/data.mdb");
        const std::scoped_lock lock{mutex_};
        const int failed = count(ledger ? DiskStep::PageSync : DiskStep::CopySync, false);
        if (failed == 0 && ledger) undo_.clear();
        return failed;
    }
    int before_rename(std::string_view path) {
        if (!path.starts_with(plan_.folder.native())) return 0;
        const std::scoped_lock lock{mutex_};
        return count(DiskStep::Rename, false);
    }

private:
    [[nodiscard]] std::optional<std::string> path_of(int fd) const {
        std::array<char, 4096> text{};
        const std::string link = "/proc/self/fd/" + std::to_string(fd);
        const ssize_t size = ::readlink(link.c_str(), text.data(), text.size());
        if (size <= 0) return std::nullopt;
        std::string path{text.data(), static_cast<std::size_t>(size)};
        if (!path.starts_with(plan_.folder.native()) || path.ends_with("lock.mdb"))
            return std::nullopt;
        return path;
    }

    void remember(int fd, off_t at, std::size_t bytes) {
        struct stat about{};
        ::fstat(fd, &about);
        Undo undo{fd, at, std::vector<char>(bytes)};
        (void)::pread(fd, undo.before.data(), bytes, at);  // zeros where nothing was
        undo_.push_back(std::move(undo));
    }

    // The disk may have written any of them, in any order.
    void lose_some() {
        const unsigned kept = std::uniform_int_distribution<unsigned>{0, 3}(random_);
        for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) {
            if (std::uniform_int_distribution<unsigned>{1, 4}(random_) <= kept) continue;
            (void)::syscall(SYS_pwrite64, undo->fd, undo->before.data(), undo->before.size(),
                            undo->at);
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
    const int failed = disk != nullptr ? disk->before_rename(to) : 0;
    return static_cast<int>(unless(failed, [&] { return ::syscall(SYS_rename, from, to); }));
}
// NOLINTEND(readability-identifier-naming,readability-inconsistent-declaration-parameter-name)
