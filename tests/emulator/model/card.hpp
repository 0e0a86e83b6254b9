// SPDX-License-Identifier: Apache-2.0
// A contactless card or phone as the reader's field sees it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <utility>

#include "crypto/base/bytes.hpp"

namespace stile::emulator {

class Card {
public:
    explicit Card(Buffer uid) : uid_{std::move(uid)} {}
    virtual ~Card() = default;
    Card(const Card&) = delete;
    Card& operator=(const Card&) = delete;

    [[nodiscard]] const Buffer& uid() const { return uid_; }
    // What a PC/SC reader makes of the card's kind.
    [[nodiscard]] virtual Buffer atr() const = 0;
    // Of a card that speaks ISO 14443-4.
    [[nodiscard]] virtual std::optional<Buffer> ats() const { return std::nullopt; }
    // Powered: everything that it was told before is forgotten.
    virtual void power_on() = 0;
    // Data and status word. Nothing: it does not answer (it is mute).
    [[nodiscard]] virtual std::optional<Buffer> transmit(Bytes apdu) = 0;
    // A frame below ISO 14443-4, as storage cards speak. Nothing: it does not answer.
    [[nodiscard]] virtual std::optional<Buffer> raw(Bytes /*frame*/) { return std::nullopt; }

private:
    Buffer uid_;
};

// `data` and a status word behind it.
[[nodiscard]] inline Buffer with_status(Buffer data, std::uint16_t status) {
    data.push_back(static_cast<std::uint8_t>(status >> 8));
    data.push_back(static_cast<std::uint8_t>(status & 0xFFU));
    return data;
}
[[nodiscard]] inline Buffer status(std::uint16_t word) {
    return with_status({}, word);
}

// A command APDU taken apart; short and extended lengths.
struct Command {
    std::uint8_t cla = 0, ins = 0, p1 = 0, p2 = 0;
    Bytes data;
    std::size_t expected = 0;  // Le; 0: none
};
// Nothing for bytes that are no APDU.
[[nodiscard]] std::optional<Command> command_of(Bytes apdu);

}  // namespace stile::emulator
