// SPDX-License-Identifier: Apache-2.0
// The cards of the menu, as one table.
#include "daemon/lane/staff_menu.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace stile {
namespace {

constexpr std::string_view kPrefix = "stile:menu:";
constexpr std::size_t kMaxReason = 40;

struct Card {
    std::string_view name;
    StaffMenu::Choice choice;
    std::string_view reason;  // when the card names none
};

constexpr std::array kCards{
    Card{"admit-next", StaffMenu::Choice::AdmitNext, "staff at the lane"},
    Card{"undo-last", StaffMenu::Choice::UndoLast, "staff at the lane"},
    Card{"call-supervisor", StaffMenu::Choice::CallSupervisor, "staff at the lane"},
};

struct Read {
    const Card* card = nullptr;
    std::string_view reason;
};

bool is_plain(char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
}

std::optional<Read> read(std::string_view text) {
    if (!text.starts_with(kPrefix)) return std::nullopt;
    text.remove_prefix(kPrefix.size());
    const std::string_view name = text.substr(0, text.find(':'));
    const auto* card = std::ranges::find(kCards, name, &Card::name);
    if (card == kCards.end()) return std::nullopt;
    if (name.size() == text.size()) return Read{card, card->reason};
    const std::string_view reason = text.substr(name.size() + 1);
    const bool good = !reason.empty() && reason.size() <= kMaxReason &&
                      card->choice == StaffMenu::Choice::AdmitNext &&
                      std::ranges::all_of(reason, is_plain);
    return good ? std::optional{Read{card, reason}} : std::nullopt;
}

}  // namespace

bool StaffMenu::is_card(std::string_view text) {
    return read(text).has_value();
}

void StaffMenu::open(std::string person, Time now) {
    person_ = std::move(person);
    until_ = now + kOpenFor;
}

std::optional<StaffMenu::Order> StaffMenu::card(std::string_view text, Time now) {
    const auto card = read(text);
    if (!card || state(now) == State::Closed) return std::nullopt;
    return Order{card->card->choice, std::exchange(person_, {}), std::string{card->reason}};
}

}  // namespace stile
