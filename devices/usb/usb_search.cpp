// SPDX-License-Identifier: Apache-2.0
// One look at the bus: the first device that is permitted and can be had.
#include "devices/usb/usb_search.hpp"

#include <array>
#include <utility>

#include <fmt/format.h>

#include "devices/usb/usb_advice.hpp"

namespace stile::devices {
namespace {

constexpr std::chrono::milliseconds kSlow{10'000};
constexpr std::array kDelays{std::chrono::milliseconds{100}, std::chrono::milliseconds{300},
                             std::chrono::milliseconds{1000}, std::chrono::milliseconds{3000}};

}  // namespace

UsbSearch::UsbSearch(EventLoop& loop, UsbBus& bus, UsbPermit permit, UsbUse use, Events events)
    : loop_{loop}, bus_{bus}, permit_{std::move(permit)}, use_{use}, events_{std::move(events)} {
    bus_.on_change([this] { on_change(); });
}

UsbSearch::~UsbSearch() {
    bus_.on_change({});
}

void UsbSearch::again() {
    searching_ = true;
    tries_ = 0;
    told_.clear();
    next_ = loop_.after(std::chrono::milliseconds{0}, [this] { look(); });
}

void UsbSearch::on_change() {
    if (!searching_) return;
    tries_ = 0;
    look();
}

void UsbSearch::look() {
    auto found = try_all();
    if (found) {
        searching_ = false;
        next_.reset();
        const auto call = events_.on_found;  // it may end the search for good
        return call(std::move(*found));
    }
    const bool absent = found.error().code == Errc::NotFound;
    const auto delay = absent || tries_ >= kDelays.size() ? kSlow : kDelays.at(tries_++);
    next_ = loop_.after(delay, [this] { look(); });
    tell(found.error());
}

void UsbSearch::tell(const Error& trouble) {
    if (std::exchange(told_, trouble.context) == trouble.context) return;
    const auto call = events_.on_trouble;
    call(trouble);
}

Result<std::unique_ptr<UsbInterface>> UsbSearch::try_all() {
    Error trouble{Errc::NotFound, fmt::format("{} is not plugged in", permit_.text())};
    for (const UsbDevice& device : bus_.devices()) {
        const UsbInterfaceInfo* interface = interface_for(device, use_, which_);
        if (const std::string why = permit_.why_not(device, use_); !why.empty()) {
            if (interface != nullptr && trouble.code == Errc::NotFound)
                trouble.context = fmt::format("{} is not plugged in; {} is, but {}", permit_.text(),
                                              described(device), why);
            continue;
        }
        auto claimed = bus_.claim(device, *interface);
        if (claimed) return claimed;
        trouble = std::move(claimed.error());
    }
    return std::unexpected{std::move(trouble)};
}

}  // namespace stile::devices
