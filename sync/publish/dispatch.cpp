// SPDX-License-Identifier: Apache-2.0
// State goes first: it is small, and a dashboard is wrong without it.
#include "sync/publish/dispatch.hpp"

#include <algorithm>
#include <utility>

namespace stile::sync {

Dispatch::Dispatch(OutboxPump& pump, Replays& replays, std::string entry_topic)
    : pump_{pump}, replays_{replays}, entry_topic_{std::move(entry_topic)} {}

void Dispatch::keep(Outgoing state) {
    const auto same_topic = [&state](const Kept& kept) {
        return kept.message.topic == state.topic;
    };
    const auto found = std::ranges::find_if(board_, same_topic);
    if (found == board_.end()) {
        board_.push_back({std::move(state)});
    } else if (found->message.payload != state.payload) {  // else it was said, or is due
        *found = {std::move(state)};
    }
}

void Dispatch::forget(std::string_view topic) {
    std::erase_if(board_, [topic](const Kept& kept) { return kept.message.topic == topic; });
}

void Dispatch::open(std::size_t window) {
    close();
    window_ = window;
    for (Kept& kept : board_)
        kept.due = true;
}

void Dispatch::close() {
    window_ = 0;
    in_flight_.clear();
    replays_in_flight_.clear();
    pump_.rewind();
}

std::optional<Outgoing> Dispatch::next() {
    if (in_flight_.size() >= window_) return std::nullopt;
    const Token token = new_token();
    auto message = next_state(token);
    if (!message && turn_ >= kReplayTurn - 1) message = next_replay(token);
    if (!message) message = next_entry(token);
    if (!message) message = next_replay(token);
    if (message) in_flight_.insert(token);
    return message;
}

std::optional<Outgoing> Dispatch::next_entry(Token token) {
    const std::string* payload = pump_.next(token);
    if (payload == nullptr) return std::nullopt;
    ++turn_;
    return Outgoing{.topic = entry_topic_, .payload = *payload, .token = token};
}

std::optional<Outgoing> Dispatch::next_replay(Token token) {
    const std::size_t most = std::max<std::size_t>(window_ / 2, 1);
    if (!replays_.waiting() || replays_in_flight_.size() >= most) return std::nullopt;
    turn_ = 0;
    replays_in_flight_.insert(token);
    return Outgoing{.topic = entry_topic_, .payload = replays_.next(), .token = token};
}

std::optional<Outgoing> Dispatch::next_state(Token token) {
    const auto found = std::ranges::find_if(board_, &Kept::due);
    if (found == board_.end()) return std::nullopt;
    found->due = false;
    Outgoing message = found->message;
    message.token = token;
    return message;
}

void Dispatch::delivered(Token token) {
    if (in_flight_.erase(token) == 0) return;
    if (replays_in_flight_.erase(token) == 0) pump_.delivered(token);
}

Token Dispatch::reserve() {
    const Token token = new_token();
    in_flight_.insert(token);
    return token;
}

Token Dispatch::new_token() {
    if (++last_token_ == 0) ++last_token_;  // 0 means: nobody waits
    return last_token_;
}

}  // namespace stile::sync
