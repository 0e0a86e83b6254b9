// SPDX-License-Identifier: Apache-2.0
// statvfs, mountinfo, and small writes that wait for the disk.
#include <algorithm>
#include <array>
#include <cerrno>
#include <expected>
#include <fstream>
#include <iterator>
#include <sstream>
#include <system_error>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "daemon/doctor/probes.hpp"
#include "daemon/ledger/backup.hpp"
#include "daemon/runtime/unique_fd.hpp"

namespace stile::doctor {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;
using std::chrono::microseconds;

constexpr std::size_t kMostWrites = 2'000;

// The folder itself, or what it will be made in.
fs::path nearest(fs::path path) {
    std::error_code error;
    path = fs::absolute(path, error).lexically_normal();
    while (!fs::exists(path, error) && path.has_relative_path())
        path = path.parent_path();
    return fs::weakly_canonical(path, error);
}

bool is_below(std::string_view mount, std::string_view path) {
    if (mount == "/") return true;
    return path.starts_with(mount) && (path.size() == mount.size() || path[mount.size()] == '/');
}

std::optional<std::uint64_t> bytes_on_disk(const fs::path& file) {
    struct stat about{};
    if (::stat(file.c_str(), &about) != 0) return std::nullopt;
    return static_cast<std::uint64_t>(about.st_blocks) * 512;
}

// One page each, as a commit writes them. Errors: errno.
std::expected<std::vector<microseconds>, int> timed_writes(int fd, Steady::duration time) {
    std::array<char, 4096> page{};
    page.fill('s');
    std::vector<microseconds> times;
    const auto end = Steady::now() + time;
    for (auto begin = Steady::now(); begin < end && times.size() < kMostWrites;) {
        if (::pwrite(fd, page.data(), page.size(), 0) < 0 || ::fdatasync(fd) != 0)
            return std::unexpected{errno};
        const auto now = Steady::now();
        times.push_back(std::chrono::ceil<microseconds>(now - begin));
        begin = now;
    }
    return times;
}

dev_t device_of(const fs::path& path) {
    struct stat about{};
    return ::stat(path.c_str(), &about) == 0 ? about.st_dev : 0;
}

}  // namespace

Mount mount_of(std::string_view mountinfo, const fs::path& path) {
    Mount best;
    std::size_t longest = 0;
    std::istringstream in{std::string{mountinfo}};
    for (std::string line; std::getline(in, line);) {
        std::istringstream fields{line};
        std::string skip, point, options, kind;
        fields >> skip >> skip >> skip >> skip >> point >> options;
        while (fields >> kind && kind != "-") {
        }
        if (!(fields >> kind) || !is_below(point, path.native()) || point.size() < longest)
            continue;
        longest = point.size();  // of two at one place the later one covers the other
        const bool read_only = options == "ro" || options.starts_with("ro,");
        best = {kind, read_only};
    }
    return best;
}

DiskFact look_at_disk(const fs::path& state) {
    DiskFact fact{.folder = state.native()};
    const fs::path place = nearest(state);
    struct statvfs disk{};
    if (::statvfs(place.c_str(), &disk) != 0) {
        fact.sight = Sight::Hidden;
        return fact;
    }
    std::ifstream in{"/proc/self/mountinfo"};
    const std::string mounts{std::istreambuf_iterator<char>{in}, {}};
    const Mount mount = mount_of(mounts, place);
    fact.kind = mount.kind;
    fact.read_only = mount.read_only || (disk.f_flag & ST_RDONLY) != 0;
    fact.free_bytes = std::uint64_t{disk.f_bavail} * disk.f_frsize;
    fact.inodes = disk.f_files;
    fact.free_inodes = disk.f_favail;
    fact.ledger_bytes = bytes_on_disk(state / "ledger" / "data.mdb");
    return fact;
}

SpeedFact speed_of(std::vector<microseconds> times) {
    if (times.empty()) return {.trouble = "nothing was written"};
    std::ranges::sort(times);
    return {.writes = times.size(),
            .median = times[times.size() / 2],
            .p99 = times[(times.size() * 99) / 100]};
}

SpeedFact measure_writes(const fs::path& state, std::chrono::milliseconds time) {
    const fs::path place = nearest(state);
    // It has no name, so nothing is left behind, whatever happens.
    const UniqueFd file{::open(place.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600)};
    if (!file) {
        if (errno == EACCES || errno == EPERM) return {.sight = Sight::Hidden};
        return {.trouble = std::system_category().message(errno)};
    }
    auto times = timed_writes(file.get(), time);
    if (!times) return {.trouble = std::system_category().message(times.error())};
    return speed_of(std::move(*times));
}

BackupFact look_at_backups(const fs::path& state) {
    BackupFact fact;
    const fs::path into = state / "backups";
    if (::access(state.c_str(), R_OK | X_OK) != 0 && errno == EACCES) fact.sight = Sight::Hidden;
    for (const fs::path& backup : backups_in(into)) {
        const auto manifest = read_manifest(backup);
        if (!manifest) continue;
        fact.newest = manifest->time;
        break;
    }
    fact.same_disk = device_of(into) == device_of(state);
    return fact;
}

}  // namespace stile::doctor
