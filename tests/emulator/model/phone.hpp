// SPDX-License-Identifier: Apache-2.0
// An Android phone that emulates a card: its app holds a ticket and signs the gate's nonce.
#pragma once

#include <optional>
#include <string_view>

#include "tests/emulator/model/card.hpp"
#include "tests/emulator/model/holder_key.hpp"

namespace stile::emulator {

class Phone final : public Card {
public:
    // What its app does otherwise than it should.
    enum class Habit : std::uint8_t {
        Honest,
        Locked,    // its holder has not unlocked it
        Replays,   // signs the nonce of its first answer again and again
        OtherKey,  // not the key that is in the ticket
        CutShort,  // half an answer
        NoApp,     // the app is not installed
    };
    [[nodiscard]] static std::optional<Habit> find_habit(std::string_view name);

    // Android gives a card that it emulates another number each time.
    Phone(Buffer uid, Buffer core, HolderKey key, Habit habit);

    [[nodiscard]] Buffer atr() const override { return {0x3B, 0x80, 0x80, 0x01, 0x01}; }
    [[nodiscard]] std::optional<Buffer> ats() const override {
        return Buffer{0x05, 0x78, 0x80, 0x70, 0x02};
    }
    void power_on() override { selected_ = false; }
    [[nodiscard]] std::optional<Buffer> transmit(Bytes apdu) override;

private:
    [[nodiscard]] Buffer answer(Bytes challenge);

    Buffer core_;
    HolderKey key_;
    Habit habit_;
    bool selected_ = false;
    Buffer first_challenge_;
};

}  // namespace stile::emulator
