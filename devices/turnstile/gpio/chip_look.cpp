// SPDX-License-Identifier: Apache-2.0
// libgpiod 1.6: line info only.
#include "devices/turnstile/gpio/chip_look.hpp"

#include <cerrno>
#include <charconv>
#include <memory>
#include <system_error>

#include <fmt/format.h>
#include <gpiod.h>

namespace stile::devices {
namespace {

struct CloseLookedAt {
    void operator()(gpiod_chip* chip) const { ::gpiod_chip_close(chip); }
};

gpiod_line* line_named(gpiod_chip* chip, const std::string& name) {
    unsigned number = 0;
    const char* const end = name.data() + name.size();
    const auto [stop, error] = std::from_chars(name.data(), end, number);
    if (error == std::errc{} && stop == end) return ::gpiod_chip_get_line(chip, number);
    return ::gpiod_chip_find_line(chip, name.c_str());
}

LineLook look_at(gpiod_chip* chip, const std::string& name) {
    gpiod_line* const line = line_named(chip, name);
    if (line == nullptr) return {};
    if (!::gpiod_line_is_used(line)) return {LineLook::State::Free, ""};
    const char* const user = ::gpiod_line_consumer(line);
    return {LineLook::State::Taken, user == nullptr ? "the kernel" : user};
}

}  // namespace

Result<std::vector<LineLook>> look_at_lines(const std::string& chip,
                                            const std::vector<std::string>& lines) {
    const std::unique_ptr<gpiod_chip, CloseLookedAt> open{::gpiod_chip_open_lookup(chip.c_str())};
    if (!open) {
        const int error = errno;
        const bool denied = error == EACCES || error == EPERM;
        return fail(denied ? Errc::Denied : Errc::NotFound,
                    fmt::format("{}: {}", chip, std::generic_category().message(error)));
    }
    std::vector<LineLook> looks;
    for (const std::string& line : lines)
        looks.push_back(look_at(open.get(), line));
    return looks;
}

}  // namespace stile::devices
