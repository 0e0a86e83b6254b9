// SPDX-License-Identifier: Apache-2.0
// A reader's antenna and its front: the card in the field, pseudo-APDUs, light and buzzer.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "tests/emulator/model/card.hpp"

namespace stile::emulator {

// Whose vendor commands it understands.
enum class Front : std::uint8_t { Acr122, Acr1252, None };

class Picc {
public:
    using Note = std::function<void(std::string)>;
    Picc(Front front, Note note) : front_{front}, note_{std::move(note)} {}

    void insert(std::shared_ptr<Card> card);
    void remove();
    // The card leaves by itself after that many commands.
    void remove_after(unsigned commands) { commands_left_ = commands; }
    [[nodiscard]] bool has_card() const { return card_ != nullptr; }

    // The answer to reset; nothing without a card.
    [[nodiscard]] std::optional<Buffer> power_on();
    // Nothing: the card is mute, or it is gone.
    [[nodiscard]] std::optional<Buffer> transmit(Bytes apdu);
    // A command for the reader, not for a card.
    [[nodiscard]] Buffer escape(Bytes command);

private:
    [[nodiscard]] std::optional<Buffer> pseudo(const Command& command);
    [[nodiscard]] std::optional<Buffer> read_pages(const Command& command);
    [[nodiscard]] std::optional<Buffer> pass_through(const Command& command);
    [[nodiscard]] Buffer acr122_light(const Command& command);
    [[nodiscard]] Buffer acr1252(Bytes command);
    void light(unsigned colours);

    Front front_;
    Note note_;
    std::shared_ptr<Card> card_;
    std::optional<unsigned> commands_left_;
    unsigned colours_ = 0;  // 1 red, 2 green
};

}  // namespace stile::emulator
