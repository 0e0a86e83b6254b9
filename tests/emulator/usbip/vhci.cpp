// SPDX-License-Identifier: Apache-2.0
// One line of text: port, socket, number and speed of the device.
#include "tests/emulator/usbip/vhci.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include <fcntl.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::emulator {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{15};
constexpr std::chrono::milliseconds kBetweenLooks{10};  // nothing tells that a port is free again
constexpr unsigned kFullSpeed = 2;

}  // namespace

Result<void> attach_to_vhci(const std::filesystem::path& controller, unsigned port,
                            int connection) {
    const UniqueFd file{::open((controller / "attach").c_str(), O_WRONLY | O_CLOEXEC)};
    if (!file) return fail(Errc::NotFound, controller.native() + ": " + std::strerror(errno));
    const unsigned device = 1U << 16U | (port + 2);  // bus 1, as usbip's own server would number it
    const std::string line = std::to_string(port) + " " + std::to_string(connection) + " " +
                             std::to_string(device) + " " + std::to_string(kFullSpeed);
    const auto deadline = Clock::now() + kPatience;
    while (::write(file.get(), line.data(), line.size()) < 0) {
        if (errno != EBUSY || Clock::now() > deadline)
            return fail(Errc::Io, "the kernel refuses port " + std::to_string(port) + ": " +
                                      std::strerror(errno));
        std::this_thread::sleep_for(kBetweenLooks);
    }
    return {};
}

}  // namespace stile::emulator
