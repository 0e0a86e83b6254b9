// SPDX-License-Identifier: Apache-2.0
// A permit is read from its end: the serial number may hold any sign, the port none of the others'.
#include "devices/usb/permit.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "devices/usb/known.hpp"

namespace stile::devices {
namespace {

constexpr std::string_view kWord = "usb";
constexpr std::size_t kLongestSerial = 126;  // characters that fit a descriptor
constexpr std::size_t kDeepest = 7;          // hubs behind hubs, and the device

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// A number as the kernel writes it: 1 to 255, no zero in front.
bool is_plug_number(std::string_view text) {
    if (text.empty() || text.size() > 3 || text.front() == '0') return false;
    if (!std::ranges::all_of(text, is_digit)) return false;
    return text.size() < 3 || text <= "255";
}

bool is_port(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos || !is_plug_number(text.substr(0, dash))) return false;
    std::size_t depth = 0;
    for (std::string_view way = text.substr(dash + 1);; ++depth) {
        const std::size_t dot = way.find('.');
        if (depth == kDeepest || !is_plug_number(way.substr(0, dot))) return false;
        if (dot == std::string_view::npos) return true;
        way.remove_prefix(dot + 1);
    }
}

// What clean_usb_text() makes of any serial number.
bool is_serial(std::string_view text) {
    const auto printable = [](char c) { return c >= ' ' && c <= '~'; };
    return !text.empty() && text.size() <= kLongestSerial && text.front() != ' ' &&
           text.back() != ' ' && std::ranges::all_of(text, printable);
}

std::optional<std::uint16_t> four_digits(std::string_view text) {
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (text.size() != 4 || error != std::errc{} || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

// Cuts `text` at the first `mark` and returns what is behind it; nothing when there is none.
std::optional<std::string_view> cut(std::string_view& text, char mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return std::nullopt;
    const std::string_view behind = text.substr(at + 1);
    text = text.substr(0, at);
    return behind;
}

std::string quoted(std::string_view text) {
    return fmt::format("\"{}\"", text);
}

}  // namespace

bool UsbPermit::is_meant(std::string_view text) {
    return text.starts_with(kWord) &&
           (text.size() == kWord.size() || std::string_view{":@#"}.contains(text[kWord.size()]));
}

std::optional<UsbPermit::Model> UsbPermit::model_of(std::string_view text) {
    if (text.size() != 9 || text[4] != ':') return std::nullopt;
    const auto vendor = four_digits(text.substr(0, 4));
    const auto product = four_digits(text.substr(5));
    if (!vendor || !product) return std::nullopt;
    return Model{*vendor, *product};
}

std::expected<UsbPermit, std::string> UsbPermit::parse(std::string_view text) {
    if (!is_meant(text)) {
        return std::unexpected{
            quoted(text.substr(0, 200)) +
            " is no USB device: write usb, or for example usb:072f:2200@1-2.3#SERIAL"};
    }
    UsbPermit permit;
    std::string_view rest = text.substr(kWord.size());
    const auto serial = cut(rest, '#');
    const auto port = cut(rest, '@');
    if (serial && !is_serial(*serial))
        return std::unexpected<std::string>{"behind # must be 1 to 126 printable signs"};
    if (port && !is_port(*port))
        return std::unexpected{quoted(port->substr(0, 200)) + " is no port like 1-2 or 1-2.3"};
    if (!rest.empty()) {
        permit.model_ = model_of(rest.substr(1));
        if (!permit.model_) {
            return std::unexpected{quoted(rest.substr(1, 200)) +
                                   " is no model of two times four hexadecimal digits"};
        }
    }
    permit.port_ = port.value_or("");
    permit.serial_ = serial.value_or("");
    return permit;
}

std::string UsbPermit::text() const {
    std::string out{kWord};
    if (model_) out += ':' + model_text(model_->vendor, model_->product);
    if (!port_.empty()) out += '@' + port_;
    if (!serial_.empty()) out += '#' + serial_;
    return out;
}

std::string UsbPermit::why_not_this_model(const UsbIdentity& device, UsbUse use) const {
    const std::string is = model_text(device.vendor, device.product);
    if (model_ && *model_ != Model{device.vendor, device.product})
        return fmt::format("it is {}, not {}", is, model_text(model_->vendor, model_->product));
    const bool known =
        use == UsbUse::Scanner || known_reader(device.vendor, device.product) != nullptr;
    if (model_ || known) return {};
    return fmt::format("stile does not know this model; source = \"usb:{}\" allows it", is);
}

std::string UsbPermit::why_not(const UsbDevice& device, UsbUse use) const {
    const UsbIdentity& is = device.identity;
    if (!device.oddity.empty()) return "its descriptors are not sound: " + device.oddity;
    if (is_relay_board(is.vendor, is.product)) return std::string{kRelayBoard};
    if (interface_for(device, use) == nullptr)
        return use == UsbUse::Nfc ? "it is no card reader" : "it is neither scanner nor keyboard";
    if (std::string why = why_not_this_model(is, use); !why.empty()) return why;
    if (!port_.empty() && port_ != is.port)
        return fmt::format("it is plugged in at {}, not at {}", is.port, port_);
    if (serial_.empty() || serial_ == is.serial) return {};
    if (is.serial.empty()) return "it has no serial number";
    return fmt::format("its serial number is {}, not {}", is.serial, serial_);
}

bool UsbPermit::overlaps(const UsbPermit& other) const {
    const auto apart = [](const auto& one, const auto& two, const auto& any) {
        return one != any && two != any && one != two;
    };
    return !apart(model_, other.model_, std::optional<Model>{}) &&
           !apart(port_, other.port_, std::string{}) &&
           !apart(serial_, other.serial_, std::string{});
}

}  // namespace stile::devices
