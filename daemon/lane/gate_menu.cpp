// SPDX-License-Identifier: Apache-2.0
// Staff at the lane: a credential opens the menu, a card chooses from it.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "daemon/lane/post.hpp"

namespace stile {

bool Gate::is_staff(const crypto::VerifiedTicket& ticket) const {
    return std::ranges::find(rules_.staff_products, ticket->product) != rules_.staff_products.end();
}

// The ledger names people of the staff by their serial; who has it is in the organiser's books.
std::string Gate::staff_name(const crypto::Ticket& ticket) {
    return ticket.serial ? fmt::format("staff-{}", *ticket.serial) : "staff";
}

void Gate::open_menu(const Examined& scan, protocol::Feedback& answer) {
    Post& post = posts_[scan.waiting.lane];
    post.menu.open(scan.login, std::chrono::steady_clock::now());
    post.menu_of = (*scan.ticket)->identity;
    answer.headline = "Menu of " + scan.login;
    answer.advice = "Show a card of the menu.";
}

// The credential is still held in view.
bool Gate::has_menu(std::size_t lane, const crypto::Identity& identity) const {
    const Post& post = posts_[lane];
    return post.menu_of == identity &&
           post.menu.state(std::chrono::steady_clock::now()) == StaffMenu::State::Open;
}

bool Gate::take_card(const WaitingScan& scan) {
    StaffMenu& menu = posts_[scan.lane].menu;
    const Bytes bytes = scan.content();
    const std::string text{bytes.begin(), bytes.end()};
    auto order = menu.card(text, std::chrono::steady_clock::now());
    if (!order) return false;
    const auto done = run_card(
        scan.lane, order->choice,
        {{std::move(order->person), std::string{kCredentialRole}}, std::move(order->reason)});
    const std::string words{done ? *done : std::string_view{done.error().context}};
    scan.answer({.scan = scan.scan.scan, .outcome = protocol::Outcome::Wait, .headline = words});
    answered(scan.lane, {.words = words, .at = std::chrono::steady_clock::now()});
    return true;
}

// What to tell the one who chose.
Result<std::string_view> Gate::run_card(std::size_t lane, StaffMenu::Choice choice,
                                        const StaffWord& word) {
    const auto told = [](std::string_view text) {
        return [text](const auto& done) -> Result<std::string_view> {
            if (!done) return std::unexpected{done.error()};
            return text;
        };
    };
    const Post& post = posts_[lane];
    switch (choice) {
        case StaffMenu::Choice::AdmitNext: {
            const auto said = told("The next guest may pass");
            if (post.refusal) return said(override_refusal(lane, word.actor, word.reason));
            return said(open_once(lane, word.actor, word.reason));
        }
        case StaffMenu::Choice::UndoLast: {
            if (!post.admitted) return fail(Errc::NotFound, "nobody was admitted here");
            const auto answer = annul(*post.admitted, word.actor, word.reason);
            if (!answer) return std::unexpected{answer.error()};
            return text_of(*answer);
        }
        case StaffMenu::Choice::CallSupervisor:
            return told("A supervisor was called")(call_supervisor(lane, word));
    }
    return fail(Errc::Invalid, "there is no such card");
}

Result<void> Gate::call_supervisor(std::size_t lane, const StaffWord& word) {
    const auto stored = store_now([&](Batch& batch, const ClockReading& now) -> Result<void> {
        const Act act{.what = ActKind::CallSupervisor,
                      .person = word.actor.person,
                      .role = word.actor.role,
                      .reason = word.reason,
                      .lane = lanes_[lane].name()};
        if (auto put = batch.append(act, now); !put) return std::unexpected{put.error()};
        return {};
    });
    if (!stored) return std::unexpected{stored.error()};
    if (parts_.on_lane_changed) parts_.on_lane_changed(lanes_[lane]);
    return {};
}

}  // namespace stile
