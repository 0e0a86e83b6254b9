// SPDX-License-Identifier: Apache-2.0
// NFC Forum tags: Type 2 (NTAG21x, Ultralight) and Type 4, with an NDEF message or anything else.
#pragma once

#include <string_view>

#include "tests/emulator/model/card.hpp"

namespace stile::emulator {

// Pages of four bytes: three of its own, the capability container, the data area.
struct Type2Kind {
    std::string_view name;
    std::uint16_t area_bytes;  // as the capability container has it, times eight
    std::uint16_t pages;       // in all
    std::uint8_t storage;      // in the answer to GET_VERSION; 0: it has no such command
};
[[nodiscard]] const Type2Kind* find_type2(std::string_view name);

class Type2Tag final : public Card {
public:
    // `area` goes to page 4 and on, as much of it as there is room for.
    Type2Tag(const Type2Kind& kind, Buffer uid, Bytes area);
    // Another capability container than its kind's.
    void set_container(Bytes container);

    [[nodiscard]] Buffer atr() const override;
    void power_on() override {}
    [[nodiscard]] std::optional<Buffer> transmit(Bytes) override { return status(0x6D00); }
    [[nodiscard]] std::optional<Buffer> raw(Bytes frame) override;

private:
    const Type2Kind& kind_;
    Buffer memory_;
};

// An NDEF message in its TLV, and the end behind it.
[[nodiscard]] Buffer type2_area_of(Bytes message);

// Files of an ISO 7816-4 application.
class Type4Tag : public Card {
public:
    Type4Tag(Buffer uid, Bytes message);
    void set_container(Bytes container) { container_.assign(container.begin(), container.end()); }
    // The two bytes of length before the message.
    void set_length(std::uint16_t length);

    [[nodiscard]] Buffer atr() const override { return {0x3B, 0x81, 0x80, 0x01, 0x80, 0x80}; }
    [[nodiscard]] std::optional<Buffer> ats() const override;
    void power_on() override;
    [[nodiscard]] std::optional<Buffer> transmit(Bytes apdu) override;

protected:
    [[nodiscard]] bool is_selected() const { return selected_; }

private:
    [[nodiscard]] Buffer select(const Command& command);
    [[nodiscard]] Buffer read(const Command& command) const;

    Buffer container_;
    Buffer file_;
    bool selected_ = false;
    const Buffer* open_ = nullptr;
};

}  // namespace stile::emulator
