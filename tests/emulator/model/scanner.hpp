// SPDX-License-Identifier: Apache-2.0
// Hand and desk scanners on USB: one that types like a keyboard, one that speaks HID's own words.
#pragma once

#include <deque>
#include <optional>
#include <string_view>

#include "tests/emulator/model/usb_device.hpp"

namespace stile::emulator {

// What stands behind each code.
enum class Ending : std::uint8_t { Enter, Tab, None };
// The keyboard that it believes its host to have; Alt: every character by its number.
enum class KeyLayout : std::uint8_t { Us, De, Fr, Alt };

[[nodiscard]] std::optional<Ending> find_ending(std::string_view name);
[[nodiscard]] std::optional<KeyLayout> find_layout(std::string_view name);

// A key and those held with it; what a scanner of that layout presses for one character. Nothing:
// the layout has no such character, and the scanner leaves it out.
struct KeyPress {
    std::uint8_t modifiers = 0;
    std::uint8_t usage = 0;
};
[[nodiscard]] std::optional<KeyPress> key_for(KeyLayout layout, char letter);

class HidScanner : public UsbDevice {
public:
    virtual void scan(std::string_view text) = 0;

    [[nodiscard]] Reply take(std::uint8_t endpoint, Bytes data) override;
    [[nodiscard]] Reply give(std::uint8_t endpoint, std::size_t most, Buffer& out) override;
    void reset() override { reports_.clear(); }

protected:
    HidScanner(Identity identity, Buffer report_descriptor, std::uint8_t boot_keyboard,
               DescriptorFlaw flaw);
    void put(Buffer report) { reports_.push_back(std::move(report)); }

private:
    [[nodiscard]] Reply special(const Setup& setup, Bytes out, Buffer& in) override;

    Buffer report_descriptor_;
    std::deque<Buffer> reports_;
};

class KeyboardScanner final : public HidScanner {
public:
    KeyboardScanner(KeyLayout layout, Ending ending, DescriptorFlaw flaw = DescriptorFlaw::None);
    void scan(std::string_view text) override;

private:
    void press(KeyPress key);
    void press_number(char letter);

    KeyLayout layout_;
    Ending ending_;
};

// Usage page 8C of HID: the code comes as it is, in pieces of 56 bytes.
class PosScanner final : public HidScanner {
public:
    explicit PosScanner(DescriptorFlaw flaw = DescriptorFlaw::None);
    void scan(std::string_view text) override;
};

}  // namespace stile::emulator
