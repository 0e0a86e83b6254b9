// SPDX-License-Identifier: Apache-2.0
// What the lanes show: the last answer and the lane's state, made into one sign.
#include <algorithm>
#include <utility>

#include "daemon/lane/post.hpp"

namespace stile {
namespace {

using protocol::Outcome;

constexpr std::string_view kMenuIsOpen = "Show a card of the menu.";

SignState state_of(Outcome outcome) {
    switch (outcome) {
        case Outcome::Admit:
            return SignState::Go;
        case Outcome::Refuse:
            return SignState::Stop;
        case Outcome::Wait:
        case Outcome::Same:
            return SignState::Wait;
    }
    return SignState::Wait;
}

}  // namespace

// Who may pass reads their seat, and their name where the site file wants it; who may not, neither.
LaneAnswer Gate::answer_for(const Examined& scan) const {
    LaneAnswer answer{.state = state_of(scan.outcome),
                      .direction = direction_of(scan),
                      .words = scan.login.empty() ? scan.advice : std::string{kMenuIsOpen},
                      .at = std::chrono::steady_clock::now()};
    if (answer.state != SignState::Wait) answer.reason = scan.decision.reason;
    if (answer.state != SignState::Go) return answer;
    if (answer.reason != Reason::Valid) answer.words.clear();  // the staff let them pass
    answer.reason = Reason::Valid;
    const auto& ticket = scan.at_platform ? scan.at_platform->ticket : scan.ticket;
    if (ticket) answer.seat = (*ticket)->seat.view();
    const bool by_name = rules_.lanes[scan.waiting.lane].greeting == Greeting::Name;
    const auto* position = scan.at_platform ? scan.at_platform->position : nullptr;
    if (by_name && position != nullptr) answer.greeting = position->attendee_name;
    return answer;
}

// Whoever comes while the lane is open for another changes nothing of what that one sees.
void Gate::answered(std::size_t lane, LaneAnswer answer) {
    if (lanes_[lane].busy()) return;
    posts_[lane].answer = std::move(answer);
    show(lane);
}

LaneSign Gate::sign(std::size_t lane) const {
    LaneSign sign =
        sign_of(lanes_[lane].look(), posts_[lane].answer, std::chrono::steady_clock::now());
    sign.entrance = rules_.lanes[lane].entrance;
    return sign;
}

// An open lane changes by its own time; every other end of a sign is looked after here.
void Gate::show(std::size_t lane) {
    Post& post = posts_[lane];
    LaneSign next = sign(lane);
    post.sign_timer.reset();
    if (next.until && next.state != SignState::Go) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(
            *next.until - std::chrono::steady_clock::now());
        post.sign_timer = parts_.loop.after(std::max(left, std::chrono::milliseconds{1}),
                                            [this, lane] { show(lane); });
    }
    if (post.sign == next) return;
    const bool first = !post.sign;
    post.sign = std::move(next);
    if (!first && parts_.on_sign) parts_.on_sign(lane, *post.sign);
}

}  // namespace stile
