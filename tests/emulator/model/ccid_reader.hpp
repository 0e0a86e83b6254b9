// SPDX-License-Identifier: Apache-2.0
// A contactless card reader on USB, of one of several makes.
#pragma once

#include <deque>
#include <memory>
#include <string_view>

#include "tests/emulator/model/ccid_interface.hpp"
#include "tests/emulator/model/picc.hpp"
#include "tests/emulator/model/usb_device.hpp"

namespace stile::emulator {

// What the descriptors of a make say.
struct ReaderMake {
    std::string_view name;  // in transcripts
    std::uint16_t vendor, product, release;
    std::uint8_t packet;
    std::string_view maker, text, serial;
    Front front;
    Level level;
    std::uint32_t features;
    std::uint16_t max_message;
    // A second interface for a SIM-sized card inside the reader, without one; 0: none.
    std::uint32_t sam_features;
    std::uint16_t sam_max_message;
};
// Null for a name that none has.
[[nodiscard]] const ReaderMake* find_reader_make(std::string_view name);

class CcidReader final : public UsbDevice {
public:
    explicit CcidReader(const ReaderMake& make, DescriptorFlaw flaw = DescriptorFlaw::None);

    void insert(std::shared_ptr<Card> card);
    void remove();
    void remove_after(unsigned commands) { picc_.remove_after(commands); }
    void misbehave(const Disorder& disorder) { interfaces_.front().misbehave(disorder); }
    void behave() { interfaces_.front().behave(); }

    [[nodiscard]] Reply take(std::uint8_t endpoint, Bytes data) override;
    [[nodiscard]] Reply give(std::uint8_t endpoint, std::size_t most, Buffer& out) override;
    void reset() override;

private:
    [[nodiscard]] Reply special(const Setup& setup, Bytes out, Buffer& in) override;
    [[nodiscard]] CcidInterface* of(std::uint8_t endpoint);

    Picc picc_;
    Picc nothing_;  // the field of the second interface
    std::deque<CcidInterface> interfaces_;
};

}  // namespace stile::emulator
