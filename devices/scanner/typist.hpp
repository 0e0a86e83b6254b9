// SPDX-License-Identifier: Apache-2.0
// Reads the text that a scanner types: a layout's keys, and characters by their number.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "devices/scanner/keyboard_layout.hpp"

namespace stile::devices {

class Typist {
public:
    explicit Typist(std::unique_ptr<KeyboardLayout> layout) : layout_{std::move(layout)} {}

    // What the stroke adds to the text, in UTF-8, often nothing yet. No value: a key that cannot be
    // read.
    [[nodiscard]] std::optional<std::string> type(const KeyStroke& stroke);
    // The text is not whole yet: something waits for a further key.
    [[nodiscard]] bool waits() const { return !digits_.empty() || layout_->waits(); }
    // A new text begins: what waits is forgotten.
    void reset();
    [[nodiscard]] const std::string& layout() const { return layout_->name(); }

private:
    [[nodiscard]] std::optional<std::string> character();

    std::unique_ptr<KeyboardLayout> layout_;
    std::string digits_;  // of left Alt and the number pad
};

}  // namespace stile::devices
