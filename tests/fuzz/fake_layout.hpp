// SPDX-License-Identifier: Apache-2.0
// A keyboard layout that costs nothing: letters, a dead key, Enter, and keys that cannot be read.
#pragma once

#include <utility>

#include "devices/scanner/keyboard_layout.hpp"

namespace stile::devices {

class FakeLayout final : public KeyboardLayout {
public:
    explicit FakeLayout(std::string_view name) : name_{name} {}
    [[nodiscard]] const std::string& name() const override { return name_; }
    [[nodiscard]] std::optional<std::string> text(const KeyStroke& stroke) override {
        if (stroke.usage > 0x80) return std::nullopt;
        if (stroke.usage == 0x28) return "\r";
        if (!std::exchange(dead_, stroke.usage == 0x35) && dead_) return std::string{};
        return std::string(1, static_cast<char>('A' + stroke.usage - 4 + stroke.modifiers));
    }
    [[nodiscard]] bool waits() const override { return dead_; }
    void reset() override { dead_ = false; }

private:
    std::string name_;
    bool dead_ = false;
};

[[nodiscard]] inline Result<std::unique_ptr<KeyboardLayout>> load_fake_layout(
    std::string_view name) {
    return std::make_unique<FakeLayout>(name);
}

}  // namespace stile::devices
