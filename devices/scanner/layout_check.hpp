// SPDX-License-Identifier: Apache-2.0
// Notices that a keyboard scanner has another layout than the site file says.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "devices/scanner/typist.hpp"

namespace stile::devices {

// Our own tickets begin with GT1: in every language; a text that would begin so on another layout
// gives that layout away.
class LayoutCheck {
public:
    static constexpr std::size_t kMaxStrokes = 32;

    // Loads the layouts that are not its own.
    LayoutCheck(std::string_view own, const LoadLayout& load);

    // A stroke of the scan under way.
    void stroke(const KeyStroke& stroke);
    // The scan under way ended with this text; empty: it was dropped.
    void ended(std::string_view text);
    // A sentence, or nothing.
    [[nodiscard]] const std::string& note() const { return note_; }

private:
    [[nodiscard]] std::string fitting();

    std::vector<KeyStroke> strokes_;
    std::vector<Typist> others_;
    std::string note_;
};

// For texts of any scanner: a sentence when the letters have changed their case, or nothing.
[[nodiscard]] std::string_view case_note(std::string_view text);

}  // namespace stile::devices
