// SPDX-License-Identifier: Apache-2.0
// Feature reports of nine bytes: the report's number (0), then what the board keeps or is told.
#include "devices/turnstile/relay/hidraw_relay.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <optional>
#include <string_view>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/hidraw.h>
#include <sys/ioctl.h>

#include "daemon/runtime/unique_fd.hpp"

namespace stile::devices {
namespace {

using Report = std::array<std::uint8_t, 9>;

constexpr std::string_view kKind = ":16C0:05DF.";
constexpr std::string_view kName = "USBRelay";
constexpr std::uint8_t kTurnOn = 0xFF;
constexpr std::uint8_t kTurnOff = 0xFD;
constexpr std::size_t kIdAt = 1;
constexpr std::size_t kIdBytes = 5;
constexpr std::size_t kStatesAt = 8;

std::unexpected<Error> fault(const std::string& node) {
    const int error = errno;
    const bool gone = error == ENODEV || error == ENOENT || error == EIO;
    Errc code = gone ? Errc::Closed : Errc::Io;
    if (error == EACCES || error == EPERM) code = Errc::Denied;
    return fail(code, fmt::format("{}: {}", node, std::generic_category().message(error)));
}

class HidrawRelay final : public RelayLink {
public:
    HidrawRelay(UniqueFd fd, RelayPlace place) : fd_{std::move(fd)}, place_{std::move(place)} {}

    Result<void> set(std::uint8_t channel, Switch to) override {
        if (channel == 0 || channel > place_.channels) {
            return fail(Errc::Invalid,
                        fmt::format("relay board {} has {} relays", place_.port, place_.channels));
        }
        Report report{0, to == Switch::On ? kTurnOn : kTurnOff, channel};
        if (::ioctl(fd_.get(), HIDIOCSFEATURE(sizeof(Report)), report.data()) < 0)
            return fault(place_.node);
        return {};
    }
    Result<std::uint8_t> states() override {
        const auto report = read();
        if (!report) return std::unexpected{report.error()};
        return (*report)[kStatesAt];
    }
    [[nodiscard]] Result<std::string> id() const {
        const auto report = read();
        if (!report) return std::unexpected{report.error()};
        return std::string{report->begin() + kIdAt, report->begin() + kIdAt + kIdBytes};
    }

private:
    [[nodiscard]] Result<Report> read() const {
        Report report{};
        const int read = ::ioctl(fd_.get(), HIDIOCGFEATURE(sizeof(Report)), report.data());
        if (read < 0) return fault(place_.node);
        if (static_cast<std::size_t>(read) == report.size()) return report;
        return fail(Errc::Io, place_.node + " does not answer as a relay board does");
    }

    UniqueFd fd_;
    RelayPlace place_;
};

std::string printable(std::string text) {
    std::ranges::replace_if(text, [](char c) { return c < '!' || c > '~'; }, '?');
    return text;
}

// "HID_NAME=www.dcttech.com USBRelay2"
std::uint8_t channels_of(const std::filesystem::path& device) {
    std::ifstream uevent{device / "uevent"};
    for (std::string line; std::getline(uevent, line);) {
        const auto at = line.find(kName);
        if (!line.starts_with("HID_NAME=") || at == std::string::npos) continue;
        const auto digit = at + kName.size();
        if (digit < line.size() && line[digit] >= '1' && line[digit] <= '8')
            return static_cast<std::uint8_t>(line[digit] - '0');
    }
    return 8;
}

Result<std::unique_ptr<HidrawRelay>> open(const RelayPlace& place) {
    UniqueFd fd{::open(place.node.c_str(), O_RDWR | O_CLOEXEC)};
    if (!fd) return fault(place.node);
    return std::make_unique<HidrawRelay>(std::move(fd), place);
}

}  // namespace

// .../usb1/1-1/1-1.4/1-1.4:1.0/0003:16C0:05DF.0001/hidraw/hidraw0
std::vector<RelayPlace> list_relays(const std::filesystem::path& sysfs) {
    std::vector<RelayPlace> places;
    std::error_code error;
    for (std::filesystem::directory_iterator at{sysfs, error}, end; !error && at != end;
         at.increment(error)) {
        std::error_code unreadable;
        const auto node = std::filesystem::canonical(at->path(), unreadable);
        const auto device = node.parent_path().parent_path();
        if (unreadable || device.filename().native().find(kKind) == std::string::npos) continue;
        places.push_back({.node = "/dev/" + at->path().filename().native(),
                          .port = device.parent_path().parent_path().filename().native(),
                          .channels = channels_of(device)});
    }
    std::ranges::sort(places, {}, &RelayPlace::node);
    return places;
}

RelayOpener hidraw_relay(RelayName name) {
    return [name = std::move(name)]() -> Result<std::unique_ptr<RelayLink>> {
        std::optional<Error> why;
        std::string others;
        for (const RelayPlace& place : list_relays()) {
            others += " port:" + place.port;
            if (!name.port.empty() && place.port != name.port) continue;
            auto link = open(place);
            const auto id = link ? (*link)->id() : std::unexpected{link.error()};
            if (id && (name.id.empty() || *id == name.id)) return std::move(*link);
            if (id) others += " id:" + printable(*id);
            if (!id) why = id.error();
        }
        if (why) return std::unexpected{std::move(*why)};
        if (others.empty()) return fail(Errc::NotFound, "no relay board is plugged in");
        return fail(Errc::NotFound,
                    "no relay board of that name is plugged in; there are:" + others);
    };
}

}  // namespace stile::devices
