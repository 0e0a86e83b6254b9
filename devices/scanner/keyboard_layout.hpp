// SPDX-License-Identifier: Apache-2.0
// What a keyboard layout says: the text of a key stroke. A port; the adapter is scanner/xkb.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/base/result.hpp"
#include "devices/scanner/keyboard.hpp"

namespace stile::devices {

class KeyboardLayout {
public:
    virtual ~KeyboardLayout() = default;

    [[nodiscard]] virtual const std::string& name() const = 0;
    // In UTF-8; empty for a dead key, which waits for the next one, and for CapsLock. Nothing for a
    // key that gives no text. The modifiers may be Shift, Control and right Alt (AltGr).
    [[nodiscard]] virtual std::optional<std::string> text(const KeyStroke& stroke) = 0;
    // A dead key waits.
    [[nodiscard]] virtual bool waits() const = 0;
    // Forgets a dead key, but not CapsLock.
    virtual void reset() = 0;
};

// A layout by its name. Errors: Config (there is none of that name).
using LoadLayout = std::function<Result<std::unique_ptr<KeyboardLayout>>(std::string_view)>;

}  // namespace stile::devices
