// SPDX-License-Identifier: Apache-2.0
// The short menu that a staff credential opens at a lane. Pure: time comes in.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace stile {

// Somebody of the staff shows their credential, and then a card of the menu: a code that anybody
// may print, since it does nothing without the credential before it. What is chosen is theirs by
// name.
class StaffMenu {
public:
    using Time = std::chrono::steady_clock::time_point;
    // A menu that nobody uses closes by itself.
    static constexpr std::chrono::seconds kOpenFor{15};

    enum class Choice : std::uint8_t { AdmitNext = 1, UndoLast, CallSupervisor };
    struct Order {
        Choice choice = Choice::AdmitNext;
        std::string person;
        std::string reason;  // that the card names
        friend bool operator==(const Order&, const Order&) = default;
    };
    enum class State : std::uint8_t { Closed, Open };

    // A staff credential was proved. The one who came last has the menu.
    void open(std::string person, Time now);
    // Another code. Nothing when it is no card of the menu, or the menu is closed; the menu closes
    // with every order.
    [[nodiscard]] std::optional<Order> card(std::string_view text, Time now);
    // A guest shows a ticket: the menu closes, and the ticket is a ticket.
    void close() { person_.clear(); }

    [[nodiscard]] State state(Time now) const {
        return person_.empty() || now >= until_ ? State::Closed : State::Open;
    }
    // "stile:menu:admit-next", "...:admit-next:REASON", "...:undo-last", "...:call-supervisor"
    [[nodiscard]] static bool is_card(std::string_view text);

private:
    std::string person_;  // empty: closed
    Time until_;
};

}  // namespace stile
