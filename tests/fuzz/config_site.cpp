// SPDX-License-Identifier: Apache-2.0
// Fuzzes the site file: a site that is accepted keeps what load_site promises. The text lies in
// memory, behind a path of /proc.
#include <cstdlib>

#include <sys/mman.h>
#include <unistd.h>

#include "daemon/config/site.hpp"

namespace {

using stile::config::Site;

bool is_sound(const Site& site) {
    if (site.site.venue.empty() || site.site.gate.empty() || site.mqtt.brokers.empty())
        return false;
    if (site.lanes.empty() || site.lanes.size() > 16) return false;
    for (const auto& reader : site.readers) {
        if (site.lane(reader.lane) == nullptr || reader.name.size() > 32) return false;
    }
    return site.paths.state.starts_with('/') && site.paths.runtime.starts_with('/');
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const int kFile = ::memfd_create("site", MFD_CLOEXEC);
    static const std::string kPath = "/proc/self/fd/" + std::to_string(kFile);
    if (::ftruncate(kFile, 0) != 0) std::abort();
    if (::pwrite(kFile, data, size, 0) != static_cast<ssize_t>(size)) std::abort();
    const auto site = stile::config::load_site(kPath);
    if (site ? !is_sound(*site) : site.error().context.empty()) std::abort();
    return 0;
}
