// SPDX-License-Identifier: Apache-2.0
// NTAG 424 DNA and DESFire EV2: a card that proves its key, and whose file is read under a MAC.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "tests/emulator/model/card.hpp"

namespace stile::emulator {

// What a personaliser wrote to it.
struct Ev2Make {
    Buffer uid;
    Buffer application;  // a name of 5 to 16 bytes, or a DESFire id of 3
    Buffer key;          // this card's, 16 bytes
    std::uint8_t key_number = 0;
    std::uint8_t file_number = 0;
    Buffer message;  // NDEF
};

// The key of one card of a fleet (AN10922).
[[nodiscard]] Buffer ev2_card_key(Bytes master, Bytes uid, Bytes context);

class Ev2Card final : public Card {
public:
    enum class Habit : std::uint8_t {
        Honest,
        Delay,     // wants to be left alone
        WrongMac,  // one byte of what it says was changed on its way
    };
    [[nodiscard]] static std::optional<Habit> find_habit(std::string_view name);

    Ev2Card(Ev2Make make, Habit habit);
    // Instead of random numbers, for examples that are written down.
    void set_random(Buffer random, Buffer transaction);

    [[nodiscard]] Buffer atr() const override { return {0x3B, 0x81, 0x80, 0x01, 0x80, 0x80}; }
    [[nodiscard]] std::optional<Buffer> ats() const override {
        return Buffer{0x06, 0x77, 0x77, 0x61, 0x02, 0x80};
    }
    void power_on() override;
    [[nodiscard]] std::optional<Buffer> transmit(Bytes apdu) override;

private:
    [[nodiscard]] Buffer select(Bytes application, std::uint16_t good);
    [[nodiscard]] Buffer challenge(Bytes data);
    [[nodiscard]] Buffer authenticate(Bytes data);
    [[nodiscard]] Buffer read(const Command& command);
    [[nodiscard]] Buffer mac(Bytes data) const;

    Ev2Make make_;
    Habit habit_;
    Buffer file_;
    Buffer random_;       // RndB
    Buffer transaction_;  // TI
    bool selected_ = false;
    bool challenged_ = false;
    Buffer session_mac_key_;
    std::uint16_t counter_ = 0;
};

}  // namespace stile::emulator
