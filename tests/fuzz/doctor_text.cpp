// SPDX-License-Identifier: Apache-2.0
// Fuzzes what the doctor reads of other programs: `systemctl show` of several units, and the
// kernel's list of mounts.
#include <algorithm>
#include <cstdlib>

#include "crypto/base/bytes.hpp"
#include "daemon/doctor/probes.hpp"
#include "tests/fuzz/target.hpp"

namespace {

void read_units(std::string_view text) {
    const auto lines = static_cast<std::size_t>(std::ranges::count(text, '\n'));
    if (stile::doctor::parse_units(text).size() > lines + 1) std::abort();
    // What stands behind an empty line never changes what stands before it.
    const auto before = stile::doctor::parse_units(text);
    const auto more = stile::doctor::parse_units(std::string{text} + "\n\nLoadState=loaded\n");
    if (more.size() != before.size() + 1 || more.back().load != "loaded") std::abort();
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (more[i].active != before[i].active || more[i].restarts != before[i].restarts)
            std::abort();
    }
}

void read_mounts(const std::string& text) {
    (void)stile::doctor::mount_of(text, "/var/lib/stile");
    // The last line of a whole path is the nearest mount.
    const auto nearest = stile::doctor::mount_of(text + "\n9 1 0:9 / /a/b ro - xfs x ro\n", "/a/b");
    if (nearest.kind != "xfs" || !nearest.read_only) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    read_units(stile::as_text({data, size}));
    read_mounts(std::string{stile::as_text({data, size})});
    return 0;
}
