// SPDX-License-Identifier: Apache-2.0
// The mark of our own tickets, and the layouts that are tried.
#include "devices/scanner/layout_check.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

namespace stile::devices {
namespace {

constexpr std::string_view kMark = "GT1:";
constexpr std::array<std::string_view, 6> kLayouts{"us", "gb", "de", "fr", "es", "it"};

std::string_view head(std::string_view text) {
    return text.substr(0, LayoutCheck::kMaxStrokes);
}

bool has_mark(std::string_view text) {
    return head(text).find(kMark) != std::string_view::npos;
}

bool has_mark_in_other_case(std::string_view text) {
    const auto same = [](char a, char b) {
        return std::toupper(static_cast<unsigned char>(a)) ==
               std::toupper(static_cast<unsigned char>(b));
    };
    return !has_mark(text) && !std::ranges::search(head(text), kMark, same).empty();
}

// What the strokes type, as far as they can be read.
std::string typed(Typist& typist, const std::vector<KeyStroke>& strokes) {
    typist.reset();
    std::string text;
    for (const KeyStroke& stroke : strokes)
        text += typist.type(stroke).value_or(std::string{});
    return text;
}

}  // namespace

std::string_view case_note(std::string_view text) {
    return has_mark_in_other_case(text) ? "the scanner changes upper and lower case" : "";
}

LayoutCheck::LayoutCheck(std::string_view own, const LoadLayout& load) {
    for (const std::string_view name : kLayouts) {
        if (name == own) continue;
        if (auto layout = load(name)) others_.emplace_back(std::move(*layout));
    }
}

void LayoutCheck::stroke(const KeyStroke& stroke) {
    if (strokes_.size() < kMaxStrokes) strokes_.push_back(stroke);
}

void LayoutCheck::ended(std::string_view text) {
    if (has_mark(text)) {
        note_.clear();
    } else if (const auto note = case_note(text); !note.empty()) {
        note_ = note;
    } else if (const std::string names = fitting(); !names.empty()) {
        note_ = "the scanner's keyboard layout does not fit: it types as " + names;
    }
    strokes_.clear();
}

std::string LayoutCheck::fitting() {
    if (strokes_.size() < kMark.size()) return {};
    std::string names;
    for (Typist& other : others_) {
        if (!has_mark(typed(other, strokes_))) continue;
        names += (names.empty() ? "" : ", ") + other.layout();
    }
    return names;
}

}  // namespace stile::devices
