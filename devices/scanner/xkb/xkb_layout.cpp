// SPDX-License-Identifier: Apache-2.0
// libxkbcommon: from the key of USB by that of Linux to a symbol, and dead keys by Compose.
#include "devices/scanner/xkb/xkb_layout.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include <xkbcommon/xkbcommon-compose.h>
#include <xkbcommon/xkbcommon.h>

namespace stile::devices {
namespace {

// The key of Linux by its usage of page 07, as input-event-codes.h numbers them for ever; 0: no key
// that types. Backspace (2A) is none either: what was typed would have to be taken back.
constexpr std::array<std::uint8_t, 0x68> kKeys{
    0,  0,  0,  0,  30, 48, 46, 32, 18, 33, 34, 35, 23, 36, 37, 38, 50, 49, 24, 25, 16,
    19, 31, 20, 22, 47, 17, 45, 21, 44, 2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 28, 1,
    0,  15, 57, 12, 13, 26, 27, 43, 43, 39, 40, 41, 51, 52, 53, 58, 0,  0,  0,  0,  0,
    0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,  0,
    98, 55, 74, 78, 96, 79, 80, 81, 75, 76, 77, 71, 72, 73, 82, 83, 86, 0,  0,  117};

constexpr xkb_keycode_t kXkbOffset = 8;  // an xkb key code is that of Linux and 8

struct Release {
    void operator()(xkb_context* it) const { xkb_context_unref(it); }
    void operator()(xkb_keymap* it) const { xkb_keymap_unref(it); }
    void operator()(xkb_state* it) const { xkb_state_unref(it); }
    void operator()(xkb_compose_table* it) const { xkb_compose_table_unref(it); }
    void operator()(xkb_compose_state* it) const { xkb_compose_state_unref(it); }
};
template <class T>
using Held = std::unique_ptr<T, Release>;

class XkbLayout final : public KeyboardLayout {
public:
    XkbLayout(std::string name, Held<xkb_keymap> keymap, Held<xkb_compose_state> compose)
        : name_{std::move(name)},
          keymap_{std::move(keymap)},
          state_{xkb_state_new(keymap_.get())},
          compose_{std::move(compose)} {}

    [[nodiscard]] const std::string& name() const override { return name_; }

    [[nodiscard]] std::optional<std::string> text(const KeyStroke& stroke) override {
        if (stroke.usage == key::kCapsLock) {
            caps_ = !caps_;
            return std::string{};
        }
        const xkb_keycode_t code = stroke.usage < kKeys.size() ? kKeys[stroke.usage] : 0;
        if (code == 0) return std::nullopt;
        set_modifiers(stroke.modifiers);
        return typed(code + kXkbOffset);
    }

    [[nodiscard]] bool waits() const override {
        return compose_ != nullptr &&
               xkb_compose_state_get_status(compose_.get()) == XKB_COMPOSE_COMPOSING;
    }
    void reset() override {
        if (compose_) xkb_compose_state_reset(compose_.get());
    }

private:
    [[nodiscard]] xkb_mod_mask_t mask(const char* modifier) const {
        const xkb_mod_index_t index = xkb_keymap_mod_get_index(keymap_.get(), modifier);
        return index == XKB_MOD_INVALID ? 0 : xkb_mod_mask_t{1} << index;
    }

    // AltGr is Mod5 and NumLock is Mod2 in every layout of xkb.
    void set_modifiers(unsigned bits) {
        xkb_mod_mask_t down = 0;
        if ((bits & (modifier::kLeftShift | modifier::kRightShift)) != 0)
            down |= mask(XKB_MOD_NAME_SHIFT);
        if ((bits & (modifier::kLeftControl | modifier::kRightControl)) != 0)
            down |= mask(XKB_MOD_NAME_CTRL);
        if ((bits & modifier::kRightAlt) != 0) down |= mask("Mod5");
        const xkb_mod_mask_t locked =
            mask(XKB_MOD_NAME_NUM) | (caps_ ? mask(XKB_MOD_NAME_CAPS) : 0);
        xkb_state_update_mask(state_.get(), down, 0, locked, 0, 0, 0);
    }

    [[nodiscard]] std::optional<std::string> typed(xkb_keycode_t code) {
        const xkb_keysym_t symbol = xkb_state_key_get_one_sym(state_.get(), code);
        if (!compose_) return utf8(code);
        xkb_compose_state_feed(compose_.get(), symbol);
        switch (xkb_compose_state_get_status(compose_.get())) {
            case XKB_COMPOSE_NOTHING:
                return utf8(code);
            case XKB_COMPOSE_COMPOSING:
                return std::string{};
            case XKB_COMPOSE_COMPOSED:
                return composed();
            case XKB_COMPOSE_CANCELLED:
                return std::nullopt;
        }
        return std::nullopt;
    }

    [[nodiscard]] std::optional<std::string> utf8(xkb_keycode_t code) const {
        std::array<char, 16> text{};
        const int size = xkb_state_key_get_utf8(state_.get(), code, text.data(), text.size());
        return checked(text, size);
    }
    [[nodiscard]] std::optional<std::string> composed() const {
        std::array<char, 16> text{};
        const int size = xkb_compose_state_get_utf8(compose_.get(), text.data(), text.size());
        return checked(text, size);
    }
    static std::optional<std::string> checked(const std::array<char, 16>& text, int size) {
        if (size <= 0 || static_cast<std::size_t>(size) >= text.size()) return std::nullopt;
        return std::string{text.data(), static_cast<std::size_t>(size)};
    }

    std::string name_;
    Held<xkb_keymap> keymap_;
    Held<xkb_state> state_;
    Held<xkb_compose_state> compose_;  // null: no dead keys
    bool caps_ = false;
};

struct NameParts {
    std::string layout;
    std::string variant;
};

NameParts parts_of(std::string_view name) {
    const auto open = name.find('(');
    if (open == std::string_view::npos) return {std::string{name == "uk" ? "gb" : name}, {}};
    const auto close = name.find(')', open);
    return {std::string{name.substr(0, open)},
            std::string{name.substr(open + 1, close - open - 1)}};
}

bool is_name(std::string_view name) {
    constexpr std::string_view kMarks = "_-()";
    const auto fits = [&](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
               kMarks.find(c) != std::string_view::npos;
    };
    return !name.empty() && name.size() <= 32 && std::ranges::all_of(name, fits);
}

// The dead keys of Latin letters are the same in all languages.
Held<xkb_compose_state> load_compose(xkb_context* context) {
    const Held<xkb_compose_table> table{
        xkb_compose_table_new_from_locale(context, "en_US.UTF-8", XKB_COMPOSE_COMPILE_NO_FLAGS)};
    if (!table) return nullptr;
    return Held<xkb_compose_state>{xkb_compose_state_new(table.get(), XKB_COMPOSE_STATE_NO_FLAGS)};
}

}  // namespace

Result<std::unique_ptr<KeyboardLayout>> load_layout(std::string_view name) {
    const std::string text{name};
    if (!is_name(name)) return fail(Errc::Config, "\"" + text + "\" is not the name of a layout");
    const Held<xkb_context> context{xkb_context_new(XKB_CONTEXT_NO_ENVIRONMENT_NAMES)};
    if (!context) return fail(Errc::Config, "no keyboard layouts; is xkb-data installed?");
    xkb_context_set_log_level(context.get(), XKB_LOG_LEVEL_CRITICAL);
    const NameParts parts = parts_of(name);
    const xkb_rule_names names{.rules = "evdev",
                               .model = "pc105",
                               .layout = parts.layout.c_str(),
                               .variant = parts.variant.c_str(),
                               .options = ""};
    Held<xkb_keymap> keymap{
        xkb_keymap_new_from_names(context.get(), &names, XKB_KEYMAP_COMPILE_NO_FLAGS)};
    if (!keymap) return fail(Errc::Config, "there is no keyboard layout \"" + text + "\"");
    return std::make_unique<XkbLayout>(text, std::move(keymap), load_compose(context.get()));
}

}  // namespace stile::devices
