// SPDX-License-Identifier: Apache-2.0
// adjtimex, the hardware clock, and what /proc and /sys say of the machine.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <thread>

#include <sys/timex.h>

#include "daemon/control/host_figures.hpp"
#include "daemon/doctor/probes.hpp"

namespace stile::doctor {
namespace {

namespace fs = std::filesystem;

constexpr const char* kHardwareClock = "/sys/class/rtc/rtc0/since_epoch";

std::string word_in(const fs::path& file) {
    std::ifstream in{file};
    std::string word;
    in >> word;
    return word;
}

// Of /proc/meminfo, in bytes.
std::uint64_t memory(std::string_view key) {
    std::ifstream in{"/proc/meminfo"};
    std::string name;
    std::uint64_t kib = 0;
    for (std::string unit; in >> name >> kib; std::getline(in, unit)) {
        if (name == key) return kib * 1024;
    }
    return 0;
}

bool module_is_loaded(std::string_view module) {
    std::ifstream in{"/proc/modules"};
    for (std::string name, rest; in >> name; std::getline(in, rest)) {
        if (name == module) return true;
    }
    return false;
}

bool runs(std::string_view program) {
    std::error_code error;
    for (const auto& process : fs::directory_iterator{"/proc", error}) {
        const auto name = process.path().filename().native();
        const bool number = name.find_first_not_of("0123456789") == std::string::npos;
        if (number && word_in(process.path() / "comm") == program) return true;
    }
    return false;
}

}  // namespace

ClockFact look_at_clock() {
    timex about{};  // asks, and changes nothing
    const int state = ::adjtimex(&about);
    ClockFact fact{
        .now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()),
        .built = WallTime{std::chrono::seconds{STILE_BUILD_TIME}},
        .synced = state >= 0 && state != TIME_ERROR && (about.status & STA_UNSYNC) == 0,
        .error = std::chrono::ceil<std::chrono::milliseconds>(
            std::chrono::microseconds{about.maxerror})};
    std::ifstream in{kHardwareClock};
    std::int64_t seconds = 0;
    if (in >> seconds) fact.hardware = WallTime{std::chrono::seconds{seconds}};
    return fact;
}

HostFact look_at_host() {
    HostFact fact{.temperature_c = temperature_c(),
                  .memory_bytes = memory("MemTotal:"),
                  .available_bytes = memory("MemAvailable:"),
                  .cores = std::max(1U, std::thread::hardware_concurrency()),
                  .nfc_driver = module_is_loaded("pn533_usb"),
                  .pcscd = runs("pcscd")};
    double loads[2]{};
    if (::getloadavg(loads, 2) == 2) fact.load = loads[1];
    return fact;
}

}  // namespace stile::doctor
