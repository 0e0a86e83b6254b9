// SPDX-License-Identifier: Apache-2.0
// Stands in for the C library's flushes: LMDB finds these first, since they are of the program.
#include "tests/bench/slow_disk.hpp"

#include <atomic>
#include <thread>

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace stile::bench {
namespace {

std::atomic<std::chrono::milliseconds> flush_time{std::chrono::milliseconds{0}};

void take_time() {
    const auto time = flush_time.load();
    if (time.count() > 0) std::this_thread::sleep_for(time);  // this is the disk, not a wait
}

}  // namespace

SlowDisk::SlowDisk(std::chrono::milliseconds flush) {
    flush_time = flush;
}

SlowDisk::~SlowDisk() {
    flush_time = std::chrono::milliseconds{0};
}

}  // namespace stile::bench

extern "C" int fdatasync(int fd) {
    stile::bench::take_time();
    return static_cast<int>(::syscall(SYS_fdatasync, fd));
}

// LMDB writes its meta page through a descriptor that flushes with every write.
extern "C" ssize_t pwrite(int fd, const void* data, size_t size, off_t at) {
    if ((::fcntl(fd, F_GETFL) & O_DSYNC) != 0) stile::bench::take_time();
    return ::syscall(SYS_pwrite64, fd, data, size, at);
}
