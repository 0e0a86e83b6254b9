// SPDX-License-Identifier: Apache-2.0
// sd_notify.
#include "daemon/runtime/notify.hpp"

#include <cstdint>
#include <string>

#include <systemd/sd-daemon.h>
#include <time.h>

namespace stile::notify {

void ready() {
    (void)sd_notify(0, "READY=1");
}

void reloading() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    const auto usec = std::uint64_t{1'000'000} * static_cast<std::uint64_t>(now.tv_sec) +
                      static_cast<std::uint64_t>(now.tv_nsec) / 1000;
    const std::string text = "RELOADING=1\nMONOTONIC_USEC=" + std::to_string(usec);
    (void)sd_notify(0, text.c_str());
}

void status(std::string_view sentence) {
    (void)sd_notify(0, ("STATUS=" + std::string{sentence}).c_str());
}

void stopping() {
    (void)sd_notify(0, "STOPPING=1");
}

void extend(std::chrono::microseconds more) {
    (void)sd_notify(0, ("EXTEND_TIMEOUT_USEC=" + std::to_string(more.count())).c_str());
}

}  // namespace stile::notify
